"""The home page and single posts."""

from urllib.parse import quote

from flask import redirect, request
from werkzeug.wrappers import Response

from cms.core.access import public
from cms.core.errors import NotFound
from cms.core.pagecache import cached_page, depends_on
from cms.core.pages import page
from cms.core.seams import panels
from cms.posts.queries import find_redirect
from cms.site.asked import FeedLink, edition, feed_links, host
from cms.site.edition import Edition
from cms.site.heads import list_head, post_head
from cms.site.queries.cards import dependencies
from cms.site.queries.home import home_blocks
from cms.site.queries.reading import FullPost, get_post_page
from cms.site.queries.site import in_words, site
from cms.site.views import bp


@bp.get("/")
@public
@cached_page
def show_home() -> str:
    """The front page, as the editors arranged it."""
    wanted, shown = edition(), site()
    blocks = home_blocks(wanted)
    if any(block.kind == "comments" for block in blocks):
        depends_on("comments")
    depends_on("posts", "hot_words", *(tag for block in blocks for tag in dependencies(block.cards)))
    return page(
        "cms/site/home.html",
        blocks=blocks,
        head=list_head(wanted, host(), shown, path="/", title=in_words(shown.name, wanted.locale)),
        feeds=feed_links(wanted, "/", in_words(shown.name, wanted.locale)),
    )


@bp.get("/posts/<slug>")
@public
@cached_page
def show_post(slug: str) -> str | Response:
    """One post; an address it had before leads here for ever."""
    try:
        return _show(slug=slug)
    except NotFound:
        moved = find_redirect(slug)
        if moved is None:
            raise
        return redirect(f"{request.script_root}/posts/{quote(moved)}", 301)


@bp.get("/notes/<int:note_id>")
@public
@cached_page
def show_note(note_id: int) -> str:
    """One note."""
    return _show(note_id=note_id)


def _show(*, slug: str | None = None, note_id: int | None = None) -> str:
    wanted = edition()
    found = get_post_page(wanted, host(), slug=slug, note_id=note_id)
    post = found.post
    around = [one for one in (post, *found.related, found.previous, found.next) if one]
    depends_on(*dependencies(around), *(f"tag:{tag.id}" for tag in post.tags))
    return page(
        "cms/site/post.html",
        post=post,
        related=found.related,
        previous=found.previous,
        next=found.next,
        head=post_head(wanted, host(), site(), post),
        panels=[*_of_blog(post), *(render(post_id=post.id) for render in panels("site.post"))],
        below=[render(post_id=post.id) for render in panels("site.below_post")],
        feeds=_feeds(wanted, post.section.slug if post.section else None),
    )


def _of_blog(post: FullPost) -> list[str]:
    """The credit of a member's blog; posts that have nothing to do with one ask nobody."""
    blog_id = post.blog_id or post.from_blog_id
    if blog_id is None:
        return []
    return [render(blog_id=blog_id, is_taken=post.blog_id is None) for render in panels("site.post.blog")]


def _feeds(wanted: Edition, section_slug: str | None) -> list[FeedLink]:
    shown = site()
    whole = feed_links(wanted, "/", in_words(shown.name, wanted.locale))
    section = shown.find_section(section_slug or "")
    if section is None:
        return whole
    return [*feed_links(wanted, f"/sections/{section.slug}", in_words(section.name, wanted.locale)), *whole]
