import threading

import pytest
from flask import Flask
from sqlalchemy import func, select

from cms.core import clock
from cms.core.database import db
from cms.core.models import Heartbeat
from cms.core.worker import Job, run_once, run_worker


def test_a_job_can_be_run_once_by_hand_and_leaves_a_sign_of_life(app: Flask) -> None:
    assert run_once(app, Job("count", lambda: {"done": 3}, every=1)) == {"done": 3}
    beat = db.session.get(Heartbeat, "count")
    assert beat is not None
    assert (beat.at, beat.outcome) == (clock.now(), {"done": 3})


def test_a_job_with_nothing_to_do_keeps_what_it_did_last(app: Flask) -> None:
    run_once(app, Job("count", lambda: {"done": 3}, every=1))
    run_once(app, Job("count", dict, every=1))
    assert db.session.scalar(select(func.count()).select_from(Heartbeat)) == 1
    beat = db.session.get(Heartbeat, "count")
    assert beat is not None
    assert beat.outcome == {"done": 3}


def test_a_failing_job_raises_to_who_runs_it_by_hand(app: Flask) -> None:
    def fail() -> dict[str, object]:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        run_once(app, Job("broken", fail, every=1))


def test_one_failing_job_does_not_stop_the_others_and_stopping_finishes_what_runs(whole_app: Flask) -> None:
    stopping, started, finished = threading.Event(), threading.Event(), threading.Event()

    def fail() -> dict[str, object]:
        raise ValueError("broken")

    def work() -> dict[str, object]:
        started.set()
        stopping.wait(5)
        finished.set()
        return {}

    jobs = [Job("fails", fail, every=60), Job("works", work, every=60)]
    worker = threading.Thread(target=run_worker, args=(whole_app, jobs, stopping))
    worker.start()
    assert started.wait(5)
    stopping.set()
    worker.join(10)
    assert not worker.is_alive()
    assert finished.is_set()
    with whole_app.app_context():
        from cms.core.database import transaction

        with transaction():
            for beat in db.session.scalars(select(Heartbeat)):
                db.session.delete(beat)
