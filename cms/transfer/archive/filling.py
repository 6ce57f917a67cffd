"""Rows into an empty database, with the numbers they had: all of them or none.

Rows may point at rows that come later (a post at its live revision, a comment at the one it answers), so whether
everything points somewhere is asked when all are there.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from sqlalchemy import JSON, Connection, Table, column, select, table, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.expression import TableClause

from cms.core.errors import Conflict, Invalid

AT_ONCE = 500  # rows in one statement
Row = dict[str, Any]
_KEYS = text(
    "SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint "
    "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2"
)


class NotEmpty(Conflict):
    """An archive never mixes with somebody's work."""

    message = "There is something in this database already. This goes only into an empty one."


class PointsNowhere(Invalid):
    """Not everything is there that rows speak of."""


def refuse_filled(connection: Connection, tables: Iterable[Table]) -> None:
    """Raise `NotEmpty` when one of them holds a row."""
    for one in tables:
        if connection.execute(select(text("1")).select_from(one).limit(1)).first() is not None:
            raise NotEmpty


@contextmanager
def any_order(connection: Connection) -> Iterator[None]:
    """Inside, rows may point at rows that come later; at the end everything is checked. Inside a transaction.

    PostgreSQL's keys are made to wait for the time of this transaction, and no other connection sees that.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        yield
        if (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").first()) is not None:
            raise PointsNowhere(f"A row of {lost[0]} points at one of {lost[2]} that is not there.")
        return
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    keys = connection.execute(_KEYS).all()
    for owner, name in keys:
        connection.exec_driver_sql(
            f"ALTER TABLE {owner} ALTER CONSTRAINT {name} DEFERRABLE INITIALLY DEFERRED"
        )
    yield
    try:
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        raise PointsNowhere(f"A row points at one that is not there: {error.orig}") from error
    for owner, name in keys:
        connection.exec_driver_sql(f"ALTER TABLE {owner} ALTER CONSTRAINT {name} NOT DEFERRABLE")


def insert_rows(connection: Connection, target: Table, rows: Iterator[Row]) -> Iterator[int]:
    """Put rows into a table, some at a time; gives after each time how many. What a row does not name holds nothing."""
    bare = _without_defaults(target)
    names = [one.name for one in target.columns]
    while batch := list(islice(rows, AT_ONCE)):
        connection.execute(bare.insert(), [{name: row.get(name) for name in names} for row in batch])
        yield len(batch)


def move_counters(connection: Connection) -> None:
    """PostgreSQL counts numbers beside the rows: go on after the highest there is."""
    if connection.dialect.name == "sqlite":
        return
    quote = connection.dialect.identifier_preparer.quote
    found = connection.execute(
        text(
            "SELECT c.relname, a.attname, pg_get_serial_sequence(quote_ident(c.relname), a.attname) "
            "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
            "WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace "
            "AND pg_get_serial_sequence(quote_ident(c.relname), a.attname) IS NOT NULL"
        )
    )
    for table_name, name, sequence in found.all():
        connection.execute(
            text(
                f"SELECT setval(:sequence, max({quote(name)})) FROM {quote(table_name)} "  # noqa: S608 - quoted names
                f"HAVING max({quote(name)}) IS NOT NULL"
            ),
            {"sequence": sequence},
        )


def _without_defaults(target: Table) -> TableClause:
    """The same columns, where None is nothing and not what a new row would get."""
    return table(
        target.name,
        *(
            column(one.name, JSON(none_as_null=True) if _is_json(one.type) else one.type)
            for one in target.columns
        ),
    )


def _is_json(kind: Any) -> bool:
    return isinstance(getattr(kind, "impl_instance", kind), JSON)
