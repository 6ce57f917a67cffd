"""Phases that open and close by themselves, and the one way to move an end: an extension that everybody is told of."""

from datetime import datetime, timedelta
from math import ceil

from flask_babel import gettext as _
from sqlalchemy import select

from cms.contests import phases, seals
from cms.contests.events import PhaseClosed, PhaseOpened
from cms.contests.models import Contest, ContestPhase, Entry
from cms.contests.news import tell_everybody, tell_unfinished
from cms.contests.services.loading import load, note, shown
from cms.contests.services.making import NotInThisState
from cms.core.database import db
from cms.core.errors import Invalid
from cms.core.seams import announce
from cms.core.walltime import instant, instant_near, wall_time
from cms.people import audit
from cms.people.models import Person

REMINDERS = (72, 24)  # hours before the deadline


def follow_phase(phase_id: int, *, at: datetime) -> list[str]:
    """Do what follows from a phase that began or ended, once; gives what was done: `opened`, `closed`.

    Asked for again, by another worker or after a crash, it does nothing. What came due while nothing ran is done in its
    order, and announced with the time at which it was due.
    """
    contest_id = db.session.scalar(select(ContestPhase.contest_id).where(ContestPhase.id == phase_id))
    if contest_id is None:
        return []
    contest = load(contest_id)
    phase = next(one for one in contest.phases if one.id == phase_id)
    if contest.announced_at is None or contest.cancelled_at is not None:
        return []
    done = []
    if phase.opened_at is None and phase.starts_at <= at:
        _open(contest, phase, at)
        done.append("opened")
    # Late entries still arrive within the grace: entries are sealed when that is over too.
    if phase.ends_at is not None and phase.closed_at is None and closes_at(contest, phase) <= at:
        _close(contest, phase, at)
        done.append("closed")
    return done


def closes_at(contest: Contest, phase: ContestPhase) -> datetime:
    """When what follows from the end of a phase is done."""
    assert phase.ends_at is not None
    grace = contest.grace_minutes if phase.kind == "entries" else 0
    return phase.ends_at + timedelta(minutes=grace)


def extend_phase(
    contest_id: int,
    kind: str,
    *,
    wall: str,
    which: int | None = None,
    reason: str,
    by: Person | None,
    at: datetime,
) -> ContestPhase:
    """Let a phase end later. What comes after it and would begin too early moves by as much on the wall."""
    contest = load(contest_id)
    phase = next((one for one in contest.phases if one.kind == kind), None)
    if phase is None or phase.ends_at is None:
        raise Invalid(errors={"phase": _("Please choose a phase that ends.")})
    if contest.announced_at is None or contest.cancelled_at is not None or phase.closed_at is not None:
        raise NotInThisState(_("This phase is closed, or not announced: it cannot be extended."))
    until = instant(wall, contest.zone, which=which)
    if until <= phase.ends_at or until <= at:
        raise Invalid(errors={"wall": _("An extension ends later than before, and not in the past.")})
    if not reason.strip():
        raise Invalid(errors={"reason": _("Please give the reason: everybody is told.")})
    before = phase.ends_at
    _push(contest, phase, until)
    phase.ends_at, phase.ends_wall, contest.edited_at = until, wall[:16], at
    detail = {
        "phase": kind,
        "from": wall_time(before, contest.zone),
        "to": _shown(phase.ends_wall, contest.zone),
    }
    note(contest, "extended", by=by, at=at, words=reason.strip(), detail=detail)
    audit.record(
        "contest.extended",
        f"contest:{contest_id}",
        by=by,
        at=at,
        detail={"phase": kind, "until": phase.ends_wall},
    )
    tell_everybody(contest, "extended", by=by, at=at)
    shown(contest)
    return phase


def remind(phase_id: int, *, at: datetime) -> int:
    """Tell those who began an entry and did not hand it in, and those who asked, that the deadline comes near.

    Once for each of `REMINDERS`; an extension makes them due again.
    """
    contest_id = db.session.scalar(select(ContestPhase.contest_id).where(ContestPhase.id == phase_id))
    if contest_id is None:
        return 0
    contest = load(contest_id)
    phase = next(one for one in contest.phases if one.id == phase_id)
    if take_reminder(contest, phase, at) is None or phase.ends_at is None:
        return 0
    return tell_unfinished(contest, hours_left(phase.ends_at, at), at=at)


def hours_left(ends_at: datetime, at: datetime) -> int:
    """What a reminder says is left: it may be much less than what made it due."""
    return ceil((ends_at - at) / timedelta(hours=1))


def take_reminder(contest: Contest, phase: ContestPhase, at: datetime) -> int | None:
    """Which reminder of the end of a phase is due, noted as sent; None when there is none."""
    hours = reminder_due(contest, phase, at)
    if hours is not None:
        phase.reminded_for, phase.reminded_hours = phase.ends_at, hours
    return hours


def reminder_due(contest: Contest, phase: ContestPhase, at: datetime) -> int | None:
    """Which reminder is due and was not sent; of several that were missed only the last."""
    if not phases.is_open(contest, phase.kind, at) or phase.ends_at is None:
        return None
    left = (phase.ends_at - at).total_seconds() / 3600
    due = [hours for hours in REMINDERS if left <= hours]
    if not due or left < 1:
        return None
    sent = phase.reminded_hours if phase.reminded_for == phase.ends_at else None
    return min(due) if sent is None or min(due) < sent else None


def _open(contest: Contest, phase: ContestPhase, at: datetime) -> None:
    phase.opened_at = at
    note(contest, "opened", by=None, at=phase.starts_at, detail={"phase": phase.kind})
    if phase.kind in ("entries", "vote", "results"):
        tell_everybody(contest, f"{phase.kind}_open", by=None, at=at)
    announce(PhaseOpened(contest.id, phase.kind, phase.starts_at))
    shown(contest)


def _close(contest: Contest, phase: ContestPhase, at: datetime) -> None:
    assert phase.ends_at is not None
    phase.closed_at = at
    note(contest, "closed", by=None, at=phase.ends_at, detail={"phase": phase.kind})
    if phase.kind == "entries":
        _seal(contest, at)
    announce(PhaseClosed(contest.id, phase.kind, phase.ends_at))
    shown(contest)


def _seal(contest: Contest, at: datetime) -> None:
    """One hash over every entry that takes part, public at once: nobody can slip one in or out later unseen."""
    rows = db.session.execute(
        select(Entry.id, Entry.sealed_hash).where(
            Entry.contest_id == contest.id, Entry.submitted_at.is_not(None), Entry.withdrawn_at.is_(None)
        )
    ).all()
    hashes = [(number, value) for number, value in rows if value is not None]
    contest.sealed_hash, contest.sealed_at = seals.seal_of_all(hashes), at
    note(contest, "sealed", by=None, at=at, detail={"count": len(hashes), "hash": contest.sealed_hash})
    detail = {"count": len(hashes), "hash": contest.sealed_hash}
    audit.record("contest.sealed", f"contest:{contest.id}", by=None, at=at, detail=detail)


def _push(contest: Contest, phase: ContestPhase, until: datetime) -> None:
    """Move what begins before the new end, and everything behind it, by the same time."""
    assert phase.ends_at is not None
    later = [one for one in contest.phases if one.position > phase.position]
    if not any(one.starts_at < until and (phase.kind, one.kind) not in phases.BESIDE for one in later):
        return
    by = until - min(one.starts_at for one in later if (phase.kind, one.kind) not in phases.BESIDE)
    for one in later:
        if (phase.kind, one.kind) in phases.BESIDE or one.opened_at is not None:
            continue
        one.starts_wall, one.starts_at = _moved(one.starts_at, by, contest.zone)
        if one.ends_at is not None:
            one.ends_wall, one.ends_at = _moved(one.ends_at, by, contest.zone)


def _moved(at: datetime, by: timedelta, zone: str) -> tuple[str, datetime]:
    """A time moved by as much, as a wall time that means exactly this instant."""
    wall = wall_time(at + by, zone)
    return wall, instant_near(wall, zone, at + by)


def _shown(wall: str, zone: str) -> str:
    return f"{wall.replace('T', ' ')} ({zone})"
