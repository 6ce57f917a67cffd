"""Databases for tests, of the kind that `PARLEY_TEST_DATABASE` names: `sqlite` (default) or `postgresql`."""

import atexit
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import create_engine, make_url, text

from cms.core import schema
from cms.core.database import db, engine_options

KIND = os.environ.get("PARLEY_TEST_DATABASE", "sqlite")
POSTGRESQL = os.environ.get("PARLEY_TEST_POSTGRESQL_URL", "postgresql+psycopg://root@127.0.0.1:5432/postgres")


@contextmanager
def fresh_database(folder: Path, *, like: str | None = None) -> Iterator[str]:
    """The address of a database that nobody else uses, removed afterwards: an empty one, or a copy of the one at `like`,
    which nobody may have open."""
    origin = make_url(like).database if like else None
    if KIND == "sqlite":
        if origin:
            shutil.copyfile(origin, folder / "test.db")
        yield f"sqlite:///{folder / 'test.db'}"
        return
    name = f"parley_test_{uuid.uuid4().hex[:12]}"
    server = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{origin or "template1"}"'))
    try:
        yield make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        server.dispose()


@contextmanager
def migrated_database(folder: Path) -> Iterator[str]:
    """One with the newest schema. The migrations are tested elsewhere: they run once for all tests of this process."""
    with fresh_database(folder, like=_migrated()) as url:
        yield url


@cache
def _migrated() -> str:
    """What the copies are made of."""
    kept = ExitStack()
    atexit.register(kept.close)
    url = kept.enter_context(fresh_database(Path(kept.enter_context(TemporaryDirectory()))))
    engine = create_engine(url, **engine_options(url))
    schema.migrate(engine)
    engine.dispose()
    return url


def close_databases(app: Flask) -> None:
    """End the connections of an application, and of its store of figures where somebody asked for them."""
    with app.app_context():
        db.engine.dispose()
    store = app.extensions["parley_store"]
    if "engine" in vars(store):
        store.engine.dispose()
