"""A program that these tests start: it loads the application once, and forks a worker for every line it reads.

A worker is a process of its own with connections of its own; it can be killed, frozen and asked to stop like any
`parley worker`. It is told in one JSON object what to do: `{"do": "work_off"}` does what is due and ends, `{"do": "burst"}`
does so in threads, `{"do": "jobs"}` runs the jobs of the room as a worker does until SIGTERM. With `kill_at` or
`freeze_at` it ends or freezes itself at its nth edge: where a transaction begins, is about to commit, has committed, or
where a request is about to leave or was answered. The edges are wrapped around the product from here; it knows nothing
of them.
"""

import gc
import json
import logging
import os
import signal
import sys
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app import create_app
from campaigns.channels.http import Http
from campaigns.deliveries import jobs
from campaigns.deliveries.engine import fencing, together
from campaigns.deliveries.jobs import JOBS
from cms.core import clock, worker
from cms.core.config import read_config
from cms.core.database import db
from tests.delivery import board
from tests.delivery.working import work_off

MOST_SECONDS = 120  # no worker of a test lives longer
HEARD = (signal.SIGTERM,)


def main() -> None:
    app = create_app(read_config(os.environ))
    board.install()
    print("ready", flush=True)
    for line in iter(sys.stdin.readline, ""):
        order = json.loads(line)
        if order["do"] == "warm":
            warm(app)
            print("warm", flush=True)
            continue
        if order["do"] == "wait":
            _pid, status = os.waitpid(order["pid"], 0)
            print(os.waitstatus_to_exitcode(status), flush=True)
            continue
        signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)  # until the worker listens
        pid = os.fork()
        if pid == 0:
            try:
                run(app, order)
            except BaseException:
                import traceback

                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)
        print(pid, flush=True)


def warm(app: Flask) -> None:
    """Do what is due here, so that workers find every statement compiled already. No connection stays open."""
    with app.app_context():
        work_off()
        db.session.remove()
        db.engine.dispose()
    gc.collect()
    gc.freeze()


def run(app: Flask, order: dict[str, Any]) -> None:
    """Be a worker."""
    stopping = Stopping(order.get("heard"))
    if order["do"] == "jobs":
        signal.signal(signal.SIGTERM, lambda *_: stopping.set())  # until the worker listens itself
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)
    signal.alarm(MOST_SECONDS)
    if "ahead" in order:
        ahead = timedelta(seconds=order["ahead"])
        clock.now = lambda: datetime.now(UTC) + ahead
    if "seconds" in order:
        board.BoardAdapter.seconds = order["seconds"]
    if "patience" in order:
        be_impatient(order["patience"])
    if "moment" in order:
        together._MOMENT = order["moment"]
    if "retries" in order:
        fencing.log.setLevel(logging.WARNING)  # whatever else this application is silent about
        fencing.log.addHandler(logging.FileHandler(order["retries"]))
    edges = Edges(order.get("kill_at"), order.get("freeze_at"))
    edges.install()
    if order["do"] == "jobs":
        worker.run_worker(app, JOBS, stopping)
        return
    with app.app_context():
        burst() if order["do"] == "burst" else work_off()
        db.engine.dispose()
    if "report" in order:
        Path(order["report"]).write_text(str(edges.passed.total()))


def burst() -> None:
    """Do what is due as the jobs of a worker do it: in threads, which write down together what they have to say."""
    todo = (jobs.look_after_abandoned, jobs.send_due, jobs.look_up_unsure, jobs.grant_wishes)
    while [job for job in todo if job()]:
        jobs.PLACES.wait_for_all()


class Stopping(threading.Event):
    """Set when the worker was asked to stop; then it says so with a file, if it is to."""

    def __init__(self, sign: str | None) -> None:
        super().__init__()
        self.sign = sign

    def set(self) -> None:
        super().set()
        if self.sign:
            Path(self.sign).touch()


def be_impatient(seconds: float) -> None:
    """Wait for a locked database for so long at once, not for ten seconds."""

    def prepare(connection: Any, record: Any) -> None:
        is_file = not hasattr(connection, "pgconn")
        cursor = connection.cursor()
        milliseconds = int(seconds * 1000)
        cursor.execute(
            f"PRAGMA busy_timeout={milliseconds}" if is_file else f"SET lock_timeout = {milliseconds}"
        )
        cursor.close()

    event.listen(Engine, "connect", prepare)


class Edges:
    """Counts the edges this process passes, and ends or freezes it at one of them: the nth, or the nth of a kind."""

    def __init__(self, kill_at: int | str | None, freeze_at: int | str | None) -> None:
        self.kill_at, self.freeze_at = kill_at, freeze_at
        self.passed: Counter[str] = Counter()
        self._lock = threading.Lock()

    def pass_one(self, kind: str) -> None:
        """The end, if this is the one."""
        with self._lock:
            self.passed[kind] += 1
            here = (self.passed.total(), f"{kind}:{self.passed[kind]}")
        if self.kill_at in here:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.freeze_at in here:
            os.kill(os.getpid(), signal.SIGSTOP)

    def install(self) -> None:
        """Stand at every edge."""
        event.listen(Engine, "begin", lambda *_: self.pass_one("begin"))
        event.listen(Engine, "commit", lambda *_: self.pass_one("commit"))
        event.listen(Session, "after_commit", lambda *_: self.pass_one("committed"))
        ask = Http.ask

        def watched(http: Http, *arguments: Any, **options: Any) -> Any:
            self.pass_one("ask")
            try:
                return ask(http, *arguments, **options)
            finally:
                self.pass_one("answered")

        Http.ask = watched  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
