"""What the worker runs here: forgetting who answered."""

from campaigns.polls.services import forget_who_answered
from cms.core import clock
from cms.core.database import transaction
from cms.core.pages import config
from cms.core.worker import Job, Outcome


def forget() -> Outcome:
    """Answers stay; what told apart who gave them goes with the window."""
    with transaction():
        gone = forget_who_answered(at=clock.now(), length=config().visitor_window)
    return {"forgotten": gone} if gone else {}


JOBS: list[Job] = [Job("forget who answered", forget, 3600)]
