"""Sealing scores, opening names, working results out, and the bundle."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from cms.contests import phases
from cms.contests.judging.bundle import Contents
from cms.contests.judging.models import Judging, JuryScore, JurySeat, ScoreAmendment, Vote, Voter
from cms.contests.judging.sealing import SealedScore, scores_to_seal, seal
from cms.contests.judging.services.problems import NotYet
from cms.contests.judging.services.setting import get_locked, rules_of
from cms.contests.judging.tally import Ballot
from cms.contests.models import Contest, ContestPlace, Entry, EntrySnapshot
from cms.contests.services import Placing, set_places
from cms.core.database import db
from cms.core.errors import NotFound
from cms.core.pagecache import touch
from cms.people import audit
from cms.people.models import AuditEntry, Person


def seal_scores(contest_id: int, *, by: Person | None, at: datetime) -> str:
    """Publish the hash of all scores, before anybody sees whose entries they are. Twice is once. Raises `NotYet`."""
    judging = get_locked(contest_id)
    if judging.scores_hash is not None:
        return judging.scores_hash
    contest = _contest(contest_id)
    if not phases.is_over(contest, "jury", at):
        raise NotYet(_("The jury is still at work."))
    judging.scores_hash = seal(sealed_scores(judging))
    judging.scores_sealed_at = at
    audit.record(
        "contest.scores_sealed", f"contest:{contest_id}", by=by, at=at, detail={"hash": judging.scores_hash}
    )
    touch("contests", f"contest:{contest_id}")
    return judging.scores_hash


def open_results(contest_id: int, *, by: Person | None, at: datetime) -> Contents:
    """Names, scores and the bundle are open from now on: scores are sealed, and the vote is over."""
    judging = get_locked(contest_id)
    contest = _contest(contest_id)
    if judging.scores_sealed_at is None:
        raise NotYet(_("Scores are sealed before names open."))
    if phases.find_phase(contest, "vote") is not None and not phases.is_over(contest, "vote", at):
        raise NotYet(_("The public vote is not over yet."))
    if judging.opened_at is None:
        judging.opened_at = at
        audit.record("contest.names_opened", f"contest:{contest_id}", by=by, at=at)
        touch("contests", f"contest:{contest_id}")
    return contents_of(judging, contest)


def propose_places(contest_id: int, *, reason: str = "", by: Person | None, at: datetime) -> int:
    """Set the places that scores and votes come to, as preliminary results, or as a correction with its reason."""
    open_results(contest_id, by=by, at=at)
    proposed = proposed_places(contest_id)
    placings = [Placing(entry_id, place, points) for entry_id, (place, points) in proposed.items()]
    set_places(contest_id, placings, reason=reason, by=by, at=at)
    return len(placings)


def proposed_places(contest_id: int) -> dict[int, tuple[int, str]]:
    """The place and the value that scores and votes come to, by entry. Nothing before names are open."""
    judging = db.session.get(Judging, contest_id)
    if judging is None or judging.opened_at is None:
        return {}
    result = contents_of(judging, _contest(contest_id)).result()
    return {int(one.entry): (one.rank, _shown(one.value)) for one in result.places if one.rank is not None}


def _shown(value: Decimal | None) -> str:
    """As readers see it; the page of the proof gives every digit."""
    return "" if value is None else str(value.quantize(Decimal("0.01"), ROUND_HALF_EVEN))


def contents_of(judging: Judging, contest: Contest) -> Contents:
    """Everything the result is worked out from, as the bundle holds it."""
    return Contents(
        {"slug": contest.slug, "title": dict(contest.title)},
        rules_of(judging),
        sealed_entries(contest),
        sealed_scores(judging),
        _out(contest),
        _amended(contest.id),
        ballots_of(contest.id),
        _reopened(contest),
    )


def sealed_scores(judging: Judging) -> dict[str, object]:
    """All scores by drawn labels, with the salt: what the seal covers."""
    rows = db.session.execute(
        select(JuryScore.entry_id, JurySeat.label, JuryScore.marks)
        .join(JurySeat, JurySeat.id == JuryScore.seat_id)
        .where(JurySeat.contest_id == judging.contest_id)
    )
    head = select(JurySeat.label).where(JurySeat.id == judging.head_seat_id)
    return scores_to_seal(
        [SealedScore(str(entry), label, marks) for entry, label, marks in rows],
        judging.salt,
        head=db.session.scalar(head) or "",
    )


def sealed_entries(contest: Contest) -> Mapping[str, str]:
    """The hash of every entry as it was when entries were sealed: what the contest's own seal covers."""
    closed = contest.sealed_at
    rows = db.session.scalars(
        select(Entry)
        .where(Entry.contest_id == contest.id, Entry.submitted_at.is_not(None))
        .options(selectinload(Entry.snapshots))
    )
    sealed: dict[str, str] = {}
    for entry in rows:
        then = [one for one in entry.snapshots if closed is None or one.sealed_at <= closed]
        is_in = entry.withdrawn_at is None or (closed is not None and entry.withdrawn_at > closed)
        if then and is_in:
            sealed[str(entry.id)] = then[-1].content_hash
    return sealed


def ballots_of(contest_id: int) -> list[Ballot]:
    """Every vote without its voter."""
    rows = db.session.execute(
        select(Vote.ballot, Vote.entry_id, Voter.state)
        .join(Voter, Voter.id == Vote.voter_id)
        .where(Vote.contest_id == contest_id)
    )
    return [Ballot(ballot, str(entry), state) for ballot, entry, state in rows]


def count_again(contest_id: int) -> dict[str, int]:
    """The same count made by the database alone, to hold against the tally."""
    rows = db.session.execute(
        select(Vote.entry_id, func.count())
        .join(Voter, Voter.id == Vote.voter_id)
        .where(Vote.contest_id == contest_id, Voter.state == "counted")
        .group_by(Vote.entry_id)
    )
    return {str(entry): count for entry, count in rows}


def _out(contest: Contest) -> dict[str, str]:
    """Sealed entries that are not ranked, and why in a word."""
    rows = db.session.scalars(
        select(Entry).where(Entry.contest_id == contest.id, Entry.submitted_at.is_not(None))
    ).all()
    out = {
        str(one.id): "withdrawn" if one.withdrawn_at is not None else "not accepted"
        for one in rows
        if not one.is_accepted
    }
    thrown = select(ContestPlace.entry_id, ContestPlace.disqualified_for).where(
        ContestPlace.contest_id == contest.id, ContestPlace.disqualified_for != ""
    )
    out |= {str(entry): reason for entry, reason in db.session.execute(thrown)}
    sealed = sealed_entries(contest)
    return {entry: reason for entry, reason in out.items() if entry in sealed}


def _amended(contest_id: int) -> list[dict[str, object]]:
    rows = db.session.scalars(
        select(ScoreAmendment)
        .join(JurySeat, JurySeat.id == ScoreAmendment.seat_id)
        .where(JurySeat.contest_id == contest_id)
        .options(selectinload(ScoreAmendment.seat))
        .order_by(ScoreAmendment.id)
    )
    return [
        {"entry": str(one.entry_id), "juror": one.seat.label, "marks": one.marks, "reason": one.reason}
        for one in rows
    ]


def _reopened(contest: Contest) -> list[dict[str, str]]:
    """Texts that were handed in anew after entries were sealed: who opened them again, when, and both hashes.

    The audit log, which only grows, says who asked for the change.
    """
    sealed = sealed_entries(contest)
    if contest.sealed_at is None:
        return []
    later = db.session.scalars(
        select(EntrySnapshot)
        .join(Entry, Entry.id == EntrySnapshot.entry_id)
        .where(Entry.contest_id == contest.id, EntrySnapshot.sealed_at > contest.sealed_at)
        .order_by(EntrySnapshot.sealed_at, EntrySnapshot.id)
    ).all()
    if not later:
        return []
    checked = select(AuditEntry).where(
        AuditEntry.subject == f"contest:{contest.id}", AuditEntry.act == "contest.entry_checked"
    )
    asked = [
        one
        for one in db.session.scalars(checked.options(joinedload(AuditEntry.by)).order_by(AuditEntry.id))
        if one.detail.get("verdict") == "asked"
    ]
    found, before = [], dict(sealed)
    for text in later:
        entry = str(text.entry_id)
        if entry not in sealed:
            continue
        mine = [one for one in asked if one.detail["entry_id"] == text.entry_id and one.at <= text.sealed_at]
        by = mine[-1].by if mine else None
        found.append(
            {
                "entry": entry,
                "by": by.name if by is not None else "",
                "at": _second(mine[-1].at) if mine else "",
                "handed_in": _second(text.sealed_at),
                "before": before[entry],
                "after": text.content_hash,
            }
        )
        before[entry] = text.content_hash
    return found


def _second(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _contest(contest_id: int) -> Contest:
    contest = db.session.get(
        Contest, contest_id, options=[selectinload(Contest.phases)], populate_existing=True
    )
    if contest is None:
        raise NotFound
    return contest
