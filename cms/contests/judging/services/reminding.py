"""Jurors are reminded before their phase ends."""

from datetime import datetime

from sqlalchemy import func, select

from cms.contests.judging.models import Judging, JuryAssignment, JuryScore, JurySeat
from cms.contests.judging.news import tell_ending
from cms.contests.judging.services.seating import accepted_entries
from cms.contests.models import ContestPhase
from cms.contests.services import hours_left, load, take_reminder
from cms.core.database import db


def remind_jurors(phase_id: int, *, at: datetime) -> int:
    """Tell each juror with entries that lack complete marks that the jury ends soon; gives how many were told.

    Once for each of `cms.contests.services.REMINDERS`; an extension makes them due again.
    """
    contest_id = db.session.scalar(select(ContestPhase.contest_id).where(ContestPhase.id == phase_id))
    if contest_id is None:
        return 0
    contest, judging = load(contest_id), db.session.get(Judging, contest_id)
    phase = next(one for one in contest.phases if one.id == phase_id)
    if judging is None or judging.scores_sealed_at is not None:
        return 0
    if take_reminder(contest, phase, at) is None or phase.ends_at is None:
        return 0
    hours = hours_left(phase.ends_at, at)
    waiting = _waiting(contest_id)
    for seat, count in waiting:
        tell_ending(contest, seat, count=count, hours=hours, at=at)
    return len(waiting)


def _waiting(contest_id: int) -> list[tuple[JurySeat, int]]:
    """Who sits on the jury and how many entries they have still to score; those with none are left out."""
    scored = (
        select(JuryScore.id)
        .where(
            JuryScore.seat_id == JuryAssignment.seat_id,
            JuryScore.entry_id == JuryAssignment.entry_id,
            JuryScore.is_complete,
        )
        .exists()
    )
    rows = db.session.execute(
        select(JurySeat, func.count())
        .join(JuryAssignment, JuryAssignment.seat_id == JurySeat.id)
        .where(
            JurySeat.contest_id == contest_id,
            JurySeat.left_at.is_(None),
            JurySeat.person_id.is_not(None),
            JuryAssignment.entry_id.in_(accepted_entries(contest_id)),
            ~scored,
        )
        .group_by(JurySeat.id)
        .order_by(JurySeat.id)
    )
    return [(seat, count) for seat, count in rows]
