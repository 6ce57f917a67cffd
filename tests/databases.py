"""Empty databases for tests, of the kind that `PARLEY_TEST_DATABASE` names: `sqlite` (default) or `postgresql`."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, make_url, text

from cms.core.database import db

KIND = os.environ.get("PARLEY_TEST_DATABASE", "sqlite")
POSTGRESQL = os.environ.get("PARLEY_TEST_POSTGRESQL_URL", "postgresql+psycopg://root@127.0.0.1:5432/postgres")


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    """The address of an empty database that nobody else uses, removed afterwards."""
    if KIND == "sqlite":
        yield f"sqlite:///{folder / 'test.db'}"
        return
    name = f"parley_test_{uuid.uuid4().hex[:12]}"
    server = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        yield make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        server.dispose()


def close_databases(app: Flask) -> None:
    """End the connections of an application, and of its store of figures where somebody asked for them."""
    with app.app_context():
        db.engine.dispose()
    store = app.extensions["parley_store"]
    if "engine" in vars(store):
        store.engine.dispose()
