"""Rows that nothing will look at again. There should be none; this is how we would know.

Every state that is not an end belongs to somebody: a job that looks at due rows, or a person who was told. What has
waited five minutes longer than it should is counted here, for the doctor, for the metrics, and once for the staff.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from campaigns.channels.models import Account
from campaigns.deliveries.engine.moment import read_moment
from campaigns.deliveries.models import STATES, Delivery
from campaigns.deliveries.services.telling import tell
from cms.core.database import db, transaction

TOO_LONG = timedelta(minutes=5)
MOST_TOLD = 20
COUNTED = tuple(one for one in STATES if one not in ("sent", "cancelled"))


def count_forgotten() -> int:
    """How many rows should have been looked at five minutes ago, and were not."""
    return (
        db.session.scalar(
            select(func.count()).select_from(Delivery).join(Account).where(_forgotten(read_moment()))
        )
        or 0
    )


def count_open() -> dict[str, int]:
    """How many are in each state that is not an end."""
    rows = db.session.execute(
        select(Delivery.state, func.count()).where(Delivery.state.in_(COUNTED)).group_by(Delivery.state)
    )
    return {row[0]: row[1] for row in rows}


def oldest_due() -> float:
    """Seconds since the oldest row that could go out was due; 0 when none waits."""
    at = read_moment()
    due_at = db.session.scalar(
        select(func.min(Delivery.due_at))
        .join(Account)
        .where(Delivery.state == "scheduled", Delivery.due_at <= at, _open(at))
    )
    return (at - due_at).total_seconds() if due_at else 0.0


def tell_of_forgotten() -> int:
    """Tell the staff of rows that nothing looks at, once each; gives how many were told about."""
    if not count_forgotten():
        db.session.rollback()
        return 0
    with transaction():
        at = read_moment()
        rows = db.session.scalars(
            select(Delivery)
            .join(Account)
            .where(_forgotten(at), Delivery.told_at.is_(None))
            .order_by(Delivery.id)
            .limit(MOST_TOLD)
            .with_for_update(skip_locked=True, of=Delivery)
        ).all()
        for delivery in rows:
            tell(delivery, at=at, kind="stuck")
        db.session.flush()
    return len(rows)


def _forgotten(at: datetime) -> ColumnElement[bool]:
    late = at - TOO_LONG
    nobody_told = and_(Delivery.told_at.is_(None), Delivery.state.in_(("refused", "missed", "by_hand")))
    return or_(
        and_(Delivery.state.in_(("scheduled", "finishing")), Delivery.due_at <= late, _open(at, since=late)),
        and_(Delivery.lease_until <= late),
        and_(Delivery.state == "unsure", Delivery.look_at <= late, _open(at, since=late)),
        and_(Delivery.state == "unsure", Delivery.look_at.is_(None), Delivery.told_at.is_(None)),
        and_(Delivery.wish_at <= late, _open(at, since=late)),
        nobody_told,
    )


def _open(at: datetime, since: datetime | None = None) -> ColumnElement[bool]:
    """Accounts that send: what waits at one that is paused, or was asked to wait, is known about."""
    return and_(
        Account.state != "paused",
        or_(Account.limited_until.is_(None), Account.limited_until <= (since or at)),
    )
