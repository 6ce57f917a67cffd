"""What somebody from outside types and has not saved yet, kept as it is kept at the desk. Editors see that they write."""

from typing import Any

from flask import Response, jsonify, redirect, request, url_for
from flask_wtf.csrf import generate_csrf

from cms.contributions.models import Contribution
from cms.contributions.views import bp
from cms.contributions.views.asked import Answer, opened
from cms.core import clock
from cms.core.access import public
from cms.core.database import transaction
from cms.core.errors import NotFound
from cms.core.pages import iso
from cms.core.problems import wants_json
from cms.drafts import queries as drafts
from cms.drafts import services as keeping
from cms.drafts.models import Draft
from cms.drafts.telling import named_draft, told, told_present

_REVISIONS = 1_000_000_000


@bp.get("/contribute/<token>/drafts/<int:number>")
@public
def show_draft(token: str, number: int) -> Response:
    """What their tabs hold, who else is there, and a fresh CSRF token. `number` is of the revision that was opened."""
    one = opened(token)
    mine = [told(draft) for draft in drafts.own_tabs(one.person_id, subject_of(one))]
    here = _here(one, tab=request.args.get("tab", ""))
    return jsonify(me=one.person_id, csrf=generate_csrf(), mine=mine, here=here, latest=_latest(one, number))


@bp.post("/contribute/<token>/drafts/<int:number>")
@public
def keep_draft(token: str, number: int) -> Response:
    """Keep what is typed; without fields, only note that somebody is there."""
    one, sent, at = opened(token), keeping.read_sent(request.get_json(silent=True)), clock.now()
    latest, person_id, subject = _latest(one, number), one.person_id, subject_of(one)
    with transaction():
        draft = keeping.keep(person_id, subject, sent, at=at)
        kept_at = iso(draft.kept_at) if draft.kept_at else None
        answer = {"id": draft.id, "sequence": draft.sequence, "kept_at": kept_at}
    return jsonify({**answer, "here": _here(opened(token), tab=sent.tab), "latest": latest})


@bp.post("/contribute/<token>/drafts/<int:draft_id>/removal")
@public
def discard_draft(token: str, draft_id: int) -> Answer:
    """Throw an unsaved text away; it can be taken back for a day."""
    _own_draft(opened(token), draft_id)
    with transaction():
        keeping.discard(draft_id, at=clock.now())
    if wants_json():
        return jsonify({"id": draft_id})
    return redirect(url_for(".show_contribution", token=token, discarded=draft_id), 303)


@bp.post("/contribute/<token>/drafts/<int:draft_id>/restoration")
@public
def take_draft_back(token: str, draft_id: int) -> Answer:
    """Undo that."""
    _own_draft(opened(token), draft_id)
    with transaction():
        keeping.take_back(draft_id, at=clock.now())
    return redirect(url_for(".show_contribution", token=token, draft=draft_id), 303)


def asked_draft(one: Contribution) -> Draft | None:
    """The unsaved text of theirs that `?draft=` names."""
    draft = _named("draft", one)
    return draft if draft is not None and draft.has_text else None


def discarded_draft(one: Contribution) -> Draft | None:
    """The one they just threw away, to offer it again."""
    draft = _named("discarded", one)
    return draft if draft is not None and draft.discarded_at is not None else None


def kept_form(token: str, one: Contribution, *, is_typed: bool, draft: Draft | None) -> dict[str, Any]:
    """What the form says about where and as what it is kept; see `cms/drafts/_keep.html`."""
    number = one.post.latest.number if one.post.latest else 0
    return {
        "url": url_for(".keep_draft", token=token, number=number),
        "subject": subject_of(one),
        "person_id": one.person_id,
        "page": url_for(".show_contribution", token=token),
        "base": base_of(one.post.latest_revision_id or 0),
        "number": number,
        "is_typed": is_typed,
        "draft": draft,
        "discard": url_for(".discard_draft", token=token, draft_id=0),
    }


def mark_saved(person_id: int, post_id: int, mark: str) -> None:
    """What the sending tab held is saved now; for the transaction that saves it."""
    keeping.mark_saved(person_id, f"post:{post_id}", mark, at=clock.now())


def base_of(revision_id: int) -> int:
    """What a draft says it was written on. At the desk that is a version of the post, which this never looks like: an
    editor who goes on with it is shown both texts."""
    return _REVISIONS + revision_id


def revision_of(base: int | None) -> int:
    """The number of the revision again."""
    return max(0, (base or 0) - _REVISIONS)


def subject_of(one: Contribution) -> str:
    """What the room of drafts calls the post: the same as at the desk, so that editors and they see each other."""
    return f"post:{one.post_id}"


def _latest(one: Contribution, number: int) -> dict[str, Any] | None:
    """The newest text when it is newer than the one that was opened. Other changes of the post are not theirs to see."""
    latest = one.post.latest
    if latest is None or latest.number <= number:
        return None
    by = latest.saved_by
    return {
        "version": base_of(latest.id),
        "number": latest.number,
        "by": by.name if by else "",
        "is_mine": latest.saved_by_id == one.person_id,
        "at": iso(latest.created_at),
    }


def _here(one: Contribution, *, tab: str) -> list[dict[str, Any]]:
    """Who else is at it now. What they typed is theirs: no address leads to it."""
    return told_present(subject_of(one), person_id=one.person_id, tab=tab, at=clock.now())


def _named(name: str, one: Contribution) -> Draft | None:
    number = request.args.get(name, "")
    return named_draft(number, person_id=one.person_id, subject=subject_of(one))


def _own_draft(one: Contribution, draft_id: int) -> None:
    draft = drafts.get_draft(draft_id)
    if (draft.person_id, draft.subject) != (one.person_id, subject_of(one)):
        raise NotFound
