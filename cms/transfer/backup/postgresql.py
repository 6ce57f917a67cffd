"""Every table of a PostgreSQL database by `COPY`, out of one snapshot and into an empty database."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, text

from cms.core.database import Base

_TABLES = text(
    "SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position) FROM information_schema.columns "
    "JOIN information_schema.tables USING (table_schema, table_name) WHERE table_schema = current_schema() "
    "AND table_type = 'BASE TABLE' AND is_generated = 'NEVER' GROUP BY table_name ORDER BY table_name"
)
STEPS = "alembic_version"  # says the schema; written by migrations, not by us


def tables(connection: Connection) -> dict[str, list[str]]:
    """Each table with its columns, except those the database works out by itself."""
    return {name: columns for name, columns in connection.execute(_TABLES) if name != STEPS}


def is_empty(connection: Connection) -> bool:
    """Whether none of our own tables holds a row."""
    quote = connection.dialect.identifier_preparer.quote
    return not any(
        connection.scalar(text(f"SELECT EXISTS (SELECT 1 FROM {quote(name)})"))  # noqa: S608 - names quoted
        for name in tables(connection).keys() & Base.metadata.tables.keys()
    )


def copy_out(connection: Connection, name: str, columns: list[str]) -> Iterator[bytes]:
    """The rows of a table in PostgreSQL's text form, a piece at a time."""
    with (
        _cursor(connection) as cursor,
        cursor.copy(f"COPY {_named(connection, name, columns)} TO STDOUT") as copy,
    ):
        yield from map(bytes, copy)


def copy_in(connection: Connection, name: str, columns: list[str], pieces: Iterable[bytes]) -> None:
    """Those rows into a table."""
    with (
        _cursor(connection) as cursor,
        cursor.copy(f"COPY {_named(connection, name, columns)} FROM STDIN") as copy,
    ):
        for piece in pieces:
            copy.write(piece)


def _cursor(connection: Connection) -> Any:
    driver = connection.connection.driver_connection
    assert driver is not None
    return driver.cursor()


def _named(connection: Connection, name: str, columns: list[str]) -> str:
    quote = connection.dialect.identifier_preparer.quote
    return f"{quote(name)} ({', '.join(map(quote, columns))})"
