"""What the worker does for reviews: look at links, remind people of what they owe, keep rounds in step with people."""

import logging
from datetime import timedelta
from typing import Any

from cms.core import clock, outbound
from cms.core.addresses import AddressRefused, OutboundProblem
from cms.core.database import transaction
from cms.core.errors import Problem
from cms.core.worker import Job
from cms.reviews import queries, services

log = logging.getLogger(__name__)
LINKS_AT_ONCE = 20
SOON = timedelta(days=1)


def check_links() -> dict[str, Any]:
    """Ask the addresses whose time has come, with no transaction open."""
    counts = {"fine": 0, "broken": 0}
    for digest, url, due_at in queries.links_due(clock.now(), limit=LINKS_AT_ONCE):
        with transaction():
            is_mine = services.claim_link(digest, due_at=due_at, at=clock.now())
        if not is_mine:
            continue
        status, problem = _look_at(url)
        with transaction():
            services.note_checked(digest, status=status, problem=problem, at=clock.now())
        counts["broken" if problem else "fine"] += 1
    return {name: count for name, count in counts.items() if count}


def remind_reviewers() -> dict[str, Any]:
    """Remind of steps a day before they are due, when they are, and every three days after, three times at most."""
    at, count = clock.now(), 0
    for step_id in queries.steps_to_remind(at + SOON):
        try:
            with transaction():
                count += services.remind(step_id, at=at)
        except Problem:
            log.warning("step %d could not be reminded of", step_id)
    return {"reminded": count} if count else {}


def settle_rounds() -> dict[str, Any]:
    """Let rounds move on when somebody who was asked is not there any more."""
    at, count = clock.now(), 0
    for post_id in queries.posts_in_review():
        with transaction():
            count += services.resettle(post_id, at=at)
    return {"moved": count} if count else {}


def _look_at(url: str) -> tuple[int | None, str]:
    """The status, and in a word what is wrong; sites that only refuse programs are taken to be fine."""
    try:
        answer = outbound.fetch(url, seconds=10, most_bytes=1_000_000)
    except AddressRefused:
        return None, ""
    except outbound.AnswerTooLarge:
        return 200, ""
    except OutboundProblem:
        return None, "unreachable"
    if answer.status in (404, 410):
        return answer.status, "gone"
    return answer.status, "failing" if answer.status >= 500 else ""


JOBS = [
    Job("check_links", check_links, every=60),
    Job("settle_rounds", settle_rounds, every=600),
    Job("remind_reviewers", remind_reviewers, every=600),
]
