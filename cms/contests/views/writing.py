"""An entry in its authors' editor: kept while they type, saved, handed in."""

from dataclasses import dataclass
from typing import Any

from flask import Response, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from cms.contests import models, queries, rules, services
from cms.contests.forms import EmptyForm, EntryForm, PersonForm, WordsForm, values_of_entry
from cms.contests.models import Entry
from cms.contests.outcomes import outcome_of
from cms.contests.services import Consent, EntryChanged, ReadyEntry, when_taken
from cms.contests.views import bp
from cms.contests.views.asked import Answer, me
from cms.contests.wording import RESULT_NAMES, VERDICT_NAMES, full_title
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.pages import iso, page
from cms.core.problems import wants_json
from cms.drafts import queries as drafts
from cms.drafts import services as keeping
from cms.drafts.models import Draft
from cms.drafts.telling import named_draft, told, told_present


@dataclass(frozen=True)
class Typed:
    """What was typed, and by whom it was overtaken."""

    form: EntryForm
    is_typed: bool = False
    theirs: Entry | None = None


@bp.get("/me/entries/<int:entry_id>")
@allowed(rules.is_author, entry=queries.get_entry)
def show_own_entry(entry_id: int, entry: models.Entry) -> Answer:
    """Everything about one's own entry: the editor while it may be written, and what became of it."""
    draft = _named("draft", entry)
    form = EntryForm(formdata=None, data=values_of_entry(entry, entry.contest.rules[-1]))
    if draft is not None and draft.has_text and draft.fields:
        for name in ("title", "body", "statement"):
            if isinstance(draft.fields.get(name), str):
                form[name].data = draft.fields[name]
    return show_page(entry, Typed(form, is_typed=draft is not None), draft=draft)


@bp.post("/me/entries/<int:entry_id>")
@allowed(rules.can_write, entry=queries.get_entry)
def save_entry(entry_id: int, entry: models.Entry) -> Answer:
    """Save; with `hand_in`, also hand in. What is refused stays in the form."""
    form, by, at = EntryForm(), me(), clock.now()
    is_handed_in = "hand_in" in request.form
    try:
        ready = services.prepare_entry(
            title=form.title.data or "",
            body=form.body.data or "",
            statement=form.statement.data or "",
            language=form.language.data or "",
        )
        with transaction():
            _save(entry_id, ready, form, is_handed_in=is_handed_in)
            keeping.mark_saved(by.id, subject_of(entry_id), request.form.get("tab", ""), at=at)
    except EntryChanged as problem:
        form.complain(problem)
        again = queries.get_entry(entry_id)
        form.edits.data = str(again.edits)
        return show_page(again, Typed(form, is_typed=True, theirs=again)), 409
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        again = queries.get_entry(entry_id)  # what was read before the transaction is gone
        form.rules.data = str(again.contest.rules[-1].number)
        return show_page(again, Typed(form, is_typed=True)), problem.status
    flash(_("Handed in. You can change it until the deadline.") if is_handed_in else _("Saved."), "good")
    return redirect(url_for(".show_own_entry", entry_id=entry_id), 303)


@bp.get("/me/entries/<int:entry_id>/drafts/<int:number>")
@allowed(rules.can_write, entry=queries.get_entry)
def show_draft(entry_id: int, entry: models.Entry, number: int) -> Response:
    """What one's tabs hold, who else is there, and a fresh CSRF token. `number` is of the save that was opened."""
    by = me()
    mine = [told(draft) for draft in drafts.own_tabs(by.id, subject_of(entry_id))]
    here = _here(entry_id, by.id, tab=request.args.get("tab", ""))
    return jsonify(me=by.id, csrf=generate_csrf(), mine=mine, here=here, latest=_latest(entry, number))


@bp.post("/me/entries/<int:entry_id>/drafts/<int:number>")
@allowed(rules.can_write, entry=queries.get_entry)
def keep_draft(entry_id: int, entry: models.Entry, number: int) -> Response:
    """Keep what is typed; without fields, only note that somebody is there."""
    person_id, sent, at = me().id, keeping.read_sent(request.get_json(silent=True)), clock.now()
    latest = _latest(entry, number)
    with transaction():
        draft = keeping.keep(person_id, subject_of(entry_id), sent, at=at)
        kept_at = iso(draft.kept_at) if draft.kept_at else None
        answer = {"id": draft.id, "sequence": draft.sequence, "kept_at": kept_at}
    return jsonify({**answer, "here": _here(entry_id, person_id, tab=sent.tab), "latest": latest})


@bp.post("/me/entries/<int:entry_id>/drafts/<int:draft_id>/removal")
@allowed(rules.can_write, entry=queries.get_entry)
def discard_draft(entry_id: int, entry: models.Entry, draft_id: int) -> Answer:
    """Throw an unsaved text away; it can be taken back for a day."""
    _own_draft(entry_id, draft_id)
    with transaction():
        keeping.discard(draft_id, at=clock.now())
    if wants_json():
        return jsonify({"id": draft_id})
    return redirect(url_for(".show_own_entry", entry_id=entry_id, discarded=draft_id), 303)


@bp.post("/me/entries/<int:entry_id>/drafts/<int:draft_id>/restoration")
@allowed(rules.can_write, entry=queries.get_entry)
def take_draft_back(entry_id: int, entry: models.Entry, draft_id: int) -> Answer:
    """Undo that."""
    _own_draft(entry_id, draft_id)
    with transaction():
        keeping.take_back(draft_id, at=clock.now())
    return redirect(url_for(".show_own_entry", entry_id=entry_id, draft=draft_id), 303)


def show_page(
    entry: Entry,
    typed: Typed,
    *,
    draft: Draft | None = None,
    invitation: PersonForm | None = None,
    appeal: WordsForm | None = None,
) -> str:
    """One's own entry with the forms that make sense now."""
    by, at = me(), clock.now()
    discarded = _named("discarded", entry)
    may_write = (
        rules.can_write(by, entry) and entry.withdrawn_at is None and entry.contest.results_state is None
    )
    return page(
        "cms/contests/own/entry.html",
        entry=entry,
        contest=entry.contest,
        full_title=full_title,
        form=typed.form,
        theirs=typed.theirs,
        rules=entry.contest.rules[-1],
        may_write=may_write,
        may_hand_in=may_write and when_taken(entry.contest, entry, at) is not None,
        when=when_taken(entry.contest, entry, at),
        may_appeal=services.may_appeal(entry.contest, at),
        deadline=next((one for one in entry.contest.phases if one.kind == "entries"), None),
        mine=next((one for one in entry.authors if one.person_id == by.id), None),
        invitation=invitation or PersonForm(formdata=None),
        appeal=appeal or WordsForm(formdata=None),
        button=EmptyForm(formdata=None),
        draft=draft,
        discarded=discarded if discarded is not None and discarded.discarded_at is not None else None,
        keeping=_kept_form(entry, by.id, is_typed=typed.is_typed, draft=draft) if may_write else {},
        verdict_names=VERDICT_NAMES,
        result_names=RESULT_NAMES,
        place=next((one for one in queries.places_of(entry.contest_id) if one.entry_id == entry.id), None)
        if entry.contest.results_state is not None
        else None,
        outcome=outcome_of(entry.id, by.id),
    )


def subject_of(entry_id: int) -> str:
    """What the room of drafts calls an entry."""
    return f"entry:{entry_id}"


def _save(entry_id: int, ready: ReadyEntry, form: EntryForm, *, is_handed_in: bool) -> None:
    said: dict[str, Any] = {"expected": form.expected, "by": me(), "at": clock.now()}
    if not is_handed_in:
        services.save_entry(entry_id, ready, **said)
        return
    consent = Consent(
        rules=form.rules_number,
        has_agreed=bool(form.agrees.data),
        may_republish=bool(form.may_republish.data),
        is_adult=not form.is_minor.data,
        guardian=form.guardian.data or "",
    )
    services.submit_entry(entry_id, ready, consent, **said)


def _kept_form(entry: Entry, person_id: int, *, is_typed: bool, draft: Draft | None) -> dict[str, Any]:
    """What the form says about where and as what it is kept; see `cms/drafts/_keep.html`."""
    return {
        "url": url_for(".keep_draft", entry_id=entry.id, number=entry.edits),
        "subject": subject_of(entry.id),
        "person_id": person_id,
        "page": url_for(".show_own_entry", entry_id=entry.id),
        "base": entry.edits,
        "number": entry.edits,
        "is_typed": is_typed,
        "draft": draft,
        "discard": url_for(".discard_draft", entry_id=entry.id, draft_id=0),
    }


def _latest(entry: Entry, number: int) -> dict[str, Any] | None:
    """The newest text when it is newer than the one that was opened."""
    if entry.edits <= number:
        return None
    return {
        "version": entry.edits,
        "number": entry.edits,
        "by": "",
        "is_mine": True,
        "at": iso(entry.edited_at),
    }


def _here(entry_id: int, person_id: int, *, tab: str) -> list[dict[str, Any]]:
    """Who else writes at it now."""
    return told_present(subject_of(entry_id), person_id=person_id, tab=tab, at=clock.now())


def _named(name: str, entry: Entry) -> Draft | None:
    number = request.args.get(name, "")
    return named_draft(number, person_id=me().id, subject=subject_of(entry.id))


def _own_draft(entry_id: int, draft_id: int) -> None:
    draft = drafts.get_draft(draft_id)
    if (draft.person_id, draft.subject) != (me().id, subject_of(entry_id)):
        raise NotFound
