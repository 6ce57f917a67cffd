"""What contests announce, inside the transaction that makes it true."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ContestAnnounced:
    """Readers have a page about it now."""

    contest_id: int
    at: datetime


@dataclass(frozen=True)
class PhaseOpened:
    """A phase began by the clock; `at` is when it was due."""

    contest_id: int
    kind: str
    at: datetime


@dataclass(frozen=True)
class PhaseClosed:
    """A phase ended by the clock; `at` is when it was due."""

    contest_id: int
    kind: str
    at: datetime


@dataclass(frozen=True)
class EntrySubmitted:
    """An entry was handed in; `is_first` when it never was before, so that nobody counts it twice."""

    entry_id: int
    contest_id: int
    person_id: int
    is_first: bool
    at: datetime


@dataclass(frozen=True)
class EntryWithdrawn:
    """An entry takes part no more, whatever was scored or voted so far."""

    entry_id: int
    contest_id: int
    at: datetime


@dataclass(frozen=True)
class ResultsReached:
    """Results are `preliminary`, `checked` or `final` now."""

    contest_id: int
    state: str
    at: datetime
