"""The line to the database is cut right after a commit, before its answer is heard."""

import selectors
import socket
from collections.abc import Iterator
from typing import cast

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, make_url, select

from cms.core import clock, database
from cms.core.database import db
from tests.delivery.board import Board
from tests.delivery.invariants import check
from tests.delivery.making import look_at, make_account, make_deliveries, story
from tests.delivery.processes import Workers, workers
from tests.factories import make_post
from tests.proxies import Proxy

pytestmark = pytest.mark.slow


class CuttingProxy(Proxy):
    """Hears what goes to the database. Once, after the commit of a transaction that wrote a certain thing, it takes the
    answer for itself and hangs up."""

    cut_after_commit_of: bytes | None = None
    has_cut = False

    def _forward(self, client: socket.socket) -> None:
        said = b""
        with client, socket.create_connection(self.target) as server, selectors.DefaultSelector() as ready:
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _events in ready.select():
                    data = cast(socket.socket, key.fileobj).recv(65536)
                    if not data:
                        return
                    key.data.sendall(data)
                    if key.data is not server:
                        continue
                    said = b"" if b"BEGIN" in data else said
                    said += data
                    wanted = self.cut_after_commit_of
                    if b"COMMIT" in data and wanted and wanted in said and not self.has_cut:
                        server.recv(65536)  # it is committed
                        self.has_cut = True
                        return


@pytest.fixture
def far(shared: Workers, shared_settings: dict[str, str]) -> Iterator[tuple[Workers, CuttingProxy]]:
    """Workers whose way to the database leads through a proxy."""
    url = make_url(shared_settings["PARLEY_DATABASE_URL"])
    proxy = CuttingProxy((url.host or "127.0.0.1", url.port or 5432))
    through = url.set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)
    with workers({**shared_settings, "PARLEY_DATABASE_URL": through}) as found:
        yield found, proxy
    proxy.close()


@pytest.mark.parametrize(
    "written", [b"INSERT INTO delivery_steps", b"UPDATE delivery_steps"], ids=["intent", "outcome"]
)
def test_a_commit_whose_answer_is_lost_is_known_and_nothing_is_made_twice(
    far: tuple[Workers, CuttingProxy], network: Board, written: bytes
) -> None:
    worker, proxy = far
    one = make_deliveries(make_post().id, [make_account("board", network.url)], due_at=clock.now())[0]
    proxy.cut_after_commit_of = written
    assert worker.run() == 0
    assert proxy.has_cut
    assert (look_at(one).state, look_at(one).attempts) == ("sent", 1)
    assert story(one) == ["intended", "sent"]
    assert len(network.requests) == 1
    check([network])


def test_a_connection_that_was_cut_while_it_rested_is_made_anew(
    shared_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LONGEST_REST", 0)
    with (
        shared_app.app_context(),
        psycopg.connect(db.engine.url.set(drivername="postgresql").render_as_string(False)) as other,
    ):
        rested = db.session.scalar(select(func.pg_backend_pid()))
        db.session.remove()
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [rested])
        assert db.session.scalar(select(func.pg_backend_pid())) != rested
        db.session.remove()
