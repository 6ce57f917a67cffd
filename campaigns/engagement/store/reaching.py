"""Different people over days, subjects and channels: which sketches make up a span, and what they come to together.

A question is written out with its numbers in it and goes to the driver as it is: composing it anew for every page, or
looking through it for marks, would cost more than answering it.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import Connection, func, select

from campaigns.engagement.store import pyramid, sketches, tables
from campaigns.engagement.store.events import Reach
from campaigns.engagement.store.rows import batched, is_postgresql

Name = TypeVar("Name", bound=Hashable)
Place = tuple[int, str]  # subject and channel
AT_ONCE = 120  # places in one question: a database takes 500 parts at most
LEEWAY = 64  # days behind the last one that a node may reach


@dataclass
class _Nodes:
    """The sketches of one subject and channel that make up a span, and the first and last day on which anybody came."""

    first: int
    last: int
    people: list[bytes] = field(default_factory=list)


@dataclass(frozen=True)
class United:
    """The people of one subject and channel over a span."""

    first: int
    last: int
    people: bytes | None

    @cached_property
    def bounds(self) -> tuple[int, int, int, bool]:
        """As `sketches.bounds`."""
        return sketches.bounds(self.people)


def unite_places(
    connection: Connection, scope: int, places: Iterable[Place], *, first: int, last: int, metric: int
) -> dict[Place, United]:
    """The people of each place from one day to before another; without places where nobody came."""
    nodes: dict[Place, _Nodes] = {}
    for some in batched(places, AT_ONCE):
        nodes |= _nodes(connection, scope, some, first, last, metric)
    return {place: United(one.first, one.last, sketches.unite(one.people)) for place, one in nodes.items()}


def reach_of(
    groups: Mapping[Name, Collection[int]],
    channels: Iterable[str],
    united: Mapping[Place, United],
    windows: list[tuple[int, int]],
) -> dict[str, dict[Name, Reach]]:
    """By channel, the people of each group of subjects."""
    return {
        channel: {
            name: _reach([(subject, channel) for subject in group], united, windows)
            for name, group in groups.items()
        }
        for channel in channels
    }


def _nodes(
    connection: Connection, scope: int, places: list[Place], first: int, last: int, metric: int
) -> dict[Place, _Nodes]:
    closed = connection.scalar(select(tables.meta.c.value).where(tables.meta.c.name == "closed")) or 0
    found = _first_and_last(connection, scope, places, first, last, metric)
    if not found:
        return {}
    low, high = min(one.first for one in found.values()), max(one.last for one in found.values()) + 1
    first, last = max(first, low), min(last, high + LEEWAY)
    dirty = _dirty(connection, scope, places, metric)
    plan = set(pyramid.cover(first, last, closed=closed))
    plans = {
        place: set(pyramid.cover(first, last, closed=closed, dirty=days)) for place, days in dirty.items()
    }
    of, values = _mine(connection, scope, places, metric)
    by_level: dict[int, set[int]] = defaultdict(set)
    for level, node in plan.union(*plans.values()):
        by_level[level].add(node)
    question = " UNION ALL ".join(
        f"SELECT subject, channel, level, node, people FROM ev_sketch WHERE {of} AND level = {level:d}"  # noqa: S608
        f" AND node IN ({_numbers(nodes)})"
        for level, nodes in sorted(by_level.items())
    )
    rows: Any = connection.exec_driver_sql(question, values).cursor  # as the driver gives them
    for subject, channel, level, node, people in rows:
        place = subject, channel
        if (level, node) in plans.get(place, plan) and place in found:
            found[place].people.append(bytes(people))
    return found


def _first_and_last(
    connection: Connection, scope: int, places: list[Place], first: int, last: int, metric: int
) -> dict[Place, _Nodes]:
    """The first and last day on which anybody came: two looks into the index for each place, in one question."""
    names = _names(connection, {channel for _, channel in places})
    each = []
    for subject, channel in places:
        mine = (
            f"FROM ev_sketch WHERE scope = {scope:d} AND subject = {subject:d} AND metric = {metric:d}"
            f" AND channel = {names[channel][1]} AND level = 0 AND node >= {first:d} AND node < {last:d}"
        )
        each.append(f"SELECT (SELECT min(node) {mine}), (SELECT max(node) {mine})")
    rows = _in_order(connection, each, _values(names))
    return {
        place: _Nodes(low, high)
        for place, (low, high) in zip(places, rows, strict=True)
        if low is not None and high is not None
    }


def _in_order(connection: Connection, each: list[str], values: Mapping[str, str]) -> list[tuple[int, int]]:
    numbered = (one.replace("SELECT ", f"SELECT {number:d}, ", 1) for number, one in enumerate(each))
    rows = connection.exec_driver_sql(" UNION ALL ".join(numbered), dict(values)).all()
    return [(low, high) for _, low, high in sorted(rows, key=lambda row: row[0])]


def _dirty(connection: Connection, scope: int, places: list[Place], metric: int) -> dict[Place, list[int]]:
    of, values = _mine(connection, scope, places, metric)
    dirty: dict[Place, list[int]] = defaultdict(list)
    question = f"SELECT subject, channel, day FROM ev_dirty WHERE {of}"  # noqa: S608 - numbers of ours
    for subject, channel, day in connection.exec_driver_sql(question, values):
        dirty[subject, channel].append(day)
    return dirty


def _mine(connection: Connection, scope: int, places: list[Place], metric: int) -> tuple[str, dict[str, str]]:
    """A condition, and its values: of these subjects and channels, perhaps of more pairs of them than were asked for."""
    names = _names(connection, {channel for _, channel in places})
    marks = ", ".join(mark for _, mark in names.values())
    of = f"scope = {scope:d} AND subject IN ({_numbers({subject for subject, _ in places})})"
    return f"{of} AND metric = {metric:d} AND channel IN ({marks})", _values(names)


def _names(connection: Connection, channels: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The name of each channel's value in a question, and the mark of that name as the driver reads it."""
    mark = "%({})s" if is_postgresql(connection) else ":{}"
    named = ((channel, f"c{number}") for number, channel in enumerate(sorted(channels)))
    return {channel: (name, mark.format(name)) for channel, name in named}


def _values(names: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    return {name: channel for channel, (name, _mark) in names.items()}


def _numbers(some: Iterable[int]) -> str:
    return ", ".join(f"{one:d}" for one in sorted(some))


def windows_of(connection: Connection) -> list[tuple[int, int]]:
    """First and last day of each window in which anybody was seen."""
    of = tables.windows.c
    query = select(func.min(of.day), func.max(of.day)).group_by(of.window)
    return [(first, last) for first, last in connection.execute(query)]


def _reach(places: Iterable[Place], united: Mapping[Place, United], windows: list[tuple[int, int]]) -> Reach:
    known = [united[place] for place in places if place in united]
    if len(known) == 1:
        bounds = known[0].bounds
    else:
        bounds = sketches.bounds(sketches.unite(one.people for one in known if one.people is not None))
    spans = {(one.first, one.last) for one in known}
    seen = sum(any(low <= last and first <= high for low, high in spans) for first, last in windows)
    return Reach(*bounds, seen)
