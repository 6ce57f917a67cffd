"""What the worker does for this room: reminds people from outside, and says when something is late."""

from collections.abc import Callable
from datetime import datetime

from cms.contributions import services
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.worker import Job, Outcome


def send_reminders() -> Outcome:
    """Three days and one day before a deadline; never after something came, nor to who wants none."""
    return _each(services.reminders_due, services.remind_if_due, "reminded")


def note_late() -> Outcome:
    """Tell editors what did not come, once each."""
    return _each(services.late_ones, services.tell_late, "late")


def _each(due: Callable[[datetime], list[int]], act: Callable[..., bool], word: str) -> Outcome:
    at, done = clock.now(), 0
    numbers = due(at)
    db.session.rollback()
    for number in numbers:
        with transaction():
            done += act(number, at=at)
    return {word: done} if done else {}


JOBS = [
    Job("remind contributors", send_reminders, every=300),
    Job("note late contributions", note_late, every=300),
]
