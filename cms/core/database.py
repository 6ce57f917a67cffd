"""The database: SQLite in a file by default, PostgreSQL by one setting, the same code for both.

Reads may happen anywhere. Writes happen only inside `with transaction():`, which takes the write lock at
once; a flush outside it is an error. Instants are timezone-aware UTC, and a naive one is refused.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast

import psycopg
import pysqlite3.dbapi2
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, DateTime, Dialect, Engine, MetaData, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, registry
from sqlalchemy.pool import ConnectionPoolEntry, Pool
from sqlalchemy.types import TypeDecorator

from cms.core.errors import Problem

OLDEST_SQLITE = (3, 51, 3)  # older ones can corrupt a WAL database that two connections check-point
# Seconds that a writer waits for another on SQLite. It lets who waits look again every tenth of a second, in no order: in
# a rush, somebody can come too late again and again, and would be told to try later after a shorter time.
LONGEST_WAIT = 30
LONGEST_REST = 1.0  # seconds after which a connection is asked whether it lives
_LEFT_AT = "parley_left_at"
_WRITING = "parley_write"  # also the execution option that makes BEGIN IMMEDIATE; migrations set it by name


class Instant(TypeDecorator[datetime]):
    """A moment in time. Aware values only; stored in UTC; read back aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values, turn the others to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive instant {value!r}: give it a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite forgets the zone; it was UTC when it was written."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Localized(TypeDecorator[dict[str, str]]):
    """The same words in several languages: `{"en": "Hot focus", "zh": "热点"}`."""

    impl = JSON
    cache_ok = True


class Base(DeclarativeBase):
    """Parent of every model. Constraints get predictable names, so migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )

    registry = registry(
        type_annotation_map={
            datetime: Instant,
            dict[str, str]: Localized,
            dict[str, Any]: JSON,
            list[Any]: JSON,
        }
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


def engine_options(url: str) -> dict[str, Any]:
    """What `create_engine` needs for this address, besides the address."""
    if make_url(url).get_backend_name() == "sqlite":
        if pysqlite3.dbapi2.sqlite_version_info < OLDEST_SQLITE:
            raise Problem(
                f"SQLite {pysqlite3.dbapi2.sqlite_version} is too old: it can damage the database file. "
                f"Parley needs {'.'.join(map(str, OLDEST_SQLITE))} or newer; run `make setup` again."
            )
        return {"module": pysqlite3.dbapi2, "connect_args": {"timeout": LONGEST_WAIT}}
    return {
        "max_overflow": 25,  # a worker has up to 24 deliveries under way, beside its jobs
        "pool_timeout": 2,
        "connect_args": {
            "connect_timeout": 3,
            "options": "-c statement_timeout=15000 -c idle_in_transaction_session_timeout=30000 -c timezone=UTC",
        },
    }


@contextmanager
def transaction() -> Iterator[None]:
    """Run a block as one write: all of it or nothing.

    It never nests. It ends the read that came before, so that nothing is decided on a stale copy, and takes
    the write lock at once (on SQLite `BEGIN IMMEDIATE`), so that two writers queue instead of failing.
    """
    session = db.session()
    if session.info.get(_WRITING):
        raise RuntimeError("transactions do not nest")
    session.rollback()
    session.info[_WRITING] = True
    try:
        session.connection(execution_options={_WRITING: True})
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(_WRITING, None)


def insert_into(table: Any) -> postgresql.Insert:
    """An insert that can give way to a row that is there (`on_conflict_…`), as the database in use wants it."""
    if db.session.get_bind().dialect.name == "sqlite":
        return cast(postgresql.Insert, sqlite.insert(table))  # the same methods by the same names
    return postgresql.insert(table)


@contextmanager
def working_on(engine: Engine) -> Iterator[None]:
    """Inside, everything here reads and writes the database of another engine: one that is not in its place yet."""
    engines = cast(dict[str | None, Engine], db.engines)
    usual = engines[None]
    db.session.remove()
    engines[None] = engine
    try:
        yield
    finally:
        db.session.remove()
        engines[None] = usual


def is_writing() -> bool:
    """Whether a transaction is open in this thread."""
    return bool(db.session().info.get(_WRITING))


@event.listens_for(Session, "before_flush")
def _refuse_stray_flush(session: Session, context: Any, instances: Any) -> None:
    if not session.info.get(_WRITING) and (session.new or session.dirty or session.deleted):
        raise RuntimeError("a write outside a transaction: open one with `with transaction():`")


@event.listens_for(Session, "do_orm_execute")
def _refuse_stray_statement(state: ORMExecuteState) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and not state.session.info.get(_WRITING):
        raise RuntimeError("a write outside a transaction: open one with `with transaction():`")


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: DBAPIConnection, record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection | pysqlite3.dbapi2.Connection):
        return
    connection.isolation_level = None  # we say BEGIN ourselves, in `_begin`
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={LONGEST_WAIT * 1000}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Pool, "checkin")
def _note_when_left(connection: Any, record: ConnectionPoolEntry) -> None:
    record.info[_LEFT_AT] = time.monotonic()


@event.listens_for(Pool, "checkout")
def _ask_whether_it_lives(connection: Any, record: ConnectionPoolEntry, fairy: Any) -> None:
    """A connection that rested for long may have been cut off: by a server that was restarted, or a firewall. Asking
    each time, as the pool does by itself, is a journey to the server for every transaction."""
    left_at = record.info.get(_LEFT_AT)
    if left_at is None or time.monotonic() - left_at < LONGEST_REST:
        return
    if not isinstance(connection, psycopg.Connection):
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error as problem:
        raise InvalidatePoolError from problem  # all of them rested, and are made anew


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writing = connection.get_execution_options().get(_WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
