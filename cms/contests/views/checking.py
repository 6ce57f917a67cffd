"""Entries at the desk, for who runs the contest: reading, accepting, asking, refusing, objections, feedback."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from cms.contests import models, queries, rules, services
from cms.contests.forms import CheckForm, EmptyForm, ReasonForm, WordsForm
from cms.contests.models import Entry
from cms.contests.queries.entries import PAGE_LENGTH
from cms.contests.views import bp
from cms.contests.views.asked import Answer, done, me
from cms.contests.wording import VERDICT_NAMES, full_title
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.core.seams import panels


@bp.get("/desk/contests/<int:contest_id>/entries")
@allowed(rules.can_run, contest=queries.get_contest)
def list_entries(contest_id: int, contest: models.Contest) -> str:
    """Entries with their state, by what is to be done."""
    state, before = request.args.get("state", ""), request.args.get("before", "")
    number = int(before) if before.isdecimal() and len(before) < 10 else None
    rows = queries.entries_at_desk(contest_id, state=state, before=number)
    shown = rows[:PAGE_LENGTH]
    return page(
        "cms/contests/desk/entries.html",
        contest=contest,
        full_title=full_title,
        entries=shown,
        state=state,
        progress=queries.progress(contest_id),
        verdict_names=VERDICT_NAMES,
        next_url=url_for(".list_entries", contest_id=contest_id, state=state or None, before=shown[-1].id)
        if len(rows) > PAGE_LENGTH
        else None,
        is_first=number is None,
    )


@bp.get("/desk/contests/entries/<int:entry_id>")
@allowed(rules.can_run_entry, entry=queries.get_entry)
def show_entry(entry_id: int, entry: models.Entry) -> str:
    """One entry as it was handed in, and the decisions about it."""
    return _page(entry)


@bp.post("/desk/contests/entries/<int:entry_id>/verdict")
@allowed(rules.can_run_entry, entry=queries.get_entry)
def check_entry(entry_id: int, entry: models.Entry) -> Answer:
    """Accept, ask, or refuse, about the version that was shown."""
    form, contest_id = CheckForm(), entry.contest_id
    try:
        with transaction():
            services.check_entry(
                entry_id,
                form.verdict.data or "",
                version=form.number,
                reason=form.reason.data or "",
                by=me(),
                at=clock.now(),
            )
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _page(queries.get_entry(entry_id), check=form), problem.status
    flash(_("Saved. The authors are told."), "good")
    return redirect(url_for(".list_entries", contest_id=contest_id, state="unchecked"), 303)


@bp.post("/desk/contests/entries/<int:entry_id>/appeal")
@allowed(rules.can_run_entry, entry=queries.get_entry)
def decide_appeal(entry_id: int, entry: models.Entry) -> Answer:
    """Answer an objection."""
    form, is_upheld = ReasonForm(), request.form.get("answer") == "upheld"
    try:
        with transaction():
            services.decide_appeal(
                entry_id, is_upheld=is_upheld, reason=form.reason.data or "", by=me(), at=clock.now()
            )
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _page(queries.get_entry(entry_id), appeal=form), problem.status
    flash(_("Saved. The authors are told."), "good")
    return redirect(url_for(".show_entry", entry_id=entry_id), 303)


@bp.post("/desk/contests/entries/<int:entry_id>/feedback")
@allowed(rules.can_run_entry, entry=queries.get_entry)
def give_feedback(entry_id: int, entry: models.Entry) -> Answer:
    """A few words for the authors."""
    form = WordsForm()
    try:
        with transaction():
            services.give_feedback(entry_id, form.words.data or "", by=me(), at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _page(queries.get_entry(entry_id), feedback=form), problem.status
    flash(_("Saved. The authors are told."), "good")
    return redirect(url_for(".show_entry", entry_id=entry_id), 303)


@bp.post("/desk/contests/entries/<int:entry_id>/publication")
@allowed(rules.can_run_entry, entry=queries.get_entry)
def publish_entry(entry_id: int, entry: models.Entry) -> Answer:
    """Make it a post with its authors' names."""
    to = url_for(".show_entry", entry_id=entry_id)
    if entry.snapshot is None:
        return redirect(to, 303)
    content = services.content_of(entry)
    return done(
        lambda: services.publish_entry(entry_id, content, by=me(), at=clock.now()), _("It is published."), to
    )


def _page(
    entry: Entry,
    *,
    check: CheckForm | None = None,
    appeal: ReasonForm | None = None,
    feedback: WordsForm | None = None,
) -> str:
    said = {"version": str(entry.version), "verdict": entry.verdict, "reason": entry.verdict_reason}
    return page(
        "cms/contests/desk/entry.html",
        entry=entry,
        contest=entry.contest,
        full_title=full_title,
        verdict_names=VERDICT_NAMES,
        check=check or CheckForm(formdata=None, data=said),
        appeal=appeal or ReasonForm(formdata=None),
        feedback=feedback or WordsForm(formdata=None, data={"words": entry.feedback}),
        button=EmptyForm(formdata=None),
        panels=[html for html in (one(entry=entry) for one in panels("desk.contest.entry")) if html.strip()],
    )
