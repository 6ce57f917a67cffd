"""Whether a hold stands in the way, asked so that no answer is older than the commit of a hold.

Sends take a shared lock while they ask and write down their intent, and whoever holds takes it alone: so when a hold is
committed, every send either has its intent on disk already (and is listed as in flight) or will see the hold.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute

from campaigns.deliveries.engine.moment import read_moment
from campaigns.deliveries.locking import lock_holds
from campaigns.deliveries.models import Delivery, Hold
from campaigns.deliveries.services.noting import note
from cms.core.database import db, transaction

BATCH = 500
_STANDING = select(Hold).where(Hold.lifted_at.is_(None)).order_by(Hold.id)


def standing_holds() -> Sequence[Hold]:
    """All of them, the oldest first. Call it under `lock_holds`."""
    return db.session.scalars(_STANDING).all()


def find_hold(delivery: Any, holds: Sequence[Hold]) -> Hold | None:
    """The first of these that covers a delivery, or what was read of one."""
    covers = {"account": delivery.account_id, "campaign": delivery.campaign_id}
    return next(
        (
            one
            for one in holds
            if one.scope == "everything" or covers[one.scope] == (one.account_id or one.campaign_id)
        ),
        None,
    )


def hold_due() -> int:
    """Put aside what is due under a hold, many at a time; gives how many. Each send asks for itself all the same."""
    standing = db.session.scalar(select(Hold.id).where(Hold.lifted_at.is_(None)).limit(1))
    db.session.rollback()
    if standing is None:
        return 0
    held = 0
    with transaction():
        at = read_moment()
        lock_holds(alone=False)
        for hold in standing_holds():
            held += _hold_due(hold, at)
    return held


def _hold_due(hold: Hold, at: datetime) -> int:
    column: InstrumentedAttribute[int | None] | InstrumentedAttribute[int] | None = {
        "account": Delivery.account_id,
        "campaign": Delivery.campaign_id,
    }.get(hold.scope)
    due = select(Delivery.id).where(
        Delivery.state == "scheduled", Delivery.due_at <= at, Delivery.lease_until.is_(None)
    )
    if column is not None:
        due = due.where(column == (hold.account_id or hold.campaign_id))
    ids = db.session.scalars(
        due.order_by(Delivery.due_at).limit(BATCH).with_for_update(skip_locked=True)
    ).all()
    if ids:
        db.session.execute(
            update(Delivery)
            .where(Delivery.id.in_(ids))
            .values(state="held", code="held", reason=hold.reason)
            .execution_options(synchronize_session=False)
        )
        for id in ids:
            note(id, "held", by=None, at=at, hold=hold.id)
    return len(ids)
