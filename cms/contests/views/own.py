"""What authors do with their entry besides writing: enter together, withdraw, object to a refusal."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from cms.contests import models, queries, rules, services
from cms.contests.forms import EntryForm, PersonForm, WordsForm, values_of_entry
from cms.contests.models import Entry
from cms.contests.views import bp
from cms.contests.views.asked import Answer, done, me
from cms.contests.views.writing import Typed, show_page
from cms.contests.wording import VERDICT_NAMES, full_title
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.people import rules as people_rules


@bp.get("/me/entries")
@allowed(people_rules.is_signed_in)
def list_own_entries() -> str:
    """Everything one entered or began."""
    return page(
        "cms/contests/own/list.html",
        entries=queries.own_entries(me().id),
        verdict_names=VERDICT_NAMES,
        full_title=full_title,
    )


@bp.get("/me/entries/<int:entry_id>/sealed")
@allowed(rules.is_author, entry=queries.get_entry)
def show_sealed(entry_id: int, entry: models.Entry) -> Answer:
    """Exactly what was handed in, and its hash."""
    if entry.snapshot is None:
        return redirect(url_for(".show_own_entry", entry_id=entry_id), 303)
    return page("cms/contests/own/sealed.html", entry=entry, snapshot=entry.snapshot, full_title=full_title)


@bp.post("/me/entries/<int:entry_id>/authors")
@allowed(rules.can_write, entry=queries.get_entry)
def invite_author(entry_id: int, entry: models.Entry) -> Answer:
    """Ask somebody to enter together."""
    form = PersonForm()
    try:
        with transaction():
            services.invite_author(entry_id, form.handle.data or "", by=me(), at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        again = queries.get_entry(entry_id)
        return show_page(again, _as_it_is(again), invitation=form), problem.status
    flash(_("They are asked. They become an author once they say yes."), "good")
    return redirect(url_for(".show_own_entry", entry_id=entry_id), 303)


@bp.post("/me/entries/<int:entry_id>/authorship")
@allowed(rules.is_author, entry=queries.get_entry)
def answer_invitation(entry_id: int, entry: models.Entry) -> Answer:
    """Become an author, or not; or leave again."""
    says_yes = request.form.get("answer") == "yes"
    to = url_for(".show_own_entry", entry_id=entry_id) if says_yes else url_for(".list_own_entries")
    return done(
        lambda: services.answer_invitation(entry_id, says_yes=says_yes, by=me(), at=clock.now()),
        _("You are an author of this entry now.") if says_yes else _("You are no author of this entry."),
        to,
    )


@bp.post("/me/entries/<int:entry_id>/withdrawal")
@allowed(rules.can_write, entry=queries.get_entry)
def withdraw_entry(entry_id: int, entry: models.Entry) -> Answer:
    """Take it out of the contest for good."""
    return done(
        lambda: services.withdraw_entry(entry_id, by=me(), at=clock.now()),
        _("The entry is withdrawn. Your text stays here."),
        url_for(".show_own_entry", entry_id=entry_id),
    )


@bp.post("/me/entries/<int:entry_id>/appeal")
@allowed(rules.can_write, entry=queries.get_entry)
def appeal_entry(entry_id: int, entry: models.Entry) -> Answer:
    """Object to a refusal."""
    form = WordsForm()
    try:
        with transaction():
            services.appeal_entry(entry_id, form.words.data or "", by=me(), at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        again = queries.get_entry(entry_id)
        return show_page(again, _as_it_is(again), appeal=form), problem.status
    flash(_("Your objection was sent. The answer will stand here."), "good")
    return redirect(url_for(".show_own_entry", entry_id=entry_id), 303)


def _as_it_is(entry: Entry) -> Typed:
    return Typed(EntryForm(formdata=None, data=values_of_entry(entry, entry.contest.rules[-1])))
