"""Outcomes nobody knows: looked up at the network, less and less often, and never sent again on a guess.

What is found is adopted. What is missing counts as not arrived only when it had time to arrive. Where a network gives
no way to look, or does not answer for long, a person decides.
"""

import logging
import time
from typing import Any

from flask_babel import gettext as _

from campaigns.channels.adapter import CannotTell, Done, Found, Missing, Refused, Sent, Step
from campaigns.deliveries.engine import waits
from campaigns.deliveries.engine.claiming import Claim
from campaigns.deliveries.engine.fencing import LOST, lost, surely, write
from campaigns.deliveries.engine.intending import seconds_of
from campaigns.deliveries.engine.moment import read_moment
from campaigns.deliveries.engine.preparing import OnHand, Work, prepare
from campaigns.deliveries.engine.recording import end_step, finish, refuse_in, told_by
from campaigns.deliveries.engine.rows import Rows
from campaigns.deliveries.engine.together import write_together
from campaigns.deliveries.models import Delivery, DeliveryStep
from campaigns.deliveries.services.noting import note
from campaigns.deliveries.services.telling import fail
from cms.core.database import db

log = logging.getLogger(__name__)


def look(known: OnHand) -> str:
    """Look one up; gives the state it is left in. Never raises."""
    try:
        return _look(known)
    except Exception:  # the edge: the lease ends by itself, and `reaping` looks after the row
        db.session.rollback()
        log.exception("the look-up of delivery %d was left by an error", known.claim.delivery_id)
        return "left"


def _look(known: OnHand) -> str:
    claim, work = known.claim, prepare(known)
    if not isinstance(work, Work):
        reason = work.reason
        return surely(lambda: _ask_a_person(claim, reason))
    step = work.next_step
    if step is None:
        return surely(lambda: _ask_a_person(claim, _("All its steps are made.")))
    found = _find(work, step)
    if isinstance(found, Missing):
        return surely(lambda: _missing(work, step))
    if isinstance(found, CannotTell):
        return surely(lambda: _cannot_tell(claim, found))
    return write_together(claim, lambda rows: _found(rows, work, step, found))


def _find(work: Work, step: Step) -> Found:
    if not work.adapter.can_find:
        return CannotTell(_("This network gives no way to look."))
    deadline = time.monotonic() + seconds_of(work)
    try:
        found: Any = work.adapter.find(step, work.message, work.seat_until(deadline), work.before)
    except Exception:
        log.exception("the adapter %s raised looking for %d", work.adapter.key, work.claim.delivery_id)
        found = None
    finally:
        db.session.rollback()
    return found if isinstance(found, Found) else CannotTell(_("Our part for this network failed."))


def _found(rows: Rows, work: Work, step: Step, found: Sent | Done) -> str:
    """It is there: adopt it, and go on with what comes after it."""
    claim, at = work.claim, rows.at
    if rows.mine(claim) is None:
        return lost(claim)
    if work.is_last(step):
        state = finish(rows, claim, found if isinstance(found, Sent) else Sent(data=found.data))
    else:
        state = "scheduled"
        rows.change(claim, state=state, due_at=at, look_at=None, lease_until=None, code="", reason="")
    end_step(claim, step, "done", at=at, result=told_by(found))
    rows.note(claim.delivery_id, "found", step=step.key, url=getattr(found, "url", ""))
    return state


def _missing(work: Work, step: Step) -> str:
    """It did not arrive, and may be sent again: as long as it had time to arrive, and we did not try for ever."""
    claim, at = work.claim, read_moment()
    known = db.session.get(DeliveryStep, (claim.delivery_id, step.key), populate_existing=True)
    delivery = db.session.get(Delivery, claim.delivery_id, populate_existing=True)
    assert known is not None
    assert delivery is not None
    believed_at = known.intended_at + waits.BELIEVED_AFTER
    if at < believed_at:
        again = write(claim, look_at=believed_at, lease_until=None, crashes=Delivery.crashes - 1)
        return "unsure" if again else LOST
    note(claim.delivery_id, "missing", by=None, at=at, step=step.key)
    if delivery.attempts >= waits.MOST_ATTEMPTS:
        reason = _("Given up after %(times)s tries.", times=delivery.attempts)
        return refuse_in(claim, Refused(reason, code="gave_up"), step)
    values = {"look_at": None, "lease_until": None, "crashes": Delivery.crashes - 1}
    if not write(claim, state="scheduled", due_at=at, **values):
        return LOST
    end_step(claim, step, "intended", at=at)
    return "scheduled"


def _cannot_tell(claim: Claim, found: Any) -> str:
    at = read_moment()
    delivery = db.session.get(Delivery, claim.delivery_id, populate_existing=True)
    assert delivery is not None
    look_at = waits.next_look(delivery.lookups + 1, at=at)
    if look_at is None:
        return _ask_a_person(claim, found.reason)
    values = {"look_at": look_at, "lookups": delivery.lookups + 1, "crashes": Delivery.crashes - 1}
    return "unsure" if write(claim, lease_until=None, **values) else LOST


def _ask_a_person(claim: Claim, reason: str) -> str:
    at = read_moment()
    if not write(claim, look_at=None, lease_until=None, crashes=0):
        return LOST
    note(claim.delivery_id, "asks", by=None, at=at, reason=reason)
    fail(claim.delivery_id, at=at)
    return "unsure"
