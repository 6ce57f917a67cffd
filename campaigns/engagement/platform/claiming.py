"""Taking an account that has something to ask, for one worker only.

A network counts our questions by account, so the account is claimed, not single deliveries: all that is due of it goes
into one question. A claim raises the seat's `lease`; what a worker writes names the lease it was given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, or_, select, update

from campaigns.channels.catalogue import ADAPTERS
from campaigns.channels.models import Account
from campaigns.deliveries.engine.moment import read_moment
from campaigns.engagement.platform.models import FigureSeat, FigureWatch
from cms.core.database import db, insert_into, transaction

LEASE = timedelta(minutes=3)  # a question takes at most one, whatever the network does
COUNTING = tuple(one.key for one in ADAPTERS if one.counts or one.tells_followers)
FOLLOWED = tuple(one.key for one in ADAPTERS if one.tells_followers)


@dataclass(frozen=True)
class Claim:
    """An account that is ours to ask until its lease ends."""

    account_id: int
    lease: int


def claim() -> Claim | None:
    """Take the account that waits longest; None when nothing is due. Paused ones, and those whose network asked to wait,
    are left alone: what is due of them stays due."""
    found = db.session.scalar(_next(read_moment()))
    db.session.rollback()
    if found is None:  # the usual case: nobody waits for a write lock because we looked
        return None
    with transaction():
        at = read_moment()
        lease = db.session.scalar(
            update(FigureSeat)
            .where(
                FigureSeat.account_id == found,
                or_(FigureSeat.lease_until.is_(None), FigureSeat.lease_until <= at),
            )
            .values(lease=FigureSeat.lease + 1, lease_until=at + LEASE)
            .returning(FigureSeat.lease)
            .execution_options(synchronize_session=False)
        )
    return Claim(found, lease) if lease is not None else None


def open_seats() -> None:
    """A seat for every account whose network tells figures, new ones too."""
    missing = select(Account.id).where(
        Account.channel.in_(COUNTING),
        Account.state != "removed",
        ~exists().where(FigureSeat.account_id == Account.id),
    )
    numbers = list(db.session.scalars(missing))
    db.session.rollback()
    if numbers:
        with transaction():
            rows = [{"account_id": one, "lease": 0, "tries": 0, "problem": ""} for one in numbers]
            db.session.execute(insert_into(FigureSeat).values(rows).on_conflict_do_nothing())


def due_of(account_id: int, *, at: datetime, most: int) -> Sequence[FigureWatch]:
    """What is due of an account, the longest first, as much as fits into one question."""
    query = select(FigureWatch).where(FigureWatch.account_id == account_id, FigureWatch.due_at <= at)
    return db.session.scalars(query.order_by(FigureWatch.due_at, FigureWatch.delivery_id).limit(most)).all()


def _next(at: datetime) -> Any:
    first = (
        select(FigureWatch.due_at)
        .where(FigureWatch.account_id == FigureSeat.account_id, FigureWatch.due_at <= at)
        .order_by(FigureWatch.due_at)
        .limit(1)
        .scalar_subquery()
    )
    wants_followers = Account.channel.in_(FOLLOWED) & or_(
        FigureSeat.followers_at.is_(None), FigureSeat.followers_at <= at
    )
    return (
        select(FigureSeat.account_id)
        .join(Account, Account.id == FigureSeat.account_id)
        .where(
            Account.state == "active",
            or_(Account.limited_until.is_(None), Account.limited_until <= at),
            or_(FigureSeat.resume_at.is_(None), FigureSeat.resume_at <= at),
            or_(FigureSeat.lease_until.is_(None), FigureSeat.lease_until <= at),
            or_(first.is_not(None), wants_followers),
        )
        .order_by(first.is_(None), first, FigureSeat.account_id)
        .limit(1)
    )
