"""What the worker runs here: comments that an earlier import kept aside take their place below their posts."""

from cms.core import clock
from cms.core.database import transaction
from cms.core.worker import Job, Outcome
from cms.transfer import queries, services


def place_waiting() -> Outcome:
    """Some of them, with how many are left."""
    with transaction():
        placed = services.place_waiting(at=clock.now())
    return {"comments": placed, "left": queries.count_comments_waiting()} if placed else {}


JOBS: list[Job] = [Job("give imported comments their place", place_waiting, 60)]
