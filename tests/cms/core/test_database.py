import multiprocessing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, event, func, insert, select, text, update

from cms.core import clock, schema
from cms.core.database import Base, db, engine_options, transaction
from cms.core.models import Attempt
from tests.databases import KIND, fresh_database
from tests.factories import nadia


def rows() -> int:
    return db.session.scalar(select(func.count()).select_from(Attempt)) or 0


def test_a_transaction_is_all_or_nothing(app: Flask) -> None:
    class Stop(Exception):
        pass

    def write_and_fail() -> None:
        with transaction():
            db.session.add(Attempt(key="a", at=clock.now()))
            db.session.flush()
            raise Stop

    with pytest.raises(Stop):
        write_and_fail()
    assert rows() == 0
    with transaction():
        db.session.add(Attempt(key="a", at=clock.now()))
    assert rows() == 1


def test_transactions_do_not_nest(app: Flask) -> None:
    def nest() -> None:
        with transaction(), transaction():
            pass

    with pytest.raises(RuntimeError, match="do not nest"):
        nest()


def test_a_write_outside_a_transaction_is_an_error(app: Flask) -> None:
    db.session.add(Attempt(key="a", at=clock.now()))
    with pytest.raises(RuntimeError, match="outside a transaction"):
        db.session.flush()
    db.session.rollback()
    with pytest.raises(RuntimeError, match="outside a transaction"):
        db.session.execute(update(Attempt).values(key="b"))
    db.session.rollback()


def test_a_naive_instant_is_refused_and_an_aware_one_comes_back_in_utc(app: Flask) -> None:
    person = nadia()
    assert person.created_at == clock.now()
    assert person.created_at.utcoffset() is not None
    with pytest.raises(Exception, match="naive"), transaction():
        db.session.add(Attempt(key="a", at=datetime(2026, 1, 1)))  # noqa: DTZ001 - that is the point


def test_relationships_that_a_query_did_not_ask_for_are_refused(app: Flask) -> None:
    lazy = {
        f"{mapper.class_.__name__}.{relation.key}"
        for mapper in Base.registry.mappers
        for relation in mapper.relationships
        if relation.lazy != "raise"
    }
    assert lazy == set()


def test_migrating_again_changes_nothing(tmp_path: Path) -> None:
    with fresh_database(tmp_path) as url:
        engine = create_engine(url, **engine_options(url))
        before, head = schema.migrate(engine)
        assert before is None
        assert schema.migrate(engine) == (head, head)
        engine.dispose()


def test_a_newer_schema_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with fresh_database(tmp_path) as url:
        engine = create_engine(url, **engine_options(url))
        schema.migrate(engine)
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999_from_the_future'"))
        with pytest.raises(schema.NewerSchema, match="newer Parley"):
            schema.migrate(engine)
        engine.dispose()


if KIND == "sqlite":

    def test_every_pooled_connection_is_safe(whole_app: Flask) -> None:
        with whole_app.app_context(), db.engine.connect() as one, db.engine.connect() as two:
            for connection in (one, two):
                said = {
                    name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                    for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
                }
                assert said == {
                    "journal_mode": "wal",
                    "synchronous": 2,
                    "foreign_keys": 1,
                    "busy_timeout": 30000,
                }
                version = tuple(
                    map(int, str(connection.exec_driver_sql("SELECT sqlite_version()").scalar()).split("."))
                )
                assert version >= (3, 51, 3)

    def test_a_write_takes_its_lock_at_once(whole_app: Flask) -> None:
        said: list[str] = []
        with whole_app.app_context():
            event.listen(
                db.engine, "before_cursor_execute", lambda c, cursor, statement, *rest: said.append(statement)
            )
            with transaction():
                pass
            db.session.execute(select(Attempt.id))
            db.session.rollback()
        assert [one for one in said if one.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN"]


def _count_up(url: str, times: int, failures: Any) -> None:
    engine: Engine = create_engine(url, **engine_options(url))
    try:
        for _ in range(times):
            with engine.connect().execution_options(parley_write=True) as connection:
                lock = "" if url.startswith("sqlite") else " FOR UPDATE"
                key = int(connection.scalar(text(f"SELECT key FROM attempts WHERE id = 1{lock}")))
                connection.execute(text("UPDATE attempts SET key = :key WHERE id = 1"), {"key": str(key + 1)})
                connection.commit()
    except Exception as error:
        failures.put(repr(error))
        raise
    finally:
        engine.dispose()


@pytest.mark.slow
def test_many_processes_counting_at_once_lose_nothing(tmp_path: Path) -> None:
    with fresh_database(tmp_path) as url:
        engine = create_engine(url, **engine_options(url))
        schema.migrate(engine)
        with engine.connect().execution_options(parley_write=True) as connection:
            connection.execute(insert(Attempt).values(id=1, key="0", at=clock.now()))
            connection.commit()
        engine.dispose()
        context = multiprocessing.get_context("spawn")
        failures = context.Queue()
        workers = [context.Process(target=_count_up, args=(url, 100, failures)) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT key FROM attempts WHERE id = 1")) == "400"
            if KIND == "sqlite":
                assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert failures.empty()
        engine.dispose()
