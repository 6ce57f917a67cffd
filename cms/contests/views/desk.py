"""Running a contest at the desk: where it stands, announcing, extending, calling off, who runs and judges it."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from cms.contests import models, phases, queries, rules, services
from cms.contests.forms import EmptyForm, ExtensionForm, PersonForm, ReasonForm
from cms.contests.models import Contest
from cms.contests.views import bp
from cms.contests.views.asked import Answer, done, me
from cms.contests.wording import (
    PHASE_NAMES,
    RESULT_NAMES,
    STAGE_NAMES,
    act_words,
    full_title,
    moment_words,
)
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.core.seams import panels
from cms.core.walltime import AmbiguousTime
from cms.people import queries as people


@bp.get("/desk/contests")
@allowed(rules.can_see_contests)
def list_contests_at_desk() -> str:
    """Every contest and where it stands."""
    at, found = clock.now(), queries.desk_contests()
    return page(
        "cms/contests/desk/list.html",
        contests=found,
        entries=queries.sort_of_entries([one.id for one in found]),
        stage_of=lambda one: phases.stage(one, at),
        stage_names=STAGE_NAMES,
        moment_of=lambda one: phases.next_moment(one, at),
        moment_words=moment_words,
        full_title=full_title,
        may_make=rules.can_make_contests(me()),
        may_run=lambda one: rules.can_run(me(), one),
    )


@bp.get("/desk/contests/<int:contest_id>")
@allowed(rules.can_run, contest=queries.get_contest)
def manage_contest(contest_id: int, contest: models.Contest) -> str:
    """Where it stands, and what can be done now."""
    return _page(contest)


@bp.post("/desk/contests/<int:contest_id>/announcement")
@allowed(rules.can_run, contest=queries.get_contest)
def announce_contest(contest_id: int, contest: models.Contest) -> Answer:
    """Let readers see it."""
    return done(
        lambda: services.announce_contest(contest_id, by=me(), at=clock.now()),
        _("Announced. From here on its phases begin and end by themselves."),
        url_for(".manage_contest", contest_id=contest_id),
    )


@bp.post("/desk/contests/<int:contest_id>/extension")
@allowed(rules.can_run, contest=queries.get_contest)
def extend_phase(contest_id: int, contest: models.Contest) -> Answer:
    """Let a phase end later; logged, and everybody is told."""
    form = ExtensionForm()
    try:
        with transaction():
            services.extend_phase(
                contest_id,
                form.phase.data or "",
                wall=form.wall.data or "",
                which=form.chosen,
                reason=form.reason.data or "",
                by=me(),
                at=clock.now(),
            )
    except AmbiguousTime as question:
        form.ask(question)
        form.complain(question)
        return _page(queries.get_contest(contest_id), extension=form), 422
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _page(queries.get_contest(contest_id), extension=form), problem.status
    flash(_("Extended. Everybody who takes part is told."), "good")
    return redirect(url_for(".manage_contest", contest_id=contest_id), 303)


@bp.post("/desk/contests/<int:contest_id>/cancellation")
@allowed(rules.can_run, contest=queries.get_contest)
def cancel_contest(contest_id: int, contest: models.Contest) -> Answer:
    """Call it off, with a reason."""
    form = ReasonForm()
    try:
        with transaction():
            services.cancel_contest(contest_id, reason=form.reason.data or "", by=me(), at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _page(queries.get_contest(contest_id), cancellation=form), problem.status
    flash(_("Called off. Everybody who takes part is told."), "good")
    return redirect(url_for(".manage_contest", contest_id=contest_id), 303)


@bp.post("/desk/contests/<int:contest_id>/people")
@allowed(rules.can_run, contest=queries.get_contest)
def add_person(contest_id: int, contest: models.Contest) -> Answer:
    """Let somebody run or judge it."""
    form = PersonForm()
    found = people.find_person((form.handle.data or "").strip().removeprefix("@") or "-")
    role = form.role.data if form.role.data in models.ROLES else "organiser"
    try:
        with transaction():
            services.set_role(contest_id, found.id if found else 0, role, by=me(), at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _page(queries.get_contest(contest_id), person_form=form), problem.status
    return redirect(url_for(".manage_contest", contest_id=contest_id, _anchor="people"), 303)


@bp.post("/desk/contests/<int:contest_id>/people/<int:number>/removal")
@allowed(rules.can_run, contest=queries.get_contest)
def remove_person(contest_id: int, contest: models.Contest, number: int) -> Answer:
    """Let them do so no more."""
    return done(
        lambda: services.remove_role(contest_id, number, by=me(), at=clock.now()),
        _("Saved."),
        url_for(".manage_contest", contest_id=contest_id, _anchor="people"),
    )


def _page(
    contest: Contest,
    *,
    extension: ExtensionForm | None = None,
    cancellation: ReasonForm | None = None,
    person_form: PersonForm | None = None,
) -> str:
    at = clock.now()
    extension = extension or ExtensionForm(formdata=None)
    extension.offer(contest)
    return page(
        "cms/contests/desk/show.html",
        contest=contest,
        stage=phases.stage(contest, at),
        stage_names=STAGE_NAMES,
        moment=phases.next_moment(contest, at),
        moment_words=moment_words,
        state_of=lambda one: phases.state_of(one, at),
        phase_names=PHASE_NAMES,
        result_names=RESULT_NAMES,
        progress=queries.progress(contest.id),
        acts=queries.acts_of(contest.id),
        act_words=act_words,
        full_title=full_title,
        extension=extension,
        cancellation=cancellation or ReasonForm(formdata=None),
        person_form=person_form or PersonForm(formdata=None),
        button=EmptyForm(formdata=None),
        panels=[html for html in (one(contest=contest) for one in panels("desk.contest")) if html.strip()],
    )
