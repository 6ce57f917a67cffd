"""What the worker runs here: looking after circles whose owner is gone."""

from cms.circles.services.succession import look_for_heir, note_owners_seen, without_owner
from cms.core import clock
from cms.core.database import transaction
from cms.core.errors import Problem
from cms.core.worker import Job, Outcome


def look_for_heirs() -> Outcome:
    """Note which owners were here; ask for an heir where one is gone. A circle closed meanwhile is left alone."""
    at, done = clock.now(), 0
    with transaction():
        note_owners_seen(at=at)
    for circle_id in without_owner(at=at):
        try:
            with transaction():
                done += bool(look_for_heir(circle_id, at=at))
        except Problem:
            continue  # closed or removed since we looked: nothing to inherit
    return {"circles": done} if done else {}


JOBS: list[Job] = [Job("look for heirs of circles", look_for_heirs, 3600)]
