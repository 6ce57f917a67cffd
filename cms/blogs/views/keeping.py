"""What a member types in their blog and has not saved, kept as it is kept at the desk. A new text is number 0."""

from typing import Any

from flask import Response, jsonify, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as Redirect

from cms.blogs import queries, rules
from cms.blogs.views import bp
from cms.blogs.views.asked import me
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import NotFound
from cms.core.pages import iso
from cms.core.problems import wants_json
from cms.drafts import queries as drafts
from cms.drafts import services as keeping
from cms.drafts.models import Draft
from cms.drafts.telling import named_draft, told, told_present
from cms.posts.models import Post

NEW = "blog:new"
_REVISIONS = 1_000_000_000


@bp.get("/me/blog/posts/<int:number_of_post>/drafts/<int:number>")
@allowed(rules.can_have_blog)
def show_draft(number_of_post: int, number: int) -> Response:
    """What one's tabs hold of a text, who else is there, and a fresh CSRF token. `number`: the revision opened."""
    post = _own_text(number_of_post)
    mine = [told(draft) for draft in drafts.own_tabs(me().id, subject_of(post))]
    here = _here(post, tab=request.args.get("tab", ""))
    return jsonify(me=me().id, csrf=generate_csrf(), mine=mine, here=here, latest=_latest(post, number))


@bp.post("/me/blog/posts/<int:number_of_post>/drafts/<int:number>")
@allowed(rules.can_have_blog)
def keep_draft(number_of_post: int, number: int) -> Response:
    """Keep what is typed; without fields, only note that somebody is there."""
    post = _own_text(number_of_post)
    sent, person_id, subject = keeping.read_sent(request.get_json(silent=True)), me().id, subject_of(post)
    latest = _latest(post, number)
    with transaction():
        draft = keeping.keep(person_id, subject, sent, at=clock.now())
        kept_at = iso(draft.kept_at) if draft.kept_at else None
        answer = {"id": draft.id, "sequence": draft.sequence, "kept_at": kept_at}
    return jsonify({**answer, "here": _here(post, tab=sent.tab), "latest": latest})


@bp.post("/me/blog/drafts/<int:draft_id>/removal")
@allowed(rules.can_have_blog)
def discard_draft(draft_id: int) -> Response | Redirect:
    """Throw an unsaved text away; it can be taken back for a day."""
    subject = _own_draft(draft_id)
    with transaction():
        keeping.discard(draft_id, at=clock.now())
    if wants_json():
        return jsonify({"id": draft_id})
    return redirect(_page_of(subject, discarded=draft_id), 303)


@bp.post("/me/blog/drafts/<int:draft_id>/restoration")
@allowed(rules.can_have_blog)
def take_draft_back(draft_id: int) -> Redirect:
    """Undo that."""
    subject = _own_draft(draft_id)
    with transaction():
        keeping.take_back(draft_id, at=clock.now())
    return redirect(_page_of(subject, draft=draft_id), 303)


def asked_draft(post: Post | None) -> Draft | None:
    """The unsaved text of one's own that `?draft=` names."""
    draft = _named("draft", post)
    return draft if draft is not None and draft.has_text else None


def discarded_draft(post: Post | None) -> Draft | None:
    """The one that was just thrown away, to offer it again."""
    draft = _named("discarded", post)
    return draft if draft is not None and draft.discarded_at is not None else None


def kept_form(
    post: Post | None, *, is_typed: bool, draft: Draft | None, kind: str = "article"
) -> dict[str, Any]:
    """What the form says about where and as what it is kept; see `cms/drafts/_keep.html`."""
    number = post.latest.number if post and post.latest else 0
    post_id = post.id if post else 0
    new = url_for(".new_text", kind=kind if kind != "article" else None)
    return {
        "url": url_for(".keep_draft", number_of_post=post_id, number=number),
        "subject": subject_of(post),
        "person_id": me().id,
        "page": url_for(".edit_text", post_id=post_id) if post else new,
        "base": base_of(post.latest_revision_id or 0) if post else 0,
        "number": number,
        "is_typed": is_typed,
        "draft": draft,
        "discard": url_for(".discard_draft", draft_id=0),
    }


def mark_saved(person_id: int, post_id: int | None, mark: str) -> None:
    """What the sending tab held is saved now; for the transaction that saves it."""
    subject = NEW if post_id is None else f"post:{post_id}"
    keeping.mark_saved(person_id, subject, mark, at=clock.now())


def base_of(revision_id: int) -> int:
    """What a draft says it was written on. At the desk that is a version of the post, which this never looks like: an
    editor who goes on with it is shown both texts."""
    return _REVISIONS + revision_id


def revision_of(base: int | None) -> int:
    """The number of the revision again."""
    return max(0, (base or 0) - _REVISIONS)


def subject_of(post: Post | None) -> str:
    """What the room of drafts calls the text: the same as at the desk."""
    return f"post:{post.id}" if post else NEW


def _own_text(post_id: int) -> Post | None:
    if post_id == 0:
        return None
    one = queries.get_blog_post(post_id)
    if not rules.can_edit(me(), one):
        raise NotFound
    return one.post


def _latest(post: Post | None, number: int) -> dict[str, Any] | None:
    """The newest text when it is newer than the one that was opened."""
    latest = post.latest if post else None
    if latest is None or latest.number <= number:
        return None
    return {
        "version": base_of(latest.id),
        "number": latest.number,
        "by": latest.saved_by.name if latest.saved_by else "",
        "is_mine": latest.saved_by_id == me().id,
        "at": iso(latest.created_at),
    }


def _here(post: Post | None, *, tab: str) -> list[dict[str, Any]]:
    """Who else is at it now: an editor may be. A new text is seen by nobody else."""
    if post is None:
        return []
    return told_present(subject_of(post), person_id=me().id, tab=tab, at=clock.now())


def _named(name: str, post: Post | None) -> Draft | None:
    number = request.args.get(name, "")
    return named_draft(number, person_id=me().id, subject=subject_of(post))


def _own_draft(draft_id: int) -> str:
    draft = drafts.get_draft(draft_id)
    is_text = draft.subject == NEW or draft.subject.startswith("post:")
    if draft.person_id != me().id or not is_text:
        raise NotFound
    return draft.subject


def _page_of(subject: str, *, draft: int | None = None, discarded: int | None = None) -> str:
    if subject == NEW:
        return url_for(".new_text", draft=draft, discarded=discarded)
    post_id = int(subject.partition(":")[2])
    return url_for(".edit_text", post_id=post_id, draft=draft, discarded=discarded)
