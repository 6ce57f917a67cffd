"""A real database for every test, undone by a savepoint; a fixed clock; no way out to the network."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from app import create_app
from campaigns.deliveries.engine import guarding
from cms.core import clock, schema, words
from cms.core.config import read_config
from cms.core.database import db
from tests.databases import close_databases, fresh_database, migrated_database

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogues once, before any test reads a page."""
    if not hasattr(config, "workerinput"):
        words.compile_all(ROOT)


class JourneysTogether(LoadScopeScheduling):
    """Journeys share one instance, so one process runs them all, the first of what it does; all else goes where there is
    room."""

    def _split_scope(self, nodeid: str) -> str:
        return "journeys" if nodeid.startswith("tests/journeys/") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> JourneysTogether:
    """Which process runs what."""
    return JourneysTogether(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what no database can change: the run on the second database leaves it out. What takes long comes first, so
    that at the end no process waits for another."""
    for item in items:
        if isinstance(item, pytest.Function) and not _asks_a_database(item):
            item.add_marker(pytest.mark.once)
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def _asks_a_database(item: pytest.Function) -> bool:
    """By the fixture below, or by making one of its own where the test or one of its fixtures is written."""
    fixtures = [one.func for found in item._fixtureinfo.name2fixturedefs.values() for one in found]
    written_in = [vars(item.module), *(getattr(one, "__globals__", {}) for one in fixtures)]
    makers = {"fresh_database", "migrated_database"}
    makes_one = any(makers & names.keys() for names in written_in if names is not globals())
    return "database_url" in item.fixturenames or makes_one


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The database of all tests that run in this process."""
    with fresh_database(tmp_path_factory.mktemp("database")) as url:
        yield url


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment the application under test is started with."""
    return {
        "PARLEY_DATABASE_URL": database_url,
        "PARLEY_DATA": str(tmp_path_factory.mktemp("data")),
        "PARLEY_BASE_URL": "http://localhost",
        "PARLEY_SECRET_KEY": "only-for-tests-" + "x" * 32,
        "PARLEY_LOG_LEVEL": "error",
    }


@pytest.fixture(scope="session")
def whole_app(settings: dict[str, str]) -> Iterator[Flask]:
    """The application, once, with its schema made by the migrations."""
    app = create_app(read_config(settings))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    # Tests hold an app context open, and requests inside it would share `g` and so the person who is signed in.
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: vars(g._get_current_object()).clear())
    with app.app_context():
        schema.migrate(db.engine)
    yield app
    close_databases(app)


@pytest.fixture
def app(whole_app: Flask) -> Iterator[Flask]:
    """The application inside one database transaction that is undone after the test."""
    with whole_app.app_context():
        engine = db.engine
        connection = engine.connect().execution_options(parley_write=True)
        outer = connection.begin()
        db._app_engines[whole_app][None] = connection  # type: ignore[assignment]
        db.session.configure(join_transaction_mode="create_savepoint")
        cache = whole_app.extensions["parley_pages"]
        cache.forget_everything()
        (whole_app.config["PARLEY"].data / guarding.FILE).unlink(
            missing_ok=True
        )  # what the last test sent was undone
        try:
            yield whole_app
        finally:
            db.session.remove()
            db._app_engines[whole_app][None] = engine
            outer.rollback()
            connection.close()


@pytest.fixture
def own_app(settings: dict[str, str], tmp_path: Path) -> Iterator[Flask]:
    """An application with a database, a store and a folder of its own, for tests that commit from several threads or run
    free."""
    with migrated_database(tmp_path) as url:
        own = create_app(
            read_config({**settings, "PARLEY_DATABASE_URL": url, "PARLEY_DATA": str(tmp_path / "data")})
        )
        own.config.update(TESTING=True)
        yield own
        with own.app_context():
            db.session.remove()
        close_databases(own)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without cookies."""
    return app.test_client()


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[datetime]:
    """It is noon on 21 November 2026, UTC."""
    with clock.stopped(NOW):
        yield NOW


@pytest.fixture(autouse=True)
def no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that opens a connection to anywhere but this machine fails."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else "unix"
        if host not in ("127.0.0.1", "::1", "localhost", "unix"):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def count_queries(app: Flask) -> Iterator[list[str]]:
    """The statements that were sent since, for tests that bound them."""
    from sqlalchemy import event

    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "PRAGMA")):
            statements.append(statement)

    connection = db.engines[None]
    event.listen(connection, "before_cursor_execute", note)
    yield statements
    event.remove(connection, "before_cursor_execute", note)
