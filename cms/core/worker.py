"""The worker: rows are the queue, the ticker only ticks.

A job is a function without arguments that does what is due and says what it did. APScheduler, with a memory
store, calls each one every so often; it owns nothing, so a crash loses nothing. One failing row or job never
stops the rest.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

from flask import Flask, current_app

from cms.core import clock
from cms.core.database import db, insert_into, transaction
from cms.core.models import Heartbeat

BEAT = timedelta(seconds=15)
_BEATS = "cms.core.worker.beats"
LISTENING = 0.1  # seconds until a signal is heard, at most
log = logging.getLogger(__name__)
Outcome = dict[str, Any]
_stopping = threading.Event()  # of the worker that runs in this process


@dataclass(frozen=True)
class Job:
    """Something that recurs. `run` answers with counts of what it did, `{}` when there was nothing."""

    name: str
    run: Callable[[], Outcome] = field(repr=False)
    every: float  # seconds
    finish: Callable[[], None] | None = field(
        default=None, repr=False
    )  # waits for threads of its own, at the end


def run_once(app: Flask, job: Job) -> Outcome:
    """Run a job now, in this thread, and note that it ran. Raises what the job raises."""
    with app.app_context():
        start = time.monotonic()
        outcome = job.run()
        _beat(job, time.monotonic() - start, outcome)
        return outcome


def is_stopping() -> bool:
    """Whether this process's worker was asked to stop: what can be left for another worker is left now."""
    return _stopping.is_set()


def run_worker(app: Flask, jobs: list[Job], stopping: threading.Event | None = None) -> None:
    """Tick until SIGTERM, SIGINT or `stopping`; then finish what is being done and return."""
    global _stopping
    stopping = _stopping = stopping or threading.Event()
    asked: list[
        int
    ] = []  # signals; to set the event in their handler could wait for ever for a lock that we hold
    if threading.current_thread() is threading.main_thread():

        def stop(number: int, frame: FrameType | None) -> None:
            asked.append(number)

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
    from apscheduler.executors.pool import ThreadPoolExecutor  # only a worker pays for it
    from apscheduler.schedulers.background import BackgroundScheduler

    ticker = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(4)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone="UTC",
    )
    for job in jobs:
        ticker.add_job(
            _tick, "interval", seconds=job.every, args=(app, job), id=job.name, next_run_time=clock.now()
        )
    ticker.start()
    log.info("worker started with %d jobs", len(jobs))
    while not asked and not stopping.wait(LISTENING):
        pass
    stopping.set()
    ticker.shutdown(wait=True)
    for job in jobs:
        if job.finish is not None:
            job.finish()
    _stopping = threading.Event()
    log.info("worker stopped")


def _tick(app: Flask, job: Job) -> None:
    try:
        outcome = run_once(app, job)
    except Exception:  # the edge of the program: one failing job must not stop the others
        log.exception("job %s failed", job.name)
    else:
        if outcome:
            log.info("job %s: %s", job.name, outcome)


def _beat(job: Job, seconds: float, outcome: Outcome) -> None:
    """Note that the job ran; an idle job that ticks every second says so only now and then."""
    beats: dict[str, datetime] = current_app.extensions.setdefault(
        _BEATS, {}
    )  # ours: each worker says so itself
    last = beats.get(job.name)
    if not outcome and last is not None and abs(clock.now() - last) < BEAT:
        return
    with transaction():
        said: dict[str, Any] = {"at": clock.now(), "seconds": seconds}
        # One statement: two workers may both do a job for the first time.
        beat = insert_into(Heartbeat).values(job=job.name, outcome=outcome, **said)
        again = said | ({"outcome": outcome} if outcome else {})
        db.session.execute(beat.on_conflict_do_update(index_elements=["job"], set_=again))
    beats[job.name] = said["at"]
