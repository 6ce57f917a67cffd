"""The pyramid of sketches: nodes of 1, 4, 16 and 64 days, so that a year is the union of some twenty of them.

Nodes of one day are written with every batch. Those above are built from the four below once all their days are over:
`closed` in `ev_meta` says up to which day. What comes late changes its day and puts that into `ev_dirty`; until the
nodes above are built anew, readers go around them.
"""

from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, select, update

from campaigns.engagement.store import sketches, tables
from campaigns.engagement.store.rows import put

LEVELS = 4  # of nodes: 4 ** level days
AT_A_TIME = 16  # days that are closed in one transaction: others write between
Node = tuple[int, int]  # level and number
_sketch = tables.sketches.c


def cover(since: int, until: int, *, closed: int, dirty: Collection[int] = ()) -> Iterator[Node]:
    """The fewest nodes that make up the days from `since` to before `until`, of those that may be used."""
    day = since
    while day < until:
        level = max(
            level
            for level in range(LEVELS)
            if level == 0 or _is_usable(day, 4**level, until=min(until, closed), dirty=dirty)
        )
        yield level, day >> 2 * level
        day += 4**level


def steps(connection: Connection, *, before: int) -> list[int]:
    """Days before which to `close`, one after the other, until all before that day are."""
    start = max(_closed(connection), _first(connection) or before)
    return [*range(start + AT_A_TIME, before, AT_A_TIME), before]


def close(connection: Connection, *, before: int) -> int:
    """Build the nodes whose days are all over before that day, and those below which something changed. Gives how
    many were written."""
    closed, first = _closed(connection), _first(connection)
    done = _mend(connection, closed)
    if first is not None and before > closed:
        for level in range(1, LEVELS):
            size = 4**level
            for node in range(max(closed, first) // size, before // size):
                done += _build(connection, level, node)
        connection.execute(update(tables.meta).where(tables.meta.c.name == "closed").values(value=before))
    return done


def _closed(connection: Connection) -> int:
    return connection.scalar(select(tables.meta.c.value).where(tables.meta.c.name == "closed")) or 0


def _first(connection: Connection) -> int | None:
    found: int | None = connection.scalar(select(func.min(_sketch.node)).where(_sketch.level == 0))
    return found


def _is_usable(day: int, size: int, *, until: int, dirty: Collection[int]) -> bool:
    if day % size or day + size > until:
        return False
    return not any(day <= one < day + size for one in dirty)


def _mend(connection: Connection, closed: int) -> int:
    """Build anew what is above days that changed after they were closed."""
    done = 0
    of = tables.dirty.c
    changed = connection.execute(select(of.scope, of.subject, of.metric, of.channel, of.day)).all()
    for level in range(1, LEVELS):
        size = 4**level
        for *key, node in sorted(
            {(*row[:4], row[4] // size) for row in changed if row[4] < closed // size * size}
        ):
            scope, subject, metric, channel = key
            mine = (
                (_sketch.scope == scope)
                & (_sketch.subject == subject)
                & (_sketch.metric == metric)
                & (_sketch.channel == channel)
            )
            done += _write(connection, level, node, _children(level, node).where(mine))
    connection.execute(delete(tables.dirty))
    return done


def _build(connection: Connection, level: int, node: int) -> int:
    return _write(connection, level, node, _children(level, node))


def _children(level: int, node: int) -> Select[Any]:
    below = range(4 * node, 4 * node + 4)
    names = (_sketch.scope, _sketch.subject, _sketch.metric, _sketch.channel)
    return (
        select(*names, _sketch.people)
        .where(_sketch.level == level - 1, _sketch.node.in_(below))
        .order_by(*names)
    )


def _write(connection: Connection, level: int, node: int, children: Select[Any]) -> int:
    rows = []
    for key, many in groupby(connection.execute(children), key=_place):
        united = sketches.unite(bytes(row.people) for row in many)
        rows.append((*key, level, node, united))
    put(connection, tables.sketches, rows, {"people": "new"})
    return len(rows)


def _place(row: Row[Any]) -> tuple[int, int, int, str]:
    return row.scope, row.subject, row.metric, row.channel
