"""What the worker does for the API: forget answers that nobody will ask for again."""

from cms.api import services
from cms.core import clock
from cms.core.database import transaction
from cms.core.worker import Job, Outcome


def forget_answers() -> Outcome:
    """Drop remembered answers after a day."""
    with transaction():
        gone = services.forget_answers(at=clock.now())
    return {"forgotten": gone} if gone else {}


JOBS = [Job("forget_api_answers", forget_answers, every=3600)]
