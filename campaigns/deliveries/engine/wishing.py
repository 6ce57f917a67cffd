"""Edits and deletions of what was sent, as people wished them. Doing either twice does no harm, so they are tried again
until the network says yes or no."""

import logging
import random
import time
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.channels.adapter import Data, Done, Later, Outcome, Paused, Pending, Refused, Sent, Unsure
from campaigns.channels.messages import Message
from campaigns.channels.services import limit_account, pause_account
from campaigns.deliveries.composing import compose
from campaigns.deliveries.engine import waits
from campaigns.deliveries.engine.claiming import Claim
from campaigns.deliveries.engine.fencing import LOST, surely, write
from campaigns.deliveries.engine.intending import seconds_of
from campaigns.deliveries.engine.moment import read_moment
from campaigns.deliveries.engine.preparing import OnHand, Work, prepare, problem_code
from campaigns.deliveries.engine.recording import lock_account
from campaigns.deliveries.events import DeliveryEdited, DeliveryGone
from campaigns.deliveries.models import Delivery
from campaigns.deliveries.services.noting import note
from campaigns.deliveries.services.telling import tell
from cms.core.database import db
from cms.core.errors import Problem
from cms.core.seams import announce

log = logging.getLogger(__name__)
_dice = random.Random()  # noqa: S311 - so that those who wait do not all come back at once


def grant(known: OnHand) -> str:
    """Do at the network what a person wished; gives what became of it. Never raises."""
    try:
        return _grant(known)
    except Exception:  # the edge: the lease ends by itself, and `reaping` looks after the row
        db.session.rollback()
        log.exception("the wish for delivery %d was left by an error", known.claim.delivery_id)
        return "left"


def _grant(known: OnHand) -> str:
    claim, work = known.claim, prepare(known)
    row = db.session.execute(
        select(Delivery.wish, Delivery.remote, Delivery.remote_id, Delivery.remote_url).where(
            Delivery.id == claim.delivery_id
        )
    ).one()
    db.session.rollback()
    remote = {**(row.remote or {}), "remote_id": row.remote_id, "url": row.remote_url}
    said, revision_id = None, None
    if isinstance(work, Refused | Paused):
        outcome: Outcome = work
    elif row.wish == "delete":
        outcome = _call(work, "delete", remote, None)
    else:
        try:
            made = compose(claim.delivery_id)
            said, revision_id = made.message, made.revision_id
        except Problem as problem:
            outcome = Refused(str(problem.message), code=problem_code(problem))
        else:
            outcome = _call(work, "edit", remote, said)
        db.session.rollback()
    return surely(lambda: _record(claim, row.wish, outcome, said, revision_id))


def _call(work: Work, wish: str, remote: Data, said: Message | None) -> Outcome:
    seat = work.seat_until(time.monotonic() + seconds_of(work))
    try:
        if said is not None:
            outcome: Any = work.adapter.edit(said, seat, remote)
        else:
            outcome = work.adapter.delete(seat, remote)
    except Exception:
        log.exception(
            "the adapter %s raised for the %s of %d", work.adapter.key, wish, work.claim.delivery_id
        )
        outcome = None
    finally:
        db.session.rollback()
    if isinstance(outcome, Outcome):
        return outcome
    return Refused(_("Our part for this network failed."), code="adapter_failed")


def _record(claim: Claim, wish: str, outcome: Outcome, said: Message | None, revision_id: int | None) -> str:
    at = read_moment()
    match outcome:
        case Sent() | Done():
            return _granted(claim, wish, outcome, said, revision_id, at)
        case Refused():
            return _denied(claim, wish, outcome, at)
        case Paused():
            lock_account(claim)
            if not write(claim, lease_until=None, crashes=0):
                return LOST
            pause_account(claim.account_id, reason=outcome.reason, code=outcome.code or "paused", at=at)
            return "later"
        case Pending():
            return _put_off(claim, wish, Later("", after=outcome.after), at)
        case Unsure():  # doing it twice does no harm
            return _put_off(claim, wish, Later(outcome.reason, outcome.code), at)
        case Later():
            return _put_off(claim, wish, outcome, at)


def _granted(
    claim: Claim, wish: str, outcome: Sent | Done, said: Message | None, revision_id: int | None, at: datetime
) -> str:
    values: dict[str, Any] = {"code": "", "reason": "", "told_at": None}
    if wish == "delete":
        values["deleted_at"] = at
    else:
        values["edited_at"] = at
    if said is not None:
        values |= {"payload": said.to_json(), "payload_hash": said.hash(), "revision_id": revision_id}
    if isinstance(outcome, Sent) and wish == "edit":
        values |= {"remote_id": outcome.remote_id[:300], "remote_url": outcome.url[:1000]}
        values["remote"] = {**outcome.data, "remote_id": outcome.remote_id, "url": outcome.url}
    if not write(claim, wish="", wish_at=None, wish_tries=0, lease_until=None, crashes=0, **values):
        return LOST
    done = "deleted" if wish == "delete" else "edited"
    note(claim.delivery_id, done, by=None, at=at)
    fact = DeliveryGone if wish == "delete" else DeliveryEdited
    announce(fact(delivery_id=claim.delivery_id, at=at))
    return done


def _denied(claim: Claim, wish: str, refused: Refused, at: datetime) -> str:
    told = {"code": refused.code[:64], "reason": refused.reason}
    if not write(claim, wish="", wish_at=None, wish_tries=0, lease_until=None, crashes=0, **told):
        return LOST
    note(claim.delivery_id, f"{wish}_refused", by=None, at=at, **told)
    delivery = db.session.get(Delivery, claim.delivery_id, populate_existing=True)
    assert delivery is not None
    tell(delivery, at=at, kind="wish")
    return "refused"


def _put_off(claim: Claim, wish: str, later: Later, at: datetime) -> str:
    if later.whole_account:
        lock_account(claim)
    delivery = db.session.get(Delivery, claim.delivery_id, populate_existing=True)
    assert delivery is not None
    tries = delivery.wish_tries + 1
    if tries >= waits.MOST_WISH_TRIES:
        reason = _("Given up after %(times)s tries: %(said)s", times=tries, said=later.reason)
        return _denied(claim, wish, Refused(reason, code="gave_up"), at)
    wish_at = waits.until(later, attempt=tries, at=at, dice=_dice)
    told = {"code": later.code[:64], "reason": later.reason}
    if not write(claim, wish_at=wish_at, wish_tries=tries, lease_until=None, crashes=0, **told):
        return LOST
    note(claim.delivery_id, f"{wish}_later", by=None, at=at, due=wish_at.isoformat(), **told)
    if later.whole_account:
        limit_account(claim.account_id, until=wish_at)
    return "later"
