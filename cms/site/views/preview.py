"""A draft on its real page, for staff. Never kept, never indexed."""

from flask import make_response, request
from werkzeug.wrappers import Response

from cms.core import clock
from cms.core.access import allowed
from cms.core.pages import page
from cms.posts import queries, rules
from cms.posts.models import Post
from cms.site.asked import edition, host
from cms.site.heads import post_head
from cms.site.queries.reading import get_preview_page
from cms.site.queries.site import site
from cms.site.views import bp


@bp.get("/desk/posts/<int:post_id>/preview")
@allowed(rules.can_see_draft, post=queries.get_post)
def preview_post(post_id: int, post: Post) -> Response:
    """The page as it would be with the latest text, or with the revision asked for."""
    asked = request.args.get("revision", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 10 else post.latest_revision_id or 0
    revision = queries.get_revision(post_id, number)
    found = get_preview_page(edition(), host(), post_id, revision_id=revision.id, at=clock.now())
    html = page(
        "cms/site/post.html",
        post=found.post,
        related=found.related,
        previous=found.previous,
        next=found.next,
        head=post_head(edition(), host(), site(), found.post),
        feeds=[],
        is_preview=True,
    )
    response = make_response(html)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "private, no-store"
    return response
