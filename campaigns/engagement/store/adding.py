"""One batch into the tables: what it is about is read, added up, and written, inside a transaction of somebody else."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from campaigns.engagement.store import sketches, tables
from campaigns.engagement.store.columns import FACT, Batch
from campaigns.engagement.store.events import COLUMNS, METRICS, OTHER
from campaigns.engagement.store.folding import Cells, State, fact_number
from campaigns.engagement.store.grouping import distinct
from campaigns.engagement.store.rows import get, put
from campaigns.engagement.store.spreading import People
from campaigns.engagement.store.viewing import Views

REFERRERS = 50  # told apart of one subject on one day; those that come after them are "other"
_SUMS = dict.fromkeys(COLUMNS, "sum")
_VIEW = dict.fromkeys(("opened", "deltas", "seconds", "engaged", "depth"), "new")
_CLICK = tuple(column.name for column in tables.clicks.columns)


@dataclass
class Referrers:
    """Which referrers of a subject and day are told apart, as far as this process has looked."""

    known: dict[tuple[int, int, int], set[str]] = field(default_factory=dict)


def load(connection: Connection, batch: Batch) -> State:
    """What is known of the views, clicks and visitors that these events speak of."""
    state = State()
    facts = np.flatnonzero(batch.kind == FACT)
    spoken = batch.view[(batch.kind != FACT) & (batch.view != 0)]
    views = spoken[distinct(spoken)[0]].tolist()
    numbers = {
        fact_number(batch.line(row).value, batch.line(row).view) for row in facts.tolist() if batch.view[row]
    }
    views += numbers
    clicks = set(batch.click[batch.has_click].tolist())
    doers = set(batch.visitor[facts].tolist()) - {0}
    state.views = Views.of(list(get(connection, tables.views, ["view"], views)))
    state.facts = numbers.intersection(state.views.number.tolist())
    for click in get(connection, tables.clicks, ["click"], sorted(clicks)):
        state.clicks[click[0]] = list(click)
    for visitor, window, channel in get(connection, tables.arrivals, ["visitor"], sorted(doers)):
        state.arrivals[visitor] = window, channel
    return state


def add_up(connection: Connection, cells: Cells, state: State, referrers: Referrers, *, closed: int) -> None:
    """Write what has changed. `closed`: days before it are in the pyramid already."""
    put(connection, tables.views, state.new_views)
    put(connection, tables.views, state.changed_views, _VIEW)
    put(connection, tables.clicks, state.new_clicks)
    put(connection, tables.clicks, state.changed_clicks, dict.fromkeys(_CLICK[2:], "new"))
    put(connection, tables.arrivals, state.changed_arrivals, {"window": "new", "channel": "new"})
    put(connection, tables.windows, cells.windows)
    put(connection, tables.hours, cells.hours, _SUMS)
    _add_days(connection, cells, closed)
    _add_splits(connection, cells, referrers)
    _add_facts(connection, cells)


def _add_days(connection: Connection, cells: Cells, closed: int) -> None:
    """Counts of days, and people: the sketch of each cell with those who are new, and the number it gives."""
    people: dict[tuple[int, int, int, str], list[int]] = {}
    rows = []
    for (scope, subject, metric, channel, day), sketch, number in _met(connection, cells.people):
        people.setdefault((scope, subject, day, channel), [0] * len(METRICS))[metric] = number
        rows.append((scope, subject, metric, channel, 0, day, sketch))
    put(connection, tables.sketches, rows, {"people": "new"})
    put(connection, tables.dirty, [key for key in cells.people.cells if key[4] < closed])
    nobody = [0] * len(METRICS)
    days = [(*row, *people.pop(row[:4], nobody)) for row in cells.days]
    nothing = [0] * len(COLUMNS)
    days += [(*key, *nothing, *numbers) for key, numbers in people.items()]
    put(connection, tables.days, days, _SUMS | dict.fromkeys(METRICS, "most"))


def _met(
    connection: Connection, people: People
) -> Iterator[tuple[tuple[int, int, int, str, int], bytes, int]]:
    stored = _sketches(connection, people.cells)
    coupons, start = sketches.coupons(people.visitors)[people.of], 0
    for cell, end in zip(people.cells, people.ends, strict=True):
        yield cell, *sketches.meet(stored.get(cell), coupons[start:end])
        start = end


def _sketches(
    connection: Connection, wanted: Iterable[tuple[int, int, int, str, int]]
) -> dict[tuple[int, int, int, str, int], bytes]:
    keys = [(scope, subject, metric, channel, 0, day) for scope, subject, metric, channel, day in wanted]
    names = ("scope", "subject", "metric", "channel", "level", "node")
    return {
        (scope, subject, metric, channel, day): bytes(people)
        for scope, subject, metric, channel, _, day, people in get(connection, tables.sketches, names, keys)
    }


def _add_splits(connection: Connection, cells: Cells, referrers: Referrers) -> None:
    rows: list[Sequence[Any]] = []
    told: dict[tuple[int, int, int, str, str], Sequence[int]] = {}
    for row in cells.splits:
        scope, subject, day, dimension, key, *counts = row
        if dimension != "referrer":
            rows.append(row)
            continue
        key = _told_apart(connection, referrers, (scope, subject, day), key)
        place = scope, subject, day, dimension, key
        before = told.get(place)
        told[place] = counts if before is None else [a + b for a, b in zip(before, counts, strict=True)]
    rows += [(*key, *counts) for key, counts in told.items()]
    put(connection, tables.splits, rows, _SUMS)


def _told_apart(connection: Connection, referrers: Referrers, place: tuple[int, int, int], key: str) -> str:
    known = referrers.known.get(place)
    if known is None:
        split = tables.splits.c
        found = connection.scalars(
            select(split.key).where(
                split.scope == place[0],
                split.subject == place[1],
                split.day == place[2],
                split.dimension == "referrer",
                split.key != OTHER,
            )
        )
        known = referrers.known[place] = set(found)
    if key not in known:
        if len(known) >= REFERRERS:
            return OTHER
        known.add(key)
    return key


def _add_facts(connection: Connection, cells: Cells) -> None:
    facts = cells.facts
    names = tuple(column.name for column in tables.facts.primary_key)
    stored = {row[:6]: row[-1] for row in get(connection, tables.facts, names, facts)}
    rows = []
    for key, visitors in facts.items():
        told = [visitor for visitor in visitors if visitor]
        sketch = stored.get(key)
        if told:
            sketch = sketches.add(bytes(sketch) if sketch else None, told)[0]
        rows.append((*key, len(visitors), len(told), sketch))
    put(connection, tables.facts, rows, {"count": "sum", "told": "sum", "people": "new"})
