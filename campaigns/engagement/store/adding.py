"""One batch into the tables: what it is about is read, added up, and written, inside a transaction of somebody else."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from campaigns.engagement.store import sketches, tables
from campaigns.engagement.store.events import COLUMNS, METRICS, OTHER, Event
from campaigns.engagement.store.folding import Cells, Counts, State, fact_number, spread
from campaigns.engagement.store.rows import get, put

REFERRERS = 50  # told apart of one subject on one day; those that come after them are "other"
_SUMS = dict.fromkeys(COLUMNS, "sum")
_VIEW = tuple(column.name for column in tables.views.columns)
_CLICK = tuple(column.name for column in tables.clicks.columns)


@dataclass
class Referrers:
    """Which referrers of a subject and day are told apart, as far as this process has looked."""

    known: dict[tuple[int, int, int], set[str]] = field(default_factory=dict)


def load(connection: Connection, events: Sequence[Event]) -> State:
    """What is known of the views, clicks and visitors that these events speak of."""
    state = State()
    done = [event for event in events if event.line.kind == "fact"]
    views = {line.view for event in events if (line := event.line).view and line.kind != "fact"}
    views |= {fact_number(event) for event in done if event.line.view}
    clicks = {event.line.click for event in events if event.line.click}
    doers = {event.line.visitor for event in done} - {0}
    for row in get(connection, tables.views, ["view"], views):
        state.views[row.view] = dict(zip(_VIEW, row, strict=True))
    for row in get(connection, tables.clicks, ["click"], clicks):
        state.clicks[row.click] = dict(zip(_CLICK, row, strict=True))
    for row in get(connection, tables.arrivals, ["visitor"], doers):
        state.arrivals[row.visitor] = row.window, row.channel
    return state


def add_up(
    connection: Connection, state: State, referrers: Referrers, *, closed: int, first_day: int = -1
) -> None:
    """Write what has changed. `closed`: days before it are in the pyramid already; days before `first_day` stay."""
    cells = spread(state)
    put(
        connection,
        tables.views,
        [tuple(state.views[one].values()) for one in state.changed_views],
        dict.fromkeys(("opened", "deltas", "seconds", "engaged", "depth"), "new"),
    )
    put(
        connection,
        tables.clicks,
        [tuple(state.clicks[one].values()) for one in state.changed_clicks],
        dict.fromkeys(_CLICK[2:], "new"),
    )
    put(
        connection,
        tables.arrivals,
        [(visitor, *state.arrivals[visitor]) for visitor in state.changed_arrivals],
        {"window": "new", "channel": "new"},
    )
    put(connection, tables.windows, [one for one in state.windows if one[0] >= first_day])
    put(connection, tables.hours, [(*key, *counts) for key, counts in cells.hours.items()], _SUMS)
    _add_days(connection, cells, closed, first_day)
    _add_splits(connection, cells, referrers, first_day)
    _add_facts(connection, state, first_day)


def _add_days(connection: Connection, cells: Cells, closed: int, first_day: int) -> None:
    """Counts of days, and people: the sketch of each cell with those who are new, and the number it gives."""
    met = {key: visitors for key, visitors in cells.people.items() if key[4] >= first_day}
    stored = _sketches(connection, met)
    people: dict[tuple[int, int, int, str], list[int]] = defaultdict(lambda: [0] * len(METRICS))
    rows = []
    for (scope, subject, metric, channel, day), visitors in met.items():
        sketch, number = sketches.add(stored.get((scope, subject, metric, channel, day)), visitors)
        people[scope, subject, day, channel][metric] = number
        rows.append((scope, subject, metric, channel, 0, day, sketch))
    put(connection, tables.sketches, rows, {"people": "new"})
    put(connection, tables.dirty, [key for key in met if key[4] < closed])
    nothing = (0,) * len(COLUMNS)
    days = {key: tuple(counts) for key, counts in cells.days.items() if key[2] >= first_day}
    put(
        connection,
        tables.days,
        [
            (*key, *days.get(key, nothing), *people.get(key, (0,) * len(METRICS)))
            for key in days.keys() | people.keys()
        ],
        _SUMS | dict.fromkeys(METRICS, "most"),
    )


def _sketches(
    connection: Connection, wanted: Iterable[tuple[int, int, int, str, int]]
) -> dict[tuple[int, int, int, str, int], bytes]:
    keys = [(scope, subject, metric, channel, 0, day) for scope, subject, metric, channel, day in wanted]
    names = ("scope", "subject", "metric", "channel", "level", "node")
    return {
        (scope, subject, metric, channel, day): bytes(people)
        for scope, subject, metric, channel, _, day, people in get(connection, tables.sketches, names, keys)
    }


def _add_splits(connection: Connection, cells: Cells, referrers: Referrers, first_day: int) -> None:
    rows: dict[tuple[int, int, int, str, str], Counts] = {}
    for (scope, subject, day, dimension, key), counts in cells.splits.items():
        if day < first_day:
            continue
        if dimension == "referrer":
            key = _told_apart(connection, referrers, (scope, subject, day), key)
        place = scope, subject, day, dimension, key
        before = rows.get(place)
        rows[place] = counts if before is None else [a + b for a, b in zip(before, counts, strict=True)]
    put(connection, tables.splits, [(*key, *counts) for key, counts in rows.items()], _SUMS)


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


def _add_facts(connection: Connection, state: State, first_day: int) -> None:
    facts = {key: visitors for key, visitors in state.facts.items() if key[2] >= first_day}
    names = tuple(column.name for column in tables.facts.primary_key)
    stored = {tuple(row[:6]): row.people for row in get(connection, tables.facts, names, facts)}
    rows = []
    for key, visitors in facts.items():
        told = [visitor for visitor in visitors if visitor]
        sketch = stored.get(key)
        if told:
            sketch = sketches.add(bytes(sketch) if sketch else None, told)[0]
        rows.append((*key, len(visitors), len(told), sketch))
    put(connection, tables.facts, rows, {"count": "sum", "told": "sum", "people": "new"})
