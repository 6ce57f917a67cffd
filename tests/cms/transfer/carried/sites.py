"""Whole sites with a database and a data folder of their own, for what goes from one to another."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from app import create_app
from cms.core.config import read_config
from cms.core.database import Base, db
from tests.databases import close_databases, fresh_database, migrated_database

CANARY = "canary-credential-51c3"


@contextmanager
def site(folder: Path, *, has_tables: bool = True) -> Iterator[Flask]:
    """An empty site, in its application context."""
    folder.mkdir()
    with (migrated_database if has_tables else fresh_database)(folder) as url:
        environment = {
            "PARLEY_DATABASE_URL": url,
            "PARLEY_DATA": str(folder / "data"),
            "PARLEY_BASE_URL": "http://localhost",
            "PARLEY_SECRET_KEY": "only-for-tests-" + "x" * 32,
            "PARLEY_LOG_LEVEL": "error",
        }
        app = create_app(read_config(environment))
        with app.app_context():
            try:
                yield app
            finally:
                db.session.remove()
                close_databases(app)


def run(command: click.Command, *arguments: object) -> str:
    """Call a command in this process; gives what it printed, raises what it raised."""
    result = CliRunner().invoke(command, [str(one) for one in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def rows() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with db.engine.connect() as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in Base.metadata.sorted_tables
        }
