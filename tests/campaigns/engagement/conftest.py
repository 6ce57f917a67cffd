"""A store, a spool and salts of a test's own, and what readers and their browsers say."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.engagement import collector
from campaigns.engagement.clients import Clients
from campaigns.engagement.gate import Gate
from campaigns.engagement.lines import Line, read_line
from campaigns.engagement.models import VisitorSalt
from campaigns.engagement.spool import Spool
from campaigns.engagement.store import Store
from campaigns.engagement.visitors import Salts, keep_salts
from cms.core import clock
from cms.core.database import db, transaction
from tests.databases import KIND, fresh_database

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NOW = 1_795_262_400_000  # noon on 21 November 2026, in milliseconds


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty one, on the database that is tested."""
    with fresh_database(tmp_path) as url:
        made = Store(url if KIND != "sqlite" else f"sqlite:///{tmp_path / 'analytics.db'}")
        yield made
        made.engine.dispose()


@pytest.fixture
def counting(app: Flask, tmp_path: Path, store: Store) -> Iterator[Gate]:
    """The application counts in the test's own folder, and knows the salt of this month."""
    gate: Gate = app.extensions["parley_gate"]
    before = gate.spool, gate.clients, app.extensions["parley_store"]
    with transaction():
        keep_salts(at=clock.now(), length="month")
    gate.spool, gate.clients = Spool(tmp_path / "spool"), Clients(Salts("month"), gate.clients.choices)
    gate.clients.salts.known = {one.window: one.salt for one in db.session.scalars(select(VisitorSalt))}
    app.extensions["parley_store"] = store
    gate.refused.clear()
    yield gate
    gate.spool.close()
    gate.spool, gate.clients, app.extensions["parley_store"] = before


@pytest.fixture
def lines(counting: Gate) -> Callable[[], list[Line]]:
    """What is in the spool."""

    def read() -> list[Line]:
        said = b"".join(path.read_bytes() for path in counting.spool.folder.glob("*.events"))
        found = [read_line(one) for one in said.split(b"\n")[:-1]]
        assert None not in found
        return [one for one in found if one is not None]

    return read


@pytest.fixture
def collect(app: Flask, counting: Gate, store: Store) -> Callable[[], dict[str, int]]:
    """Add up what is in the spool."""
    return lambda: collector.collect(
        counting.spool.folder,
        store,
        window="month",
        oldest=timedelta(days=90),
        followers=app.extensions["parley_followers"],
    )


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    """Firefox on a desk, without cookies."""
    made = app.test_client()
    made.environ_base["HTTP_USER_AGENT"] = FIREFOX
    made.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return made
