"""What a juror reads and writes. Nothing here says who wrote an entry."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.contests import phases
from cms.contests.judging import queries, rubric, rules, services
from cms.contests.judging.forms import ReasonForm, ScoreForm
from cms.contests.judging.models import JurySeat
from cms.contests.judging.views import bp
from cms.contests.judging.wording import HINT_NAMES
from cms.core import clock
from cms.core.access import allowed, person
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotFound, Problem
from cms.core.pages import page

Answer = Response | str | tuple[str, int]


@bp.get("/me/juries")
@allowed(rules.can_see_juries)
def list_juries() -> str:
    """The juries somebody sits on."""
    by = person()
    assert by is not None
    seats, coming = queries.seats_of_person(by.id), queries.juries_to_come(by.id)
    contests = [*coming, *(one.contest for one in seats)]
    return page(
        "cms/contests/judging/juries.html",
        seats=seats,
        coming=coming,
        phases={one.id: phases.find_phase(one, "jury") for one in contests},
        at=clock.now(),
    )


@bp.get("/me/juries/<int:seat_id>")
@allowed(rules.can_judge, seat=queries.get_seat)
def show_seat(seat_id: int, seat: JurySeat) -> str:
    """What this seat is to score, in its own order."""
    is_begun = _has_begun(seat)
    return page(
        "cms/contests/judging/seat.html",
        seat=seat,
        phase=phases.find_phase(seat.contest, "jury"),
        is_open=phases.is_open(seat.contest, "jury", clock.now()),
        tasks=queries.tasks_of(seat_id) if is_begun else [],
        judging=queries.find_judging(seat.contest_id),
    )


@bp.get("/me/juries/<int:seat_id>/<int:position>")
@allowed(rules.can_judge, seat=queries.get_seat)
def show_task(seat_id: int, position: int, seat: JurySeat) -> str:
    """One entry, and the marks so far."""
    if not _has_begun(seat):
        raise NotFound
    task = queries.get_task(seat_id, position)
    score = queries.find_score(seat_id, task.entry_id)
    form = ScoreForm(
        formdata=None,
        data={
            "comment": score.comment if score else "",
            "note": score.note if score else "",
            "content_hash": task.content_hash,
            "version": score.version if score else 0,
        },
    )
    return _page(seat, task, form, dict(score.marks) if score else {})


@bp.post("/me/juries/<int:seat_id>/<int:position>")
@allowed(rules.can_judge, seat=queries.get_seat)
def save_score(seat_id: int, position: int, seat: JurySeat) -> Answer:
    """Keep the marks; the form names the text and the version it showed, so that nothing is shifted or lost."""
    task = queries.get_task(seat_id, position)
    form, marks = ScoreForm(), _marks(seat)
    try:
        with transaction():
            services.save_score(
                seat_id,
                task.entry_id,
                marks,
                content_hash=form.content_hash.data or "",
                version=form.version.data or 0,
                comment=form.comment.data or "",
                note=form.note.data or "",
                at=clock.now(),
            )
    except (Invalid, Conflict) as problem:
        return _page(queries.get_seat(seat_id), queries.get_task(seat_id, position), form, marks, problem), (
            problem.status
        )
    flash(_("Your marks are saved. You can change them until the jury ends."), "good")
    return redirect(_next(seat_id, position), 303)


@bp.post("/me/juries/<int:seat_id>/<int:position>/recusal")
@allowed(rules.can_judge, seat=queries.get_seat)
def recuse(seat_id: int, position: int, seat: JurySeat) -> Answer:
    """A juror knows who wrote it, or has a stake in it."""
    task, form, by = queries.get_task(seat_id, position), ReasonForm(), person()
    try:
        with transaction():
            services.recuse(seat_id, task.entry_id, form.reason.data or "", by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        flash(str(next(iter(problem.errors.values()), problem.message)), "bad")
        return redirect(url_for(".show_task", seat_id=seat_id, position=position), 303)
    flash(_("You do not judge this entry. Somebody else gets it."), "good")
    return redirect(url_for(".show_seat", seat_id=seat_id), 303)


def _page(
    seat: JurySeat,
    task: queries.BlindEntry,
    form: ScoreForm,
    marks: dict[str, int | None],
    problem: Problem | None = None,
) -> str:
    judging = queries.find_judging(seat.contest_id)
    if judging is None:
        raise NotFound
    return page(
        "cms/contests/judging/task.html",
        seat=seat,
        task=task,
        html=queries.blind_html(task.body),
        form=form,
        recusal=ReasonForm(formdata=None),
        rubric=rubric.from_json(judging.rubric),
        marks=marks,
        hint_names=HINT_NAMES,
        is_open=phases.is_open(seat.contest, "jury", clock.now()) and judging.scores_sealed_at is None,
        problem=problem,
    )


def _marks(seat: JurySeat) -> dict[str, int | None]:
    judging = queries.find_judging(seat.contest_id)
    if judging is None:
        raise NotFound
    keys = [one.key for one in rubric.from_json(judging.rubric)]
    return {key: _number(request.form.get(f"mark-{key}", "")) for key in keys}


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else None


def _next(seat_id: int, position: int) -> str:
    """The next entry without marks, or the list when there is none."""
    left = [
        one.position for one in queries.tasks_of(seat_id) if not one.is_scored and one.position != position
    ]
    after = [one for one in left if one > position] or left
    if not after:
        return url_for(".show_seat", seat_id=seat_id)
    return url_for(".show_task", seat_id=seat_id, position=after[0])


def _has_begun(seat: JurySeat) -> bool:
    phase = phases.find_phase(seat.contest, "jury")
    return phase is not None and phase.starts_at <= clock.now() and seat.contest.cancelled_at is None
