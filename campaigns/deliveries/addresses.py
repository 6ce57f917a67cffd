"""Where readers find a post, whole, for texts that leave the house."""

from cms.core.pages import config
from cms.posts.models import Post
from cms.site.edition import Edition, post_path


def post_url(post: Post) -> str:
    """The address of its page on our own site, with the host."""
    return Edition(post.language, config().base_url).to(post_path(post.kind, post.id, post.slug))
