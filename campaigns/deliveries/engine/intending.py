"""The last question before a call, and the note that it is about to be made: one transaction.

Everything that may stop a send is asked here: holds, the account, the post, lateness, quiet hours. What passes has its
message, its step and its deadline on disk before anything leaves this machine.
"""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from campaigns.channels.adapter import Step
from campaigns.deliveries.engine.claiming import Claim
from campaigns.deliveries.engine.fencing import LOST
from campaigns.deliveries.engine.holding import find_hold
from campaigns.deliveries.engine.preparing import Work
from campaigns.deliveries.engine.rows import Rows
from campaigns.deliveries.engine.together import write_together
from campaigns.deliveries.engine.waits import GRACE
from campaigns.deliveries.models import Delivery, DeliveryStep
from campaigns.deliveries.services.noting import note
from campaigns.deliveries.services.telling import tell
from campaigns.deliveries.timing import after_quiet
from cms.core.database import db

CALLS = 2  # a step may make two requests: one to renew a token, one to post


def intend(work: Work, step: Step, *, is_first: bool) -> float | str:
    """Write down that this step is about to be made, the first of this claim or a later one. Gives the instant (of
    `time.monotonic`) after which nothing of it may leave; or the state the delivery was left in."""
    return write_together(
        work.claim, lambda rows: _intend(rows, work, step, is_first=is_first), is_intent=True
    )


def give_to_a_person(work: Work) -> str:
    """The text is ready, and its network has no way in for us: somebody posts it by hand."""
    return write_together(work.claim, lambda rows: _give_to_a_person(rows, work))


def seconds_of(work: Work) -> float:
    """For how long one step may talk to its network."""
    return work.adapter.seconds * CALLS


def _intend(rows: Rows, work: Work, step: Step, *, is_first: bool) -> float | str:
    delivery, stopped = _ask(rows, work.claim)
    if delivery is None or stopped:
        return stopped or LOST
    at, is_asking = rows.at, work.is_asking(step)
    known = rows.step(work.claim, step.key)
    is_ours = known is not None and known.lease == work.claim.lease  # the answer to our commit was lost
    if known is not None and step.publishes and not is_asking and known.ended_at is None and not is_ours:
        return _nobody_knows(delivery, at)  # cannot happen while every write is fenced; never send on a doubt
    _write_step(rows, work, step, known)
    if work.is_new:
        delivery.payload, delivery.payload_hash = work.message.to_json(), work.message.hash()
        delivery.revision_id = work.revision_id
    delivery.lease_until = at + timedelta(seconds=seconds_of(work)) + GRACE
    if not is_asking and not is_ours:
        delivery.attempts += is_first and step.key not in work.before  # not of every share
        rows.note(delivery.id, "intended", step=step.key, worker=delivery.worker)
    return rows.began + seconds_of(work)


def _give_to_a_person(rows: Rows, work: Work) -> str:
    delivery, stopped = _ask(rows, work.claim)
    if delivery is None or stopped:
        return stopped or LOST
    delivery.payload, delivery.payload_hash = work.message.to_json(), work.message.hash()
    delivery.revision_id = work.revision_id
    _leave(delivery, "by_hand")
    note(delivery.id, "by_hand", by=None, at=rows.at)
    tell(delivery, at=rows.at)
    return "by_hand"


def _ask(rows: Rows, claim: Claim) -> tuple[Delivery | None, str | None]:
    """The row if it is ours, and the state it was left in when it may not go out now."""
    delivery = rows.mine(claim)
    if delivery is None:
        return None, None
    if claim.state == "finishing":  # the network has it already: we only ask
        return delivery, None
    return delivery, _stop(rows, claim, delivery)


def _stop(rows: Rows, claim: Claim, delivery: Delivery) -> str | None:
    at, around = rows.at, rows.around(claim)
    hold = find_hold(delivery, rows.holds)
    if hold is not None:
        _leave(delivery, "held", code="held", reason=hold.reason)
        note(delivery.id, "held", by=None, at=at, hold=hold.id)
        return "held"
    if around.account_state == "paused" or (around.limited_until and around.limited_until > at):
        _leave(delivery, "scheduled")
        return "scheduled"
    if around.has_post is None:
        _leave(delivery, "cancelled", code="post_removed", reason=_("The post was removed."))
        note(delivery.id, "cancelled", by=None, at=at, because="post_removed")
        return "cancelled"
    if around.live_revision_id is None:
        _leave(delivery, "waiting")
        note(delivery.id, "waits", by=None, at=at, because="taken_down")
        return "waiting"
    return _stop_for_time(delivery, around, at)


def _stop_for_time(delivery: Delivery, around: Any, at: datetime) -> str | None:
    """Too late, unless a part of it is out there already; or a quiet hour, to its end."""
    planned = delivery.planned_at or delivery.due_at
    if planned and at > planned + timedelta(minutes=delivery.latest_minutes) and not _is_begun(delivery.id):
        late = int((at - planned).total_seconds() // 60)
        reason = _("It was due %(minutes)s minutes ago, later than its account allows.", minutes=late)
        _leave(delivery, "missed", code="late", reason=reason)
        note(delivery.id, "missed", by=None, at=at, because="late")
        tell(delivery, at=at)
        return "missed"
    if not delivery.ignores_quiet:
        awake = after_quiet(at, around.quiet_from, around.quiet_until, around.zone)
        if awake > at:
            _leave(delivery, "scheduled")
            delivery.due_at = awake
            note(delivery.id, "quiet", by=None, at=at, due=awake.isoformat())
            return "scheduled"
    return None


def _leave(delivery: Delivery, state: str, *, code: str = "", reason: str = "") -> None:
    """Let go of a row that was not tried."""
    delivery.state, delivery.lease_until, delivery.crashes = state, None, 0
    delivery.code, delivery.reason = code, reason
    db.session.flush()


def _nobody_knows(delivery: Delivery, at: datetime) -> str:
    _leave(delivery, "unsure", code="intent_left")
    delivery.look_at = at
    note(delivery.id, "unsure", by=None, at=at, because="intent_left")
    db.session.flush()
    return "unsure"


def _is_begun(delivery_id: int) -> bool:
    return bool(
        db.session.scalar(
            select(DeliveryStep.key).where(
                DeliveryStep.delivery_id == delivery_id,
                DeliveryStep.publishes,
                or_(DeliveryStep.state == "done", DeliveryStep.result.is_not(None)),
            )
        )
    )


def _write_step(rows: Rows, work: Work, step: Step, known: DeliveryStep | None) -> None:
    at, deadline = rows.at, rows.at + timedelta(seconds=seconds_of(work))
    if known is None:
        rows.begin_step(
            delivery_id=work.claim.delivery_id,
            key=step.key,
            state="intended",
            publishes=step.publishes,
            lease=work.claim.lease,
            intended_at=at,
            deadline_at=deadline,
        )
        return
    known.lease, known.deadline_at = work.claim.lease, deadline
    known.tries += 1
    if not work.is_asking(step):
        known.state, known.intended_at, known.ended_at = "intended", at, None
