"""What the worker does for the site."""

from cms.core import clock
from cms.core.database import transaction
from cms.core.worker import Job, Outcome
from cms.site.services.tallies import forget_old_searches

DAY = 86_400.0


def forget_searches() -> Outcome:
    """Drop what was searched for long ago."""
    with transaction():
        dropped = forget_old_searches(at=clock.now())
    return {"dropped": dropped} if dropped else {}


JOBS = [Job("forget-searches", forget_searches, every=DAY)]
