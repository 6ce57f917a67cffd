from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from cms.core.config import read_config
from cms.core.database import db
from tests.databases import migrated_database


@pytest.fixture
def own_app(settings: dict[str, str], tmp_path: Path) -> Iterator[Flask]:
    """An application with a database and a store of its own, for tests in which several threads commit."""
    with migrated_database(tmp_path) as url:
        app = create_app(
            read_config(
                {**settings, "PARLEY_DATABASE_URL": url, "PARLEY_STORAGE_URL": str(tmp_path / "store")}
            )
        )
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
