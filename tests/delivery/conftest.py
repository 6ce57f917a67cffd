"""The engine in this process, on the database of the test; and networks that it may reach."""

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network

import pytest
from flask import Flask
from sqlalchemy import text

from app import create_app
from campaigns.deliveries.composing import Composed
from campaigns.deliveries.engine import preparing, wishing
from campaigns.deliveries.models import Delivery
from cms.core import clock, schema
from cms.core.config import read_config
from cms.core.database import db, transaction
from cms.posts.models import Post
from tests.conftest import NOW
from tests.databases import KIND, fresh_database
from tests.delivery import board
from tests.delivery.making import message
from tests.delivery.processes import Workers, workers
from tests.networks import running

LOOPBACK = ip_network("127.0.0.0/8")
collect_ignore = (
    [] if KIND == "postgresql" else ["test_lost_lines.py"]
)  # a file has no line that could be cut


@pytest.fixture(autouse=True)
def known_networks() -> None:
    board.install()


@pytest.fixture
def reaching(app: Flask) -> Iterator[Flask]:
    """The application, allowed to reach this machine."""
    config = app.config["PARLEY"]
    app.config["PARLEY"] = replace(config, outbound_allow=(LOOPBACK,))
    yield app
    app.config["PARLEY"] = config


@pytest.fixture
def network() -> Iterator[board.Board]:
    """A board, running."""
    with running(board.Board()) as found:
        yield found


@pytest.fixture
def saying(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is composed anew says this, part by part."""
    parts = ["composed anew"]

    def compose(delivery_id: int) -> Composed:
        row = db.session.get_one(Delivery, delivery_id)
        assert row.post_id is not None
        live = db.session.get_one(Post, row.post_id).live_revision_id
        assert live is not None
        return Composed(message(row.key, NOW, parts), live)

    for place in (preparing, wishing):
        monkeypatch.setattr(place, "compose", compose)
    return parts


# Worker processes, and a database that they and the test commit to ------------------------------------------------


@pytest.fixture(scope="session")
def shared_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of worker processes."""
    with fresh_database(tmp_path_factory.mktemp("shared")) as url:
        yield {
            "PARLEY_DATABASE_URL": url,
            "PARLEY_DATA": str(tmp_path_factory.mktemp("shared-data")),
            "PARLEY_BASE_URL": "http://localhost",
            "PARLEY_SECRET_KEY": "only-for-tests-" + "x" * 32,
            "PARLEY_LOG_LEVEL": "error",
            "PARLEY_OUTBOUND_ALLOW": "127.0.0.0/8",
        }


@pytest.fixture(scope="session")
def shared_app(shared_settings: dict[str, str]) -> Iterator[Flask]:
    """The application of this process on that database."""
    found = create_app(read_config(shared_settings))
    with found.app_context():
        schema.migrate(db.engine)
    yield found
    with found.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def runner(shared_settings: dict[str, str], shared_app: Flask) -> Iterator[Workers]:
    """What starts workers: loaded once for all tests."""
    with workers(shared_settings) as found:
        yield found


@pytest.fixture
def shared(
    shared_app: Flask, runner: Workers, stopped_clock: object, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workers]:
    """Workers on an empty queue. What is written is written for all to see, and time goes on."""
    monkeypatch.setattr(clock, "_fixed", None)
    with shared_app.app_context():
        with transaction():
            for table in ("delivery_events", "delivery_steps", "deliveries", "delivery_holds", "notices"):
                db.session.execute(text(f"DELETE FROM {table}"))
        yield runner
        db.session.remove()
