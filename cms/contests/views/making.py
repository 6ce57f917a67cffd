"""Making a contest at the desk, and saying it anew."""

from zoneinfo import available_timezones

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from cms.comments import queries as comments
from cms.contests import content, models, queries, rules, services
from cms.contests.content import TimesTwice
from cms.contests.forms import ContestForm, RulesForm, values_of, values_of_rules
from cms.contests.models import Contest
from cms.contests.services import ContestChanged
from cms.contests.views import bp
from cms.contests.views.asked import Answer, me
from cms.contests.views.prefill import from_comment, next_in_series
from cms.contests.wording import PHASE_HELP, PHASE_NAMES
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.languages import localized
from cms.core.pages import page
from cms.people import queries as people


@bp.get("/desk/contests/new")
@allowed(rules.can_make_contests)
def new_contest() -> str:
    """An empty form, the last contest of a series with its times moved on, or a comment as the theme."""
    before, comment_id = _number("after"), _number("comment")
    if before:
        said, said_of_rules = next_in_series(queries.get_contest(before), clock.now())
        return _page(
            ContestForm(formdata=None, data=said), RulesForm(formdata=None, data=said_of_rules), None
        )
    usual = {"zone": people.zone_of(me())}
    if comment_id:
        usual.update(from_comment(*comments.get_seen_comment(comment_id, me())))
    return _page(ContestForm(formdata=None, data=usual), RulesForm(formdata=None), None)


@bp.post("/desk/contests")
@allowed(rules.can_make_contests)
def create_contest() -> Answer:
    """Make it; only the desk sees it."""
    return _save(None)


@bp.get("/desk/contests/<int:contest_id>/edit")
@allowed(rules.can_run, contest=queries.get_contest)
def edit_contest(contest_id: int, contest: models.Contest) -> str:
    """All that is said of it."""
    form = ContestForm(formdata=None, data=values_of(contest))
    return _page(form, RulesForm(formdata=None, data=values_of_rules(contest.rules[-1])), contest)


@bp.post("/desk/contests/<int:contest_id>/edit")
@allowed(rules.can_run, contest=queries.get_contest)
def save_contest(contest_id: int, contest: models.Contest) -> Answer:
    """Say it anew."""
    return _save(contest)


def _save(contest: Contest | None) -> Answer:
    form, rules_form = ContestForm(), RulesForm()
    is_well_formed = form.validate()
    ready = ready_rules = None
    try:
        ready = content.prepare(form.plan(theme_by_id=_theme_by(form)))
    except TimesTwice as problem:
        form.ask(problem)
        form.complain(problem)
    except Invalid as problem:
        form.complain(problem)
    is_new = contest is None or contest.announced_at is None
    has_changed = contest is None or _has_changed(contest, rules_form)
    try:
        ready_rules = content.prepare_rules(
            rules_form.words("rules"),
            rules_form.words("consent"),
            rules_form.change.data or "",
            is_new=is_new or not has_changed,
        )
    except Invalid as problem:
        rules_form.complain(problem)
    if ready is None or ready_rules is None or not is_well_formed:
        return _page(form, rules_form, contest), 422
    number = contest.id if contest is not None else 0
    try:
        with transaction():
            contest_id = _write(form, contest, ready, ready_rules)
    except ContestChanged as problem:
        form.complain(problem)
        again = queries.get_contest(number) if number else None
        form.version.data = str(again.version) if again is not None else ""
        return _page(form, rules_form, again), 409
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _page(form, rules_form, queries.get_contest(number) if number else None), problem.status
    flash(_("Saved."), "good")
    return redirect(url_for(".manage_contest", contest_id=contest_id), 303)


def _theme_by(form: ContestForm) -> int | None:
    """Who is credited with the idea, by the handle that was typed."""
    handle = (form.theme_by.data or "").strip().lstrip("@")
    found = people.find_person(handle) if handle else None
    if handle and found is None:
        raise Invalid(errors={"theme_by": _("Nobody has this handle.")})
    return found.id if found else None


def _number(name: str) -> int | None:
    """A number in the address."""
    value = request.args.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None


def _write(
    form: ContestForm, contest: Contest | None, ready: content.ReadyPlan, ready_rules: content.ReadyRules
) -> int:
    by, at = me(), clock.now()
    if contest is None:
        series_id = form.series.data or None
        if name := (form.new_series.data or "").strip():
            series_id = services.create_series({"en": name, "zh": name}, at=at).id
        made = services.create_contest(
            ready, ready_rules, slug=form.slug.data or "", series_id=series_id, by=by, at=at
        )
        return made.id
    value = form.version.data or ""
    expected = int(value) if value.isdecimal() and len(value) < 9 else None
    services.change_contest(contest.id, ready, expected_version=expected, by=by, at=at)
    services.add_rules(contest.id, ready_rules, by=by, at=at)
    return contest.id


def _has_changed(contest: Contest, form: RulesForm) -> bool:
    newest = contest.rules[-1]
    said = content.tidy_words(form.words("rules")), content.tidy_words(form.words("consent"))
    return said != (newest.text, newest.consent)


def _page(form: ContestForm, rules_form: RulesForm, contest: Contest | None) -> str:
    known = queries.series()
    if form.series.data and all(one.id != form.series.data for one in known):
        raise NotFound
    form.offer_series([(one.id, localized(one.name)) for one in known])
    return page(
        "cms/contests/desk/edit.html",
        form=form,
        rules_form=rules_form,
        contest=contest,
        phase_names=PHASE_NAMES,
        phase_help=PHASE_HELP,
        zones=sorted(available_timezones()),
    )
