"""What goes into the store, and what comes out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from typing import Any, cast

from campaigns.engagement.lines import Line

SITE, CAMPAIGN, POST, LINK = range(4)  # what figures are about; the site is subject 0
ALL = ""  # every channel together
UNSAID = "?"  # the part of a split of which nothing is known
OTHER = "other"  # the part of a split beyond its cap
HOUR = 3_600_000  # milliseconds
DAY = 24 * HOUR
EPOCH = date(1970, 1, 1).toordinal()
COLUMNS = ("views", "engaged", "seconds", "clicks", "verified", "previews", "machines", "staff", "unknown")
METRICS = ("people", "people_engaged", "clickers")
EXACT_BELOW = 100  # people: so few are told exactly by every store
_PEOPLE = 3 + len(COLUMNS)  # where they stand in a cell
_NOT_TOLD = (None,) * len(METRICS)
DIMENSIONS = ("country", "language", "device", "referrer")


@dataclass(slots=True)  # not frozen, for speed: see Line
class Event:
    """A line, who did it, and what it is about. Days are since 1970, where none is given in UTC."""

    line: Line
    verdict: str
    rule: int
    version: int  # of the rules
    window: int  # in which its visitor is the same person
    post: int | None = None
    link: int | None = None
    campaign: int | None = None
    day: int = -1  # in the zone of the site
    campaign_day: int = -1  # in the zone of its campaign
    channel: str = ""  # how the visitor came; empty: the store finds out
    again: int = 0  # the same as seconds before: not another one
    said: bytes = b""  # the line as it was read, without its end

    def __post_init__(self) -> None:
        if self.day < 0:
            self.day = self.line.at // DAY
        if self.campaign_day < 0:
            self.campaign_day = self.day

    @property
    def hour(self) -> int:
        """Hours since 1970, UTC: a late event goes to its true hour."""
        return self.line.at // HOUR


def day_number(day: date) -> int:
    """Days since 1970."""
    return day.toordinal() - EPOCH


def month_at(at: int) -> int:
    """The month of an instant in milliseconds, UTC: 202611."""
    return _month(at // HOUR)


@lru_cache(maxsize=4096)
def _month(hour: int) -> int:
    return int(datetime.fromtimestamp(hour * 3600, UTC).strftime("%Y%m"))


@lru_cache(maxsize=4096)
def day_of(number: int) -> date:
    """The day of that number."""
    return date.fromordinal(number + EPOCH)


@dataclass(frozen=True)
class Totals:
    """Figures of one subject. Who came in two windows counts twice among people."""

    views: int = 0
    engaged: int = 0  # views in sight for ten seconds or more
    seconds: int = 0  # in sight, of all views
    clicks: int = 0
    verified: int = 0
    previews: int = 0
    machines: int = 0
    staff: int = 0
    unknown: int = 0
    people: int = 0
    people_engaged: int = 0
    clickers: int = 0
    windows: int = 0  # in how many windows anything was seen
    is_exact: bool = True  # few enough people to be told apart one by one

    @property
    def is_empty(self) -> bool:
        """Nothing was seen at all."""
        return not any(getattr(self, one.name) for one in fields(self) if one.name != "is_exact")


class Cell(tuple[Any, ...]):
    """One subject on one day, of one channel, country, language, device or referrer (`key`), or of all (`ALL`).

    A row as it is read, as a year of six campaigns by eight channels has some twenty thousand: what is asked of it is
    told when it is asked. Subject, day (since 1970) and key stand first, then counts and people.

    `people`, `people_engaged` and `clickers` are estimates of different people of this cell alone: they are never added.
    They are None where a split does not tell people apart.
    """

    @classmethod
    def of(
        cls, subject: int, day: int, key: str, counts: Iterable[int], people: Iterable[int] = ()
    ) -> "Cell":
        """From its parts; without `people` they are not told apart."""
        return cls((subject, day, key, *counts, *(tuple(people) or _NOT_TOLD)))

    @property
    def subject(self) -> int:
        """What it is about."""
        return cast(int, self[0])

    @property
    def day(self) -> date:
        """On which day."""
        return day_of(self[1])

    @property
    def key(self) -> str:
        """Of what; empty: of all."""
        return cast(str, self[2])

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """By name, as in COLUMNS."""
        return dict(zip(COLUMNS, self[3:_PEOPLE], strict=True))

    @property
    def people(self) -> int | None:
        """Different people."""
        return cast("int | None", self[_PEOPLE])

    @property
    def people_engaged(self) -> int | None:
        """Different people who read for ten seconds or more."""
        return cast("int | None", self[_PEOPLE + 1])

    @property
    def clickers(self) -> int | None:
        """Different people who followed a link."""
        return cast("int | None", self[_PEOPLE + 2])


@dataclass(frozen=True, slots=True)
class Reach:
    """Different people, with the bounds between which the true number lies 95 times of 100."""

    people: int
    low: int
    high: int
    is_exact: bool
    windows: int  # salt windows: who came in two of them counts twice


@dataclass(frozen=True, slots=True)
class Fact:
    """How often something was done on one day, and by how many different people (None: not told apart)."""

    campaign: int | None
    post: int | None
    channel: str
    day: date
    kind: str
    key: str
    count: int
    people: int | None


@dataclass(frozen=True, slots=True)
class Touch:
    """One time a person came to us, before they did something."""

    at: datetime
    campaign: int | None
    channel: str
    post: int | None
