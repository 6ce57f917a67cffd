"""Entries laid out on days: by time within a day, and what lasts as a bar that keeps its lane through a week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from cms.calendar import days
from cms.calendar.days import Stretch
from cms.calendar.sources import Entry
from cms.core import walltime


@dataclass(frozen=True)
class Shown:
    """An entry as its reader sees it. Days are read of every entry, the rest only of the few that are drawn."""

    entry: Entry
    reader: str  # the reader's zone

    @cached_property
    def day(self) -> date:
        """In the reader's zone."""
        return days.day_of(self.entry.at, self.reader)

    @cached_property
    def last_day(self) -> date:
        """Of what lasts; else the same day."""
        if self.entry.ends_at is None:
            return self.day
        return max(self.day, days.day_of(self.entry.ends_at - timedelta(microseconds=1), self.reader))

    @property
    def zone(self) -> str:
        """The zone it was planned in."""
        return self.entry.zone or self.reader

    @cached_property
    def wall(self) -> str:
        """`2026-12-01T17:30`, on the clock it was planned by."""
        return walltime.wall_time(self.entry.at, self.zone)

    @cached_property
    def time(self) -> str:
        """`09:30`, on the reader's clock."""
        return self._here[11:]

    @property
    def is_elsewhere(self) -> bool:
        """Whether the clock it was planned by shows something else than the reader's."""
        return self.wall != self._here

    @cached_property
    def _here(self) -> str:
        return walltime.wall_time(self.entry.at, self.reader)


@dataclass(frozen=True)
class Bar:
    """One day of something that lasts."""

    shown: Shown
    begins: bool  # here, or this is where the week's row begins
    is_first: bool
    is_last: bool
    length: int  # in days, until it or the row ends


@dataclass(frozen=True)
class Cell:
    """One day."""

    day: date
    bars: tuple[Bar | None, ...]  # by lane; None keeps the lane free
    shown: Sequence[Shown]
    more: int  # how many do not fit


def show(entry: Entry, *, zone: str) -> Shown:
    """An entry on the clock of a reader in this zone, and on its own."""
    return Shown(entry, zone)


def weeks(stretch: Stretch, entries: Iterable[Shown], *, room: int) -> list[list[Cell]]:
    """The days of a month or week with what stands on them, at most `room` entries a day."""
    lasting, single = _parted(entries)
    by_day: dict[date, list[Shown]] = {}
    for one in single:
        by_day.setdefault(one.day, []).append(one)
    return [_week(week, lasting, by_day, room) for week in stretch.weeks]


def agenda(stretch: Stretch, entries: Iterable[Shown]) -> list[tuple[date, list[Shown]]]:
    """The days that hold something, each with all of it; what lasts stands where it begins or is first seen."""
    by_day: dict[date, list[Shown]] = {}
    for one in entries:
        by_day.setdefault(max(one.day, stretch.first), []).append(one)
    return sorted(by_day.items())


def _parted(entries: Iterable[Shown]) -> tuple[list[Shown], list[Shown]]:
    lasting: list[Shown] = []
    single: list[Shown] = []
    for one in entries:
        (lasting if one.entry.ends_at and one.last_day > one.day else single).append(one)
    return lasting, single


def _week(week: list[date], lasting: list[Shown], by_day: dict[date, list[Shown]], room: int) -> list[Cell]:
    lanes = _lanes([one for one in lasting if one.day <= week[-1] and one.last_day >= week[0]])
    cells = []
    for day in week:
        bars = tuple(_bar(lane, day, week) for lane in lanes)
        found = by_day.get(day, [])
        fits = room if len(found) <= room else room - 1  # "+2" takes a line of its own
        cells.append(Cell(day, bars, found[:fits], max(0, len(found) - fits)))
    return cells


def _lanes(lasting: list[Shown]) -> list[list[Shown]]:
    """Each in the first lane where nothing else lasts at the same time, the earliest and longest first."""
    lanes: list[list[Shown]] = []
    for one in sorted(lasting, key=lambda each: (each.day, -each.last_day.toordinal())):
        for lane in lanes:
            if lane[-1].last_day < one.day:
                lane.append(one)
                break
        else:
            lanes.append([one])
    return lanes


def _bar(lane: list[Shown], day: date, week: list[date]) -> Bar | None:
    for one in lane:
        if one.day <= day <= one.last_day:
            length = (min(one.last_day, week[-1]) - day).days + 1
            return Bar(one, day in (one.day, week[0]), day == one.day, day == one.last_day, length)
    return None
