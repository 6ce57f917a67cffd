"""Seats on the jury: taken, left, shared out; conflicts declared. What was scored stays where it is."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from random import Random

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from cms.contests.judging.assigning import Plan, assign
from cms.contests.judging.models import Judging, JuryAssignment, JuryRecusal, JuryScore, JurySeat
from cms.contests.judging.news import tell_given
from cms.contests.judging.services.problems import NotJudgingNow, NotYet
from cms.contests.judging.services.setting import get_locked
from cms.contests.models import Contest, ContestRole, Entry, EntryAuthor
from cms.core.database import db
from cms.core.errors import Conflict, Invalid, NotFound
from cms.people import audit
from cms.people.models import Person

LABEL = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without what is taken for something else


def take_seats(contest_id: int, *, at: datetime) -> list[JurySeat]:
    """A seat for everybody who has the role of a juror; who lost the role has left theirs."""
    roles = select(ContestRole.person_id).where(
        ContestRole.contest_id == contest_id, ContestRole.role == "juror"
    )
    jurors = set(db.session.scalars(roles))
    seats = list(db.session.scalars(select(JurySeat).where(JurySeat.contest_id == contest_id)))
    for seat in seats:
        if seat.left_at is None and seat.person_id is not None and seat.person_id not in jurors:
            seat.left_at, seat.left_for = at, ""
        elif seat.person_id in jurors and seat.left_at is not None and not seat.left_for:
            seat.left_at = None
    for person_id in sorted(jurors - {one.person_id for one in seats}):
        label = "".join(secrets.choice(LABEL) for _each in range(8))
        seat = JurySeat(contest_id=contest_id, person_id=person_id, label=label, joined_at=at)
        db.session.add(seat)
        seats.append(seat)
    db.session.flush()
    return seats


def share_out(contest_id: int, *, by: Person | None, at: datetime) -> Plan:
    """Give every accepted entry its jurors, evenly; nobody gets an entry of theirs or one they are recused from.

    Done again after somebody came or left, it keeps what was scored and what still fits. Raises `NotJudgingNow`.
    """
    judging = get_locked(contest_id)
    _refuse_sealed(judging)
    seats = [one for one in take_seats(contest_id, at=at) if one.left_at is None]
    if not seats:
        raise NotYet(_("Nobody sits on the jury yet."))
    entries = [str(one) for one in accepted_entries(contest_id)]
    fixed = _fixed(contest_id, entries, {one.id for one in seats})
    labels = {one.id: one.label for one in seats}
    plan = assign(
        entries,
        sorted(labels.values()),
        per_entry=judging.per_entry or len(seats) + len({label for _entry, label in fixed}),
        seed=judging.seed,
        conflicts=_conflicts(contest_id, seats),
        fixed=fixed,
    )
    if not judging.per_entry:  # everybody who may, scores it: nobody is lacking
        plan = Plan(plan.pairs)
    _write(contest_id, plan, seats, judging.seed, at=at)
    detail = {"count": len(plan.pairs)}
    audit.record("contest.jury_shared", f"contest:{contest_id}", by=by, at=at, detail=detail)
    return plan


def recuse(seat_id: int, entry_id: int, reason: str, *, by: Person | None, at: datetime) -> None:
    """The seat does not judge this entry. Marks it gave are dropped; the entry gets another juror when shared out."""
    seat = _seat(seat_id)
    _refuse_sealed(get_locked(seat.contest_id))
    entry = db.session.get(Entry, entry_id)
    if entry is None or entry.contest_id != seat.contest_id:
        raise NotFound
    if not reason.strip():
        raise Invalid(errors={"reason": _("Please say why, in a few words: the organisers read it.")})
    if db.session.get(JuryRecusal, (seat_id, entry_id)) is None:
        db.session.add(
            JuryRecusal(
                seat_id=seat_id,
                entry_id=entry_id,
                reason=reason.strip()[:500],
                at=at,
                by_id=by.id if by else None,
            )
        )
    for model in (JuryScore, JuryAssignment):
        db.session.execute(delete(model).where(model.seat_id == seat_id, model.entry_id == entry_id))
    detail = {"entry_id": entry_id, "reason": reason.strip()[:200]}
    audit.record("contest.juror_recused", f"contest:{seat.contest_id}", by=by, at=at, detail=detail)


def leave_seat(seat_id: int, reason: str, *, by: Person | None, at: datetime) -> int:
    """A juror drops out. Complete scores stay and count; everything else is shared among the others. Gives how much."""
    seat = _seat(seat_id)
    judging = get_locked(seat.contest_id)
    _refuse_sealed(judging)
    if seat.left_at is not None:
        return 0
    seat.left_at, seat.left_for = at, reason.strip()[:500] or "-"
    db.session.flush()
    unfinished = select(JuryScore.entry_id).where(JuryScore.seat_id == seat_id, JuryScore.is_complete)
    left = delete(JuryAssignment).where(
        JuryAssignment.seat_id == seat_id, JuryAssignment.entry_id.not_in(unfinished)
    )
    count = int(db.session.execute(left).rowcount)  # type: ignore[attr-defined]
    audit.record("contest.juror_left", f"contest:{seat.contest_id}", by=by, at=at, detail={"count": count})
    others = select(func.count()).where(JurySeat.contest_id == seat.contest_id, JurySeat.left_at.is_(None))
    if db.session.scalar(others):
        share_out(seat.contest_id, by=by, at=at)
    return count


def swap(from_seat_id: int, to_seat_id: int, entry_id: int, *, by: Person | None, at: datetime) -> None:
    """Give an entry that one juror did not score yet to another one."""
    giver, taker = _seat(from_seat_id), _seat(to_seat_id)
    _refuse_sealed(get_locked(giver.contest_id))
    if giver.contest_id != taker.contest_id or taker.left_at is not None:
        raise NotFound
    row = db.session.scalar(
        select(JuryAssignment).where(
            JuryAssignment.seat_id == from_seat_id, JuryAssignment.entry_id == entry_id
        )
    )
    if row is None:
        raise NotFound
    scored = select(JuryScore.id).where(JuryScore.seat_id == from_seat_id, JuryScore.entry_id == entry_id)
    if db.session.scalar(scored) is not None:
        raise Conflict(_("It has marks already, so it stays with this juror."))
    if (str(entry_id), taker.label) in _conflicts(giver.contest_id, [taker]):
        raise Conflict(_("This juror must not judge this entry."))
    taken = select(JuryAssignment.id).where(
        JuryAssignment.seat_id == to_seat_id, JuryAssignment.entry_id == entry_id
    )
    if db.session.scalar(taken) is not None:
        raise Conflict(_("This juror has it already."))
    db.session.delete(row)
    db.session.flush()
    db.session.add(
        JuryAssignment(
            seat_id=to_seat_id, entry_id=entry_id, position=_next_position(to_seat_id), assigned_at=at
        )
    )
    detail = {"entry_id": entry_id}
    audit.record("contest.jury_swapped", f"contest:{giver.contest_id}", by=by, at=at, detail=detail)
    tell_given(db.session.get_one(Contest, giver.contest_id), taker, by=by, at=at)


def set_head(contest_id: int, seat_id: int | None, *, by: Person | None, at: datetime) -> None:
    """Who heads the jury: their score breaks ties, where the rules say so. Before the first score."""
    judging = get_locked(contest_id)
    if judging.first_score_at is not None:
        raise NotYet(_("Who heads the jury is settled before the first score."))
    if seat_id is not None and _seat(seat_id).contest_id != contest_id:
        raise NotFound
    judging.head_seat_id = seat_id
    audit.record("contest.jury_headed", f"contest:{contest_id}", by=by, at=at)


def accepted_entries(contest_id: int) -> list[int]:
    """The numbers of entries that jurors and voters get."""
    rows = db.session.scalars(
        select(Entry).where(
            Entry.contest_id == contest_id, Entry.submitted_at.is_not(None), Entry.withdrawn_at.is_(None)
        )
    )
    return sorted(one.id for one in rows if one.is_accepted)


def _conflicts(contest_id: int, seats: Sequence[JurySeat]) -> set[tuple[str, str]]:
    """Who must not judge what: authors, also those who were asked or said no, and who is recused."""
    label = {one.person_id: one.label for one in seats if one.person_id is not None}
    by_seat = {one.id: one.label for one in seats}
    wrote = db.session.execute(
        select(EntryAuthor.entry_id, EntryAuthor.person_id).where(EntryAuthor.contest_id == contest_id)
    )
    began = db.session.execute(select(Entry.id, Entry.person_id).where(Entry.contest_id == contest_id))
    found = {(str(entry), label[person]) for entry, person in [*wrote, *began] if person in label}
    recused = select(JuryRecusal.entry_id, JuryRecusal.seat_id).where(JuryRecusal.seat_id.in_(by_seat))
    return found | {(str(entry), by_seat[seat]) for entry, seat in db.session.execute(recused)}


def _fixed(contest_id: int, entries: Sequence[str], active: set[int]) -> set[tuple[str, str]]:
    """What was scored, also by who left; marks begun by who is still there stay with them."""
    rows = db.session.execute(
        select(JuryScore.entry_id, JurySeat.label, JurySeat.id, JuryScore.is_complete)
        .join(JurySeat, JurySeat.id == JuryScore.seat_id)
        .where(JurySeat.contest_id == contest_id)
    )
    known = set(entries)
    return {
        (str(entry), label)
        for entry, label, seat, is_complete in rows
        if str(entry) in known and (is_complete or seat in active)
    }


def _write(contest_id: int, plan: Plan, seats: Sequence[JurySeat], seed: str, *, at: datetime) -> None:
    """Rows for the plan. What a juror has already keeps its position."""
    wanted = {label: {int(entry) for entry, juror in plan.pairs if juror == label} for label in plan.labels()}
    for seat in seats:
        mine = wanted.get(seat.label, set())
        gone = delete(JuryAssignment).where(
            JuryAssignment.seat_id == seat.id, JuryAssignment.entry_id.not_in(mine)
        )
        db.session.execute(gone)
        has = set(
            db.session.scalars(select(JuryAssignment.entry_id).where(JuryAssignment.seat_id == seat.id))
        )
        new = sorted(mine - has)
        Random(f"{seed}:{seat.label}").shuffle(new)  # noqa: S311 - an order, not a secret
        first = _next_position(seat.id)
        db.session.add_all(
            JuryAssignment(seat_id=seat.id, entry_id=entry, position=first + place, assigned_at=at)
            for place, entry in enumerate(new)
        )
    db.session.flush()


def _next_position(seat_id: int) -> int:
    last = select(func.max(JuryAssignment.position)).where(JuryAssignment.seat_id == seat_id)
    return (db.session.scalar(last) or 0) + 1


def _seat(seat_id: int) -> JurySeat:
    seat = db.session.get(JurySeat, seat_id, populate_existing=True)
    if seat is None or db.session.get(Contest, seat.contest_id) is None:
        raise NotFound
    return seat


def _refuse_sealed(judging: Judging) -> None:
    if judging.scores_sealed_at is not None:
        raise NotJudgingNow
