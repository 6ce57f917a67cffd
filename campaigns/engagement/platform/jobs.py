"""What the worker runs here."""

import time

from campaigns.engagement.platform.claiming import claim, open_seats
from campaigns.engagement.platform.pulling import pull
from cms.core import worker
from cms.core.worker import Job, Outcome

_TURN = 20.0  # seconds of one run that always finds more


def pull_figures() -> Outcome:
    """Ask networks for the figures that are due, one account after the other."""
    open_seats()
    asked, began = 0, time.monotonic()
    while not worker.is_stopping() and time.monotonic() - began < _TURN:
        taken = claim()
        if taken is None:
            break
        asked += pull(taken)
    return {"asked": asked} if asked else {}


JOBS: list[Job] = [Job("ask networks for figures", pull_figures, every=20)]
