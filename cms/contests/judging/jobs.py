"""What the worker runs here: jurors are reminded, and scores are sealed when the jury is over."""

import logging
from datetime import timedelta

from cms.contests.judging import queries, services
from cms.contests.queries.contests import phases_to_remind_of
from cms.contests.services import REMINDERS
from cms.core import clock
from cms.core.database import transaction
from cms.core.errors import Problem
from cms.core.worker import Job, Outcome

log = logging.getLogger(__name__)


def seal_scores() -> Outcome:
    """Seal the scores of every contest whose jury is over. One that cannot be sealed does not hold up the others."""
    sealed = 0
    for contest_id in queries.contests_to_seal(clock.now()):
        try:
            with transaction():
                services.seal_scores(contest_id, by=None, at=clock.now())
            sealed += 1
        except Problem as problem:
            log.warning("scores of contest %s are not sealed: %s", contest_id, problem.message)
    return {"sealed": sealed} if sealed else {}


def remind_jurors() -> Outcome:
    """Remind jurors of what they have still to score three days and one day before the jury ends."""
    at, told = clock.now(), 0
    for phase_id in phases_to_remind_of(at, within=timedelta(hours=max(REMINDERS)), kind="jury"):
        with transaction():
            told += services.remind_jurors(phase_id, at=at)
    return {"told": told} if told else {}


JOBS: list[Job] = [Job("seal scores", seal_scores, 30), Job("remind jurors", remind_jurors, 300)]
