"""A comparison as plain values: what was asked, and what is answered. Page, API, exports and shares read only this.

Nothing here is a sentence: columns, reasons and verdicts are keys, which `wording` and `definitions` put into words.
Days are days of the campaign they belong to, in its zone; instants are UTC.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Align = Literal["calendar", "launch"]
Mode = Literal["daily", "cumulative"]
Cut = Literal["youngest", "none"]
Split = Literal["channel", "post", "section", "audience", "country", "language", "device"]
Per = Literal["total", "post", "reached", "money"]
Clock = Literal["period", "lifetime", "plan"]
Source = Literal["ours", "networks", "plan", "derived"]
Unit = Literal["people", "count", "seconds", "money", "share", "times"]
Number = int | float

FEWEST, MOST = 2, 6  # campaigns side by side
MEASURES = ("views", "engaged", "verified")  # counted for each post: what charts show and verdicts are about
PERS: tuple[Per, ...] = ("total", "post", "reached", "money")


@dataclass(frozen=True)
class ComparisonQuery:
    """What is asked. `since` and `until` are the first and the last day, both counted; None: from the earliest first
    day to today. They hold for `align="calendar"`; by launch each campaign begins on its own first day."""

    campaign_ids: tuple[int, ...]  # in the order asked, each once
    since: date | None = None
    until: date | None = None
    align: Align = "calendar"
    mode: Mode = "cumulative"
    cut: Cut = (
        "youngest"  # by launch: every campaign as long as the youngest is old, or each as far as it goes
    )
    split: Split | None = None
    measure: str = "engaged"


@dataclass(frozen=True)
class Column:
    """A figure that is shown of every campaign. Name, definition and formula are in `definitions`."""

    key: str
    unit: Unit
    clock: Clock
    source: Source
    version: int


@dataclass(frozen=True)
class Cell:
    """One figure. `value` None is missing, never nought, and `why` says why. `low` and `high` are what it may be."""

    value: Number | None
    low: Number | None = None
    high: Number | None = None
    is_exact: bool = True
    why: str | None = None  # a key of `wording.REASONS`
    currency: str | None = None  # of money, which is in smallest units
    of: int | None = None  # the base of a rate or a mean: posts, people

    @property
    def is_missing(self) -> bool:
        """Nobody knows it."""
        return self.value is None


@dataclass(frozen=True)
class Subject:
    """A campaign that is compared, and the days of it that are looked at."""

    id: int
    slug: str
    name: Mapping[str, str]
    kind: str
    state: str
    zone: str
    starts_on: date
    ends_on: date
    age: int  # days since its first day, that one counted; 0 before it
    since: date  # first day looked at
    until: date  # last day looked at; before `since` when there is none
    colour: int  # 1 to 6, the same everywhere
    posts: int

    @property
    def days(self) -> int:
        """How many days are looked at."""
        return max(0, (self.until - self.since).days + 1)

    @property
    def own_days(self) -> tuple[date, date] | None:
        """The first and the last of its own days, as planned, among those looked at; None when there is none."""
        first, last = max(self.since, self.starts_on), min(self.until, self.ends_on)
        return (first, last) if first <= last else None


@dataclass(frozen=True)
class Coverage:
    """Of how many channels (accounts that carried something) there are figures."""

    known: int
    of: int


@dataclass(frozen=True)
class TargetMet:
    """A target of a campaign and how far it is. `value` None: nobody counts it. Targets are about its whole life."""

    measure: str
    label: str
    number: int
    by_on: date | None
    value: int | None
    is_exact: bool = True  # else people, as an estimate
    is_over: bool = False  # its day, or without one the last of the campaign, has passed

    @property
    def is_met(self) -> bool | None:
        """None when it is not known."""
        return None if self.value is None else self.value >= self.number


@dataclass(frozen=True)
class Row:
    """The figures of one campaign: by kind of figure (`total`, or per something), then by column."""

    subject: Subject
    cells: Mapping[Per, Mapping[str, Cell]]
    coverage: Coverage
    targets: Sequence[TargetMet] = ()

    @property
    def met(self) -> int:
        """How many of its targets are met."""
        return sum(target.is_met is True for target in self.targets)


@dataclass(frozen=True)
class Point:
    """A day of a line: `x` counts from 0 (day since launch) or is the day's number in the period. None is missing."""

    x: int
    value: Number | None
    low: Number | None = None
    high: Number | None = None


@dataclass(frozen=True)
class Series:
    """A line of the chart. `ghost` is the median of finished campaigns of the kind and belongs to none."""

    kind: Literal["actual", "projection", "ghost"]
    subject_id: int | None
    points: Sequence[Point]
    of: int | None = None  # how many past campaigns it was learned from


@dataclass(frozen=True)
class Chart:
    """One question: the measure by day. `days` are the dates of x when aligned by calendar."""

    measure: str
    align: Align
    mode: Mode
    series: Sequence[Series]
    days: Sequence[date] = ()


@dataclass(frozen=True)
class Part:
    """A part of a split, such as a channel: its key, what it is called if it has a name, and the figures by campaign."""

    key: str
    name: str
    cells: Mapping[int, Mapping[str, Cell]]


@dataclass(frozen=True)
class Verdict:
    """Two campaigns and one measure per post. `low`..`high` is the ratio of `first` to `second`, 95 %, for this pair
    alone; `p` is corrected for all the pairs. Descriptive, never causal.

    `kind`: `leads` (the first does), `level` (cannot be told apart), `early` (not enough is in yet), `few` (too few
    posts). `share` is the part that is usually in by now (`early`). `hinges_on` is the post without which it would be
    another verdict.
    """

    measure: str
    first: int
    second: int
    kind: Literal["leads", "level", "early", "few"]
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    share: float | None = None
    day: int | None = None
    hinges_on: int | None = None


@dataclass(frozen=True)
class PostShare:
    """The post that a campaign owes most of a measure to: shown, whatever the verdict makes of it."""

    subject_id: int
    post_id: int
    title: str
    value: int
    share: float  # of all its posts, 0 to 1


@dataclass(frozen=True)
class Happening:
    """What happened on a day, as the team noted it: of one campaign, or of all."""

    day: date
    subject_id: int | None
    words: Mapping[str, str]


@dataclass(frozen=True)
class Comparison:
    """The answer. `as_of` is the one moment all figures are of: when readers were last counted; None: never yet."""

    query: ComparisonQuery
    at: datetime
    as_of: datetime | None
    window: str  # in which people are told apart: "day" or "month"
    columns: Sequence[Column]
    rows: Sequence[Row]
    chart: Chart
    parts: Sequence[Part] = ()
    verdicts: Sequence[Verdict] = ()
    biggest: Sequence[PostShare] = ()
    notes: Sequence[str] = field(default_factory=tuple)  # keys of `wording.NOTES`
    happened: Sequence[
        Happening
    ] = ()  # noted for the team, on these days; private notes never leave their owner

    @property
    def subjects(self) -> list[Subject]:
        """The campaigns, in the order asked."""
        return [row.subject for row in self.rows]
