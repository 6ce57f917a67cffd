"""What the worker does: tell the followers of new posts, and of new topics of circles."""

from collections.abc import Callable
from typing import Any

from cms.core import clock
from cms.core.database import transaction
from cms.core.worker import Job
from cms.following import queries, services

MOST_AT_ONCE = 20  # portions in one run; the next one goes on


def tell_followers() -> dict[str, Any]:
    """Some hundred followers in each transaction, so that nobody waits for the lock."""
    waiting: list[tuple[Callable[..., bool], int]] = [
        *((services.tell_some, one) for one in queries.fresh_posts()),
        *((services.tell_of_topic, one) for one in queries.fresh_topics()),
    ]
    portions = 0
    for tell, number in waiting:
        is_left = True
        while is_left and portions < MOST_AT_ONCE:
            with transaction():
                is_left = tell(number, at=clock.now())
            portions += 1
    return {"portions": portions} if portions else {}


JOBS: list[Job] = [Job("tell_followers", tell_followers, every=60)]
