"""What the worker runs here: phases that begin and end, and reminders before a deadline."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from cms.contests import services
from cms.contests.queries.contests import due_phases, phases_to_remind_of
from cms.core import clock
from cms.core.database import transaction
from cms.core.errors import Problem
from cms.core.worker import Job

log = logging.getLogger(__name__)


def follow_phases() -> dict[str, Any]:
    """Do what follows from phases that began or ended, in the order they were due, however long nothing ran."""
    at, counts = clock.now(), {"opened": 0, "closed": 0}
    for done in _each(due_phases(at), lambda one, when: services.follow_phase(one, at=when), at):
        for what in done:
            counts[what] += 1
    return {what: count for what, count in counts.items() if count}


def remind_of_deadlines() -> dict[str, Any]:
    """Remind of deadlines three days and one day before."""
    at = clock.now()
    soon = phases_to_remind_of(at, within=timedelta(hours=max(services.REMINDERS)))
    told = sum(_each(soon, lambda one, when: services.remind(one, at=when), at))
    return {"told": told} if told else {}


def _each(numbers: Sequence[int], act: Callable[[int, datetime], Any], at: datetime) -> list[Any]:
    """One transaction for each; what one of them is refused does not stop the rest."""
    done = []
    for one in numbers:
        try:
            with transaction():
                done.append(act(one, at))
        except Problem:
            log.warning("phase %d could not be followed", one)
    return done


JOBS: list[Job] = [
    Job("follow_contest_phases", follow_phases, every=15),
    Job("remind_of_contests", remind_of_deadlines, every=300),
]
