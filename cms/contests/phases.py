"""The phase machine: which phase a contest is in is worked out from the clock, never stored.

A phase is open from its first instant up to, and without, its end. Phases follow each other in the order of `PHASES`;
only the public vote may run beside the jury.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from cms.contests.models import PHASES, Contest

BESIDE = {("jury", "vote")}


class Span(Protocol):
    """What has a beginning and an end: a stored phase, or one that was typed."""

    @property
    def kind(self) -> str: ...

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Clash:
    """Two phases that cannot stand like this."""

    earlier: str
    later: str


def find_phase(contest: Contest, kind: str) -> "Span | None":
    """This phase of a contest, when it has one."""
    return next((one for one in contest.phases if one.kind == kind), None)


def state_of(phase: Span, at: datetime) -> str:
    """`coming`, `open` or `over`."""
    if at < phase.starts_at:
        return "coming"
    return "open" if phase.ends_at is None or at < phase.ends_at else "over"


def is_open(contest: Contest, kind: str, at: datetime) -> bool:
    """Whether this phase of a contest is open now. Nothing is open before it was announced, or once it is cancelled."""
    phase = find_phase(contest, kind)
    if phase is None or contest.announced_at is None or contest.cancelled_at is not None:
        return False
    return state_of(phase, at) == "open"


def is_over(contest: Contest, kind: str, at: datetime) -> bool:
    """Whether this phase has ended. A contest that has none of it has it behind itself when a later one began."""
    phase = find_phase(contest, kind)
    if phase is not None:
        return state_of(phase, at) == "over"
    later = PHASES[PHASES.index(kind) + 1 :]
    return any(one.kind in later and at >= one.starts_at for one in contest.phases)


def open_phases(contest: Contest, at: datetime) -> list[Span]:
    """Everything that is open now, in order."""
    return [one for one in contest.phases if is_open(contest, one.kind, at)]


def next_phase(contest: Contest, at: datetime) -> Span | None:
    """What opens next."""
    coming = [one for one in contest.phases if one.starts_at > at]
    return min(coming, key=lambda one: one.starts_at, default=None)


def stage(contest: Contest, at: datetime) -> str:
    """One word for lists: `draft`, `cancelled`, `coming`, the last open phase, `between`, or `finished`."""
    if contest.announced_at is None:
        return "draft"
    if contest.cancelled_at is not None:
        return "cancelled"
    if contest.results_state == "final":
        return "finished"
    running = open_phases(contest, at)
    if running:
        return running[-1].kind
    return "coming" if all(at < one.starts_at for one in contest.phases) else "between"


def next_moment(contest: Contest, at: datetime) -> tuple[str, str, datetime] | None:
    """What a countdown counts to: kind of phase, `opens` or `closes`, and when; None when nothing is ahead."""
    running = [one for one in open_phases(contest, at) if one.ends_at]
    coming = next_phase(contest, at)
    if coming is not None and all(one.kind == "announce" for one in running):
        return coming.kind, "opens", coming.starts_at  # readers wait for this, not for the end of waiting
    moments = [(one.ends_at, one.kind) for one in reversed(running) if one.ends_at]
    if not moments:
        return None
    when, kind = min(moments, key=lambda one: one[0])  # of two that end together the later: the public vote
    return kind, "closes", when


def takes_entry(contest: Contest, begun_at: datetime, at: datetime) -> str | None:
    """Whether an entry that was begun then may be handed in now: `in_time`, `late` within the grace, or None."""
    phase = find_phase(contest, "entries")
    if phase is None or phase.ends_at is None or contest.announced_at is None or contest.cancelled_at:
        return None
    if at < phase.starts_at:
        return None
    if at < phase.ends_at:
        return "in_time"
    grace = timedelta(minutes=contest.grace_minutes)
    return "late" if begun_at < phase.ends_at and at < phase.ends_at + grace else None


def clashes(spans: Iterable[Span]) -> Sequence[Clash]:
    """Phases that begin before an earlier one ends, or in another order."""
    ordered = sorted(spans, key=lambda one: PHASES.index(one.kind))
    return [
        Clash(first.kind, second.kind)
        for number, first in enumerate(ordered)
        for second in ordered[number + 1 :]
        if second.starts_at
        < (first.starts_at if (first.kind, second.kind) in BESIDE else first.ends_at or first.starts_at)
    ]
