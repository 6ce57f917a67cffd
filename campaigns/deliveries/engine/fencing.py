"""Writing only what is still ours, and writing it down however long the database takes."""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import update
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError, TimeoutError

from campaigns.deliveries.engine.claiming import Claim
from campaigns.deliveries.engine.queueing import writing
from campaigns.deliveries.models import Delivery
from cms.core import worker
from cms.core.database import db

log = logging.getLogger(__name__)
Result = TypeVar("Result")
LOST = "lost"  # instead of a state: somebody else has the row now, and what we know changes nothing
PATIENCE = 600.0  # seconds for which the answer of a network is kept for a database that is locked or away
PASSING = (OperationalError, InterfaceError, InternalError, TimeoutError)  # locked, away, cut off
_PAUSE = 0.25  # seconds between two tries
_LAST_TRIES = 15.0  # seconds, once the worker was asked to stop


class NotOurs(Exception):
    """Somebody else has the row, in the middle of a call."""


def write(claim: Claim, **values: Any) -> bool:
    """Change the row if it is still ours; gives whether it was. The token decides, not the time: an answer that comes
    after the lease ended still counts as long as nobody looked after the row."""
    done = db.session.execute(
        update(Delivery)
        .where(Delivery.id == claim.delivery_id, Delivery.lease == claim.lease, Delivery.state == claim.state)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount == 1:  # type: ignore[attr-defined]
        return True
    lost(claim)
    return False


def lost(claim: Claim) -> str:
    """Somebody else has the row now."""
    log.warning("delivery %d is not ours any more (lease %d)", claim.delivery_id, claim.lease)
    return LOST


def surely(act: Callable[[], Result]) -> Result:
    """Run `act` in a transaction, again and again while the database is locked or away.

    What runs is fenced, so running it again after a commit whose answer was lost changes nothing.
    """

    def write_once() -> Result:
        with writing():
            return act()

    return patiently(write_once)


def patiently(act: Callable[[], Result]) -> Result:
    """Run `act` again and again while the database is locked or away."""
    began = time.monotonic()
    while True:
        try:
            return act()
        except PASSING:
            waited = time.monotonic() - began
            if waited > (_LAST_TRIES if worker.is_stopping() else PATIENCE):
                raise
            log.warning("the database does not take what we have to write down; trying again", exc_info=True)
            time.sleep(_PAUSE)
