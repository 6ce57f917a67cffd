"""What the worker runs here."""

import logging
from typing import Any

from campaigns.plans import queries, services
from cms.core import clock
from cms.core.database import transaction
from cms.core.errors import Problem
from cms.core.worker import Job

log = logging.getLogger(__name__)


def follow_campaign_dates() -> dict[str, Any]:
    """Begin and finish campaigns whose day has come, at midnight in the zone of each."""
    at, counts = clock.now(), {"running": 0, "finished": 0}
    for campaign_id in queries.may_be_due(at):
        try:
            with transaction():
                state = services.follow_dates(campaign_id, at=at)
        except Problem:
            log.warning("campaign %d could not follow its dates", campaign_id)
            continue
        if state:
            counts[state] += 1
    return {state: count for state, count in counts.items() if count}


JOBS: list[Job] = [Job("follow_campaign_dates", follow_campaign_dates, every=30)]
