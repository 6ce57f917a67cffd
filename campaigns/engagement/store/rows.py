"""Many rows at once, through the driver itself: on SQLite prepared statements, on PostgreSQL a list for each column, or
of very many rows `COPY` and a merge.

SQLAlchemy builds the statements; it is left out only where every row would pay for it.
"""

import gc
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql

AT_ONCE = 500  # parts of one question
FEW = 1_000  # rows that PostgreSQL takes as lists: a table to copy them to would cost it more than they do
MOST_KEYS = 20_000  # of rows that are asked for by one
Row = Sequence[Any]
_POSTGRESQL: Any = postgresql.dialect()  # type: ignore[no-untyped-call]


def is_postgresql(connection: Connection) -> bool:
    """Whether rows go by `COPY`."""
    return connection.dialect.name == "postgresql"


def put(
    connection: Connection, table: Table, rows: Iterable[Row], how: Mapping[str, str] | None = None
) -> None:
    """Insert rows, whose values stand in the order of the columns, or change those that are there.

    `how` says for each column that is no key what becomes of it: `new`, `sum`, or `most`; without it a row that is
    there stays as it is.
    """
    some = list(rows)
    if not some:
        return
    if is_postgresql(connection):
        write = _copy if len(some) > FEW else _send
        write(connection, table, some, how)
        return
    cursor = connection.connection.cursor()
    try:
        for marks, alike in _by_what_lacks(table, some):
            insert = f"INSERT INTO {table.name} VALUES ({marks}) {_conflict(table, how)}"  # noqa: S608 - our own names
            cursor.executemany(insert, alike)
    finally:
        cursor.close()


def get(connection: Connection, table: Table, columns: Sequence[str], keys: Iterable[Any]) -> Iterator[Any]:
    """Rows, as tuples, by the values of some columns (one: plain values, more: tuples), in any order."""
    is_one, wanted = len(columns) == 1, list(keys)
    question = _question(connection.dialect.name, table, tuple(columns))
    for some in batched(wanted, MOST_KEYS):
        lists: tuple[Any, ...] = (json.dumps(some),)
        if is_postgresql(connection):
            lists = (some,) if is_one else tuple(map(list, zip(*some, strict=True)))
        cursor = connection.connection.cursor()
        try:
            yield from cursor.execute(question, lists).fetchall()
        finally:
            cursor.close()


@contextmanager
def no_search_for_circles() -> Iterator[None]:
    """Lines, events and cells never point in circles, and there are many: looking for some would cost up to half as much
    again as reading them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def batched(rows: Iterable[Any], many: int) -> Iterator[list[Any]]:
    """So many at a time."""
    left = iter(rows)
    while some := list(islice(left, many)):
        yield some


@cache
def _question(dialect: str, table: Table, columns: tuple[str, ...]) -> str:
    """All keys in one value each column on PostgreSQL, in one text on SQLite: composing marks for each would cost more
    than finding the rows. SQLite is told to go from keys to rows."""
    if dialect == "postgresql":
        named = ", ".join(f"k{number}" for number, _ in enumerate(columns))
        keys = f"{_lists(table, columns)} AS keys({named}) JOIN"
        same = [f't."{name}" = keys.k{number}' for number, name in enumerate(columns)]
    else:
        keys = "json_each(?) AS keys CROSS JOIN"
        parts = (
            ["keys.value"]
            if len(columns) == 1
            else [f"keys.value ->> {one}" for one, _ in enumerate(columns)]
        )
        same = [f't."{name}" = {part}' for name, part in zip(columns, parts, strict=True)]
    return f"SELECT t.* FROM {keys} {table.name} AS t ON {' AND '.join(same)}"  # noqa: S608 - our own names


def _by_what_lacks(table: Table, rows: list[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Marks, and the rows they fit. SQLite's driver takes longer over one None than over a whole row without any, so what
    is not there stands in the statement."""
    may_lack = [number for number, column in enumerate(table.columns) if column.nullable]
    groups: dict[tuple[int, ...], list[Row]] = {}
    if not may_lack:
        groups[()] = rows
    else:
        for row in rows:
            groups.setdefault(tuple([one for one in may_lack if row[one] is None]), []).append(row)
    for lacking, alike in groups.items():
        marks = ["NULL" if number in lacking else "?" for number, _ in enumerate(table.columns)]
        there = itemgetter(*(number for number, mark in enumerate(marks) if mark == "?"))
        yield ", ".join(marks), list(map(there, alike)) if lacking else alike


def _send(connection: Connection, table: Table, rows: list[Row], how: Mapping[str, str] | None) -> None:
    names = tuple(column.name for column in table.columns)
    into = ", ".join(f'"{name}"' for name in names)
    said = f"INSERT INTO {table.name} ({into}) SELECT * FROM {_lists(table, names)} {_conflict(table, how)}"  # noqa: S608 - our own names
    cursor = connection.connection.cursor()
    try:
        cursor.execute(said, [list(column) for column in zip(*rows, strict=True)])
    finally:
        cursor.close()


@cache
def _lists(table: Table, names: tuple[str, ...]) -> str:
    """As many lists as rows side by side; the marks stand for them."""
    types = (table.c[name].type.compile(_POSTGRESQL) for name in names)
    return f"unnest({', '.join(f'%s::{one}[]' for one in types)})"


def _copy(connection: Connection, table: Table, rows: list[Row], how: Mapping[str, str] | None) -> None:
    cursor = connection.connection.cursor()
    try:
        cursor.execute(
            f"CREATE TEMPORARY TABLE IF NOT EXISTS new_{table.name} (LIKE {table.name} INCLUDING DEFAULTS)"
            " ON COMMIT DELETE ROWS"
        )
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        with cursor.copy(f"COPY new_{table.name} ({names}) FROM STDIN") as copying:
            for row in rows:
                copying.write_row(row)
        merge = f"INSERT INTO {table.name} ({names}) SELECT {names} FROM new_{table.name}"  # noqa: S608 - our own names
        cursor.execute(f"{merge} {_conflict(table, how)}")
        cursor.execute(f"TRUNCATE new_{table.name}")
    finally:
        cursor.close()


def _conflict(table: Table, how: Mapping[str, str] | None) -> str:
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key)
    if not how:
        return f"ON CONFLICT ({keys}) DO NOTHING"
    changes = ", ".join(_change(table.name, name, what) for name, what in how.items())
    return f"ON CONFLICT ({keys}) DO UPDATE SET {changes}"


@cache
def _change(table: str, name: str, what: str) -> str:
    old, new = f'{table}."{name}"', f'excluded."{name}"'
    said = {
        "new": new,
        "sum": f"{old} + {new}",
        "most": f"CASE WHEN {new} > {old} THEN {new} ELSE {old} END",
    }
    return f'"{name}" = {said[what]}'
