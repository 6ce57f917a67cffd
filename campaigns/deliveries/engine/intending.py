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
    return write_together(work.claim, lambda rows: _give_to_a_person(rows, work), is_intent=True)


def seconds_of(work: Work) -> float:
    """For how long one step may talk to its network."""
    return work.adapter.seconds * CALLS


def _intend(rows: Rows, work: Work, step: Step, *, is_first: bool) -> float | str:
    row, stopped = _ask(rows, work.claim)
    if row is None or stopped:
        return stopped or LOST
    at, is_asking = rows.at, work.is_asking(step)
    known = rows.step(work.claim, step.key)
    is_ours = known is not None and known.lease == work.claim.lease  # the answer to our commit was lost
    if known is not None and step.publishes and not is_asking and known.ended_at is None and not is_ours:
        return _nobody_knows(
            _read(row), at
        )  # cannot happen while every write is fenced; never send on a doubt
    _write_step(rows, work, step, known)
    counts = not is_asking and not is_ours
    rows.change(
        work.claim,
        lease_until=at + timedelta(seconds=seconds_of(work)) + GRACE,
        attempts=row.attempts + (counts and is_first and step.key not in work.before),  # not of every share
        **(_said(work) if work.is_new else {}),
    )
    if counts:
        rows.note(row.id, "intended", step=step.key, worker=row.worker)
    return rows.began + seconds_of(work)


def _said(work: Work) -> dict[str, Any]:
    """The exact message."""
    return {
        "payload": work.message.to_json(),
        "payload_hash": work.message.hash(),
        "revision_id": work.revision_id,
    }


def _give_to_a_person(rows: Rows, work: Work) -> str:
    row, stopped = _ask(rows, work.claim)
    if row is None or stopped:
        return stopped or LOST
    delivery, said = _read(row), _said(work)
    delivery.payload, delivery.payload_hash = said["payload"], said["payload_hash"]
    delivery.revision_id = work.revision_id
    _leave(delivery, "by_hand")
    note(delivery.id, "by_hand", by=None, at=rows.at)
    tell(delivery, at=rows.at)
    return "by_hand"


def _ask(rows: Rows, claim: Claim) -> tuple[Any, str | None]:
    """The row if it is ours, and the state it was left in when it may not go out now."""
    row = rows.mine(claim)
    if row is None:
        return None, None
    if claim.state == "finishing":  # the network has it already: we only ask
        return row, None
    return row, _stop(rows, row)


def _stop(rows: Rows, row: Any) -> str | None:
    at, hold = rows.at, find_hold(row, rows.holds)
    if hold is not None:
        _leave(_read(row), "held", code="held", reason=hold.reason)
        note(row.id, "held", by=None, at=at, hold=hold.id)
        return "held"
    if row.account_state == "paused" or (row.limited_until and row.limited_until > at):
        _leave(_read(row), "scheduled")
        return "scheduled"
    if row.has_post is None:
        _leave(_read(row), "cancelled", code="post_removed", reason=_("The post was removed."))
        note(row.id, "cancelled", by=None, at=at, because="post_removed")
        return "cancelled"
    if row.live_revision_id is None:
        _leave(_read(row), "waiting")
        note(row.id, "waits", by=None, at=at, because="taken_down")
        return "waiting"
    return _stop_for_time(row, at)


def _stop_for_time(row: Any, at: datetime) -> str | None:
    """Too late, unless a part of it is out there already; or a quiet hour, to its end."""
    planned = row.planned_at or row.due_at
    if planned and at > planned + timedelta(minutes=row.latest_minutes) and not _is_begun(row.id):
        late = int((at - planned).total_seconds() // 60)
        reason = _("It was due %(minutes)s minutes ago, later than its account allows.", minutes=late)
        delivery = _read(row)
        _leave(delivery, "missed", code="late", reason=reason)
        note(row.id, "missed", by=None, at=at, because="late")
        tell(delivery, at=at)
        return "missed"
    if not row.ignores_quiet:
        awake = after_quiet(at, row.quiet_from, row.quiet_until, row.zone)
        if awake > at:
            delivery = _read(row)
            _leave(delivery, "scheduled")
            delivery.due_at = awake
            note(row.id, "quiet", by=None, at=at, due=awake.isoformat())
            return "scheduled"
    return None


def _read(row: Any) -> Delivery:
    """All of a row that is locked already."""
    return db.session.get_one(Delivery, row.id, populate_existing=True)


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


def _write_step(rows: Rows, work: Work, step: Step, known: Any) -> None:
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
    again = {"lease": work.claim.lease, "deadline_at": deadline, "tries": known.tries + 1}
    if not work.is_asking(step):
        again |= {"state": "intended", "intended_at": at, "ended_at": None}
    rows.change_step(work.claim, step.key, **again)
