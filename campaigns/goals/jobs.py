"""What the worker runs here: forgetting whom campaigns reached."""

from campaigns.goals.services import forget_touches
from cms.core import clock
from cms.core.database import transaction
from cms.core.pages import config
from cms.core.worker import Job, Outcome


def forget() -> Outcome:
    """Once a window is over nobody can be told to have been reached in it."""
    with transaction():
        gone = forget_touches(at=clock.now(), window=config().visitor_window)
    return {"forgotten": gone} if gone else {}


JOBS: list[Job] = [Job("forget who reached goals", forget, 3600)]
