"""Results at the desk: places, checked, final."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from cms.contests import models, queries, rules, services
from cms.contests.forms import EmptyForm, PlacesForm
from cms.contests.models import Contest
from cms.contests.proposals import proposed_places
from cms.contests.services import Placing
from cms.contests.views import bp
from cms.contests.views.asked import Answer, done, me
from cms.contests.wording import RESULT_NAMES, full_title
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page


@bp.get("/desk/contests/<int:contest_id>/results")
@allowed(rules.can_run, contest=queries.get_contest)
def show_results(contest_id: int, contest: models.Contest) -> str:
    """Places as they are, or as the jury and the votes propose them."""
    return _page(contest, PlacesForm(formdata=None))


@bp.post("/desk/contests/<int:contest_id>/results")
@allowed(rules.can_run, contest=queries.get_contest)
def set_places(contest_id: int, contest: models.Contest) -> Answer:
    """Set preliminary results, or correct them."""
    form = PlacesForm()
    try:
        placings = _typed()
        with transaction():
            services.set_places(contest_id, placings, reason=form.reason.data or "", by=me(), at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _page(queries.get_contest(contest_id), form, is_typed=True), problem.status
    flash(_("Saved. The results are preliminary."), "good")
    return redirect(url_for(".show_results", contest_id=contest_id), 303)


@bp.post("/desk/contests/<int:contest_id>/results/check")
@allowed(rules.can_run, contest=queries.get_contest)
def check_results(contest_id: int, contest: models.Contest) -> Answer:
    """Somebody looked at every place."""
    return done(
        lambda: services.check_results(contest_id, by=me(), at=clock.now()),
        _("The results are checked."),
        url_for(".show_results", contest_id=contest_id),
    )


@bp.post("/desk/contests/<int:contest_id>/results/end")
@allowed(rules.can_run, contest=queries.get_contest)
def finish_results(contest_id: int, contest: models.Contest) -> Answer:
    """Final: winners stand on the home page."""
    return done(
        lambda: services.finish_results(contest_id, by=me(), at=clock.now()),
        _("The results are final, and everybody is told."),
        url_for(".show_results", contest_id=contest_id),
    )


def _typed() -> list[Placing]:
    """What was typed, by the number of the entry, never by the position of its row."""
    found = []
    for name, value in request.form.items():
        number = name.removeprefix("place-")
        if name.startswith("place-") and number.isdecimal() and len(number) < 10 and value.strip():
            if not value.strip().isdecimal() or not 0 < int(value[:9]) < 100_000:
                raise Invalid(errors={"places": _("A place is a whole number: 1, 2, 3.")})
            points = request.form.get(f"points-{number}", "")
            out = request.form.get(f"out-{number}", "")
            found.append(Placing(int(number), int(value), points, out))
    return found


def _page(contest: Contest, form: PlacesForm, *, is_typed: bool = False) -> str:
    entries = [one for one in queries.entries_of(contest.id) if one.is_accepted]
    stored = {one.entry_id: one for one in queries.places_of(contest.id)}
    proposed = {} if contest.results_state else proposed_places(contest.id)
    rows = []
    for one in entries:
        place, points, out = "", "", ""
        if one.id in stored:
            row = stored[one.id]
            place, points, out = str(row.place), row.points or "", row.disqualified_for
        elif one.id in proposed:
            place, points = str(proposed[one.id][0]), proposed[one.id][1]
        if is_typed:
            place, points, out = (
                request.form.get(f"{name}-{one.id}", "") for name in ("place", "points", "out")
            )
        rows.append((one, place, points, out))
    rows.sort(key=lambda row: (bool(row[3]), int(row[1]) if row[1].isdecimal() else 10**6, row[0].id))
    return page(
        "cms/contests/desk/results.html",
        contest=contest,
        full_title=full_title,
        rows=rows,
        form=form,
        has_places=contest.results_state is not None,
        is_proposed=bool(proposed),
        result_names=RESULT_NAMES,
        button=EmptyForm(formdata=None),
        winners=queries.winners(contest.id),
    )
