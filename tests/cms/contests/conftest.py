"""What tests with real threads need: an application whose commits stay."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from cms.core.config import read_config
from cms.core.database import db
from tests.databases import migrated_database


@pytest.fixture
def own_app(tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of its own."""
    with migrated_database(tmp_path) as url:
        app = create_app(
            read_config(
                {
                    "PARLEY_DATABASE_URL": url,
                    "PARLEY_DATA": str(tmp_path),
                    "PARLEY_SECRET_KEY": "only-for-tests-" + "x" * 32,
                    "PARLEY_LOG_LEVEL": "error",
                }
            )
        )
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()
