"""What the worker runs here: reminding who owes an answer."""

from datetime import timedelta

from cms.comments.services.reminding import remind_owners
from cms.core import clock
from cms.core.database import transaction
from cms.core.worker import Job, Outcome

BEFORE = timedelta(hours=4)  # how long before its time an owner hears of it again


def remind() -> Outcome:
    """Tell who owes an answer that is due soon, once."""
    with transaction():
        told = remind_owners(before=clock.now() + BEFORE, at=clock.now())
    return {"reminded": told} if told else {}


JOBS: list[Job] = [Job("remind who owes an answer", remind, 300)]
