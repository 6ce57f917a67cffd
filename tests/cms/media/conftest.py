import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url, text

from app import create_app
from cms.core import schema
from cms.core.config import read_config
from cms.core.database import db


@pytest.fixture
def own_app(settings: dict[str, str], tmp_path: Path) -> Iterator[Flask]:
    """An application with a database and a store of its own, for tests in which several threads commit."""
    url = make_url(settings["PARLEY_DATABASE_URL"])
    name = f"parley_test_{uuid.uuid4().hex[:12]}"
    if url.get_backend_name() == "sqlite":
        own, server = f"sqlite:///{tmp_path / 'own.db'}", None
    else:
        server = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        own = url.set(database=name).render_as_string(hide_password=False)
    app = create_app(
        read_config({**settings, "PARLEY_DATABASE_URL": own, "PARLEY_STORAGE_URL": str(tmp_path / "store")})
    )
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        schema.migrate(db.engine)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if server is not None:
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        server.dispose()
