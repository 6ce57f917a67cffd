"""One claimed delivery, from its first step that is not made to where somebody else must act. No transaction is open
while a network is asked."""

import logging
from typing import Any

from flask_babel import gettext as _

from campaigns.channels.adapter import Later, Outcome, Paused, Pending, Refused, Step, StillRenewing, Unsure
from campaigns.deliveries.engine import recording
from campaigns.deliveries.engine.intending import give_to_a_person, intend
from campaigns.deliveries.engine.preparing import OnHand, Work, prepare
from cms.core import worker
from cms.core.database import db

log = logging.getLogger(__name__)


def send(known: OnHand) -> str:
    """Send what was claimed; gives the state it is left in. Never raises: one bad row stops no other."""
    try:
        return _send(known)
    except Exception:  # the edge: the lease ends by itself, and `reaping` looks after the row
        db.session.rollback()
        log.exception("delivery %d was left by an error", known.claim.delivery_id)
        return "left"


def _send(known: OnHand) -> str:
    claim, work = known.claim, prepare(known)
    if isinstance(work, Refused):
        return recording.refuse(claim, work)
    if isinstance(work, Paused):
        return recording.pause(claim, work)
    if work.adapter.is_by_hand:
        return give_to_a_person(work)
    is_first = True
    while (step := work.next_step) is not None:
        if not is_first and worker.is_stopping():
            return recording.leave(claim)
        state = _make(work, step, is_first=is_first)
        if state != "sending":
            return state
        is_first = False
    return recording.finish_made(work)


def _make(work: Work, step: Step, *, is_first: bool) -> str:
    deadline = intend(work, step, is_first=is_first)
    if isinstance(deadline, str):
        return deadline
    outcome = _call(work, step, deadline=deadline)
    state = recording.record(work, step, outcome)
    if state == "sending":
        assert not isinstance(outcome, Pending | Later | Refused | Paused | Unsure)
        work.before[step.key] = recording.told_by(outcome)
        work.made.add(step.key)
    return state


def _call(work: Work, step: Step, *, deadline: float) -> Outcome:
    """What the network answers."""
    try:
        seat = work.seat_until(deadline, lambda data: recording.keep(work, step, data))
        outcome: Any = work.adapter.send(step, work.message, seat, work.before)
    except StillRenewing:
        return Later(_("The credentials of this account are being renewed."), code="renewing")
    except Exception:  # a fault of ours: it says nothing about what arrived
        log.exception("the adapter %s raised for delivery %d", work.adapter.key, work.claim.delivery_id)
        outcome = None
    finally:
        db.session.rollback()
    if isinstance(outcome, Outcome):
        return outcome
    reason = _("Our part for this network failed.")
    if step.publishes or work.is_asking(step):
        return Unsure(reason, code="adapter_failed")
    return Refused(reason, code="adapter_failed")
