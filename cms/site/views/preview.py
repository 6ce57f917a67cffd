"""A draft on its real page, for staff: as saved, or as it is being typed. Never kept, never indexed."""

from typing import Any

from flask import make_response, request
from werkzeug.wrappers import Response

from cms.core import clock
from cms.core.access import allowed, person
from cms.core.errors import Invalid
from cms.core.pages import frameable, page
from cms.posts import queries, rules, services
from cms.posts.models import KINDS, Post
from cms.posts.services.content import MOST_ATTACHMENTS
from cms.site.asked import edition, host
from cms.site.heads import post_head
from cms.site.queries.reading import PostPage, get_preview_page
from cms.site.queries.site import site
from cms.site.queries.typed import Typed, typed_page
from cms.site.views import bp


@bp.get("/desk/posts/<int:post_id>/preview")
@allowed(rules.can_see_draft, post=queries.get_post)
def preview_post(post_id: int, post: Post) -> Response:
    """The page as it would be with the latest text, or with the revision asked for."""
    asked = request.args.get("revision", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 10 else post.latest_revision_id or 0
    revision = queries.get_revision(post_id, number)
    found = get_preview_page(edition(), host(), post_id, revision_id=revision.id, at=clock.now())
    return _shown(found)


@bp.post("/desk/posts/preview")
@allowed(rules.can_write)
def preview_unsaved() -> Response:
    """The page of a post that is being typed and was never saved. What does not make sense yet is 422 and a sentence."""
    return _typed(None)


@bp.post("/desk/posts/<int:post_id>/preview")
@allowed(rules.can_see_draft, post=queries.get_post)
def preview_typed(post_id: int, post: Post) -> Response:
    """The page of a post with the text that is being typed."""
    return _typed(post)


def _typed(post: Post | None) -> Response:
    by = person()
    assert by is not None
    try:
        typed = _from_form(post)
    except Invalid as problem:
        return _private(make_response(str(next(iter(problem.errors.values()), problem.message)), 422))
    return _shown(typed_page(edition(), host(), typed, post=post, by=by, at=clock.now()))


def _from_form(post: Post | None) -> Typed:
    """The form of a post, read leniently: half of a form is being filled in."""
    form, kind = request.form, request.form.get("kind", "")
    words: dict[str, Any] = {
        name: form.get(name, "") for name in ("title", "summary", "body", "transcript", "cover_alt")
    }
    files = [
        services.Attachment(number, form.get(f"files-{row}-alt", ""), form.get(f"files-{row}-caption", ""))
        for row in range(MOST_ATTACHMENTS)
        if (number := _number(f"files-{row}-media_id"))
    ]
    return Typed(
        content=services.prepare(
            **words,
            format=post.latest.format if post and post.latest else "markdown",
            cover_id=_number("cover_number") or _number("cover"),
            media=files,
        ),
        kind=kind if kind in KINDS else "article",
        language=form.get("language", "")[:12] or edition().locale,
        section_id=_number("section_id"),
    )


def _number(name: str) -> int | None:
    text = request.form.get(name, "").strip()
    return (int(text) or None) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _shown(found: PostPage) -> Response:
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
    return _private(frameable(make_response(html)))


def _private(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "private, no-store"
    return response
