"""Works off acts on many posts, one transaction a post, so that one refusal leaves the others alone. A small act is
worked off by the request that asked for it, a large one by the worker; an item is only ever taken once."""

import logging
from typing import Any

from cms.core import clock
from cms.core.database import transaction
from cms.core.errors import Problem
from cms.posts import queries, services

AT_ONCE = 100  # what a request may do itself
A_ROUND = 500  # what the worker does before it looks at its other jobs
log = logging.getLogger(__name__)


def work_off(bulk_id: int, *, limit: int = A_ROUND) -> int:
    """Do, or undo, what is left of an act; gives how many posts were looked at."""
    is_undoing = queries.get_bulk(bulk_id).is_undoing
    act = services.undo_item if is_undoing else services.do_item
    left = queries.bulk_left(bulk_id, is_undoing=is_undoing, limit=limit)
    for post_id in left:
        try:
            with transaction():
                act(bulk_id, post_id, at=clock.now())
        except Problem as problem:
            why = str(next(iter(problem.errors.values()), problem.message))
            with transaction():
                services.refuse_item(bulk_id, post_id, why=why)
    if len(left) < limit:
        with transaction():
            services.finish_bulk(bulk_id, at=clock.now())
    return len(left)


def run_waiting() -> dict[str, Any]:
    """What the worker does: the acts that are not finished, oldest first."""
    done = sum(work_off(bulk_id) for bulk_id in queries.bulk_waiting())
    return {"posts": done} if done else {}
