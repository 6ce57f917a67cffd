"""Rows whose worker went away: killed, frozen, or cut off. Their lease has ended, so they are anybody's.

What the step log says decides: with a publishing step that was begun and has no answer, nobody knows, and it is looked
up. Without one nothing reached readers, and it goes on. A row that ended three claims without a word is parked.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select, update

from campaigns.channels.catalogue import find_adapter
from campaigns.channels.models import Account
from campaigns.deliveries.engine import waits
from campaigns.deliveries.engine.moment import read_moment
from campaigns.deliveries.models import Delivery, DeliveryStep
from campaigns.deliveries.services.noting import note
from campaigns.deliveries.services.telling import fail, tell
from cms.core.database import db, transaction

BATCH = 100
AFTER_CRASH = timedelta(seconds=10)  # times the crashes so far


def reap() -> int:
    """Look after every row whose lease has ended; gives how many. From now on its old worker can write nothing."""
    found = db.session.scalar(select(Delivery.id).where(Delivery.lease_until <= read_moment()).limit(1))
    db.session.rollback()
    if found is None:
        return 0
    with transaction():
        at = read_moment()
        rows = db.session.scalars(
            select(Delivery)
            .where(Delivery.lease_until <= at)
            .order_by(Delivery.lease_until)
            .limit(BATCH)
            .with_for_update(skip_locked=True, of=Delivery)
            .execution_options(populate_existing=True)
        ).all()
        for delivery in rows:
            with (
                db.session.no_autoflush
            ):  # a row has to be whole before it is written: state and lease go together
                _reap(delivery, at)
        db.session.flush()
    return len(rows)


def _reap(delivery: Delivery, at: datetime) -> None:
    was = delivery.worker
    delivery.lease, delivery.lease_until = delivery.lease + 1, None
    note(delivery.id, "abandoned", by=None, at=at, worker=was, crashes=delivery.crashes)
    is_poison = delivery.crashes >= waits.MOST_CRASHES
    match delivery.state:
        case "sending":
            _reap_sending(delivery, at, is_poison=is_poison)
        case "finishing" if is_poison:
            _leave_unsure(delivery, at, look_at=None)
        case "finishing":
            delivery.due_at = at + AFTER_CRASH * delivery.crashes
        case "unsure":
            _leave_unsure(delivery, at, look_at=None if is_poison else at + AFTER_CRASH * delivery.crashes)
        case _ if delivery.wish and is_poison:
            delivery.wish, delivery.wish_at, delivery.crashes = "", None, 0
            delivery.code, delivery.reason = "wish_crashed", _sentence()
            tell(delivery, at=at, kind="wish")


def _reap_sending(delivery: Delivery, at: datetime, *, is_poison: bool) -> None:
    unknown = _unknown_steps(delivery.id)
    if unknown:
        db.session.execute(
            update(DeliveryStep)
            .where(DeliveryStep.delivery_id == delivery.id, DeliveryStep.key.in_(unknown))
            .values(state="unsure", ended_at=at)
            .execution_options(synchronize_session=False)
        )
        delivery.lookups = 0
        look_at = at if _can_find(delivery) and not is_poison else None
        _leave_unsure(delivery, at, look_at=look_at)
    elif is_poison:
        delivery.state, delivery.code, delivery.reason = "refused", "crashed", _sentence()
        note(delivery.id, "refused", by=None, at=at, code="crashed")
        db.session.flush()
        fail(delivery.id, at=at)
    else:
        delivery.state, delivery.due_at = "scheduled", at + AFTER_CRASH * (delivery.crashes - 1)


def _unknown_steps(delivery_id: int) -> Sequence[str]:
    """Steps that readers may have seen, and whose end nobody wrote down."""
    return db.session.scalars(
        select(DeliveryStep.key).where(
            DeliveryStep.delivery_id == delivery_id,
            DeliveryStep.publishes,
            DeliveryStep.state == "intended",
            DeliveryStep.ended_at.is_(None),
        )
    ).all()


def _leave_unsure(delivery: Delivery, at: datetime, *, look_at: datetime | None) -> None:
    was = delivery.state
    delivery.state, delivery.look_at = "unsure", look_at
    if was != "unsure":
        delivery.code, delivery.reason = (
            "crashed",
            _("The worker that sent it went away before the answer came."),
        )
        note(delivery.id, "unsure", by=None, at=at, code="crashed")
    if look_at is None:
        db.session.flush()
        fail(delivery.id, at=at)


def _can_find(delivery: Delivery) -> bool:
    channel = db.session.scalar(select(Account.channel).where(Account.id == delivery.account_id))
    adapter = find_adapter(channel or "")
    return adapter is not None and adapter.can_find


def _sentence() -> str:
    return str(_("It ended the worker that handled it, three times in a row, and was put aside."))
