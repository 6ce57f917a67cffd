"""Telling people of trouble with a delivery: once an incident, never once a try."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from campaigns.channels.models import Account
from campaigns.deliveries.events import DeliveryFailed
from campaigns.deliveries.models import Delivery
from campaigns.deliveries.rules import RUNS
from cms.core.database import db
from cms.core.seams import announce
from cms.notices import services as notices
from cms.people.models import Person

TOLD_TOGETHER = ("missed",)  # after a day down there may be hundreds of them: one notice an account


def fail(delivery_id: int, *, at: datetime) -> None:
    """It does not go out by itself any more: announce that, and tell whoever planned it."""
    delivery = db.session.get(Delivery, delivery_id, populate_existing=True)
    assert delivery is not None
    announce(
        DeliveryFailed(
            delivery_id=delivery.id,
            post_id=delivery.post_id,
            account_id=delivery.account_id,
            state=delivery.state,
            code=delivery.code,
            at=at,
        )
    )
    tell(delivery, at=at)


def tell(delivery: Delivery, *, at: datetime, kind: str = "") -> None:
    """Tell whoever planned it (else those who run deliveries) that it asks for a person, unless somebody was told."""
    if delivery.told_at is not None:
        return
    delivery.told_at = at
    kind = kind or delivery.state
    account = db.session.get(Account, delivery.account_id)
    assert account is not None
    subject = f"delivery:{delivery.id}"
    detail: dict[str, Any] = {"title": delivery.title, "account": account.name}
    if kind in TOLD_TOGETHER:
        subject = f"account:{account.id}"
        detail |= {"delivery": delivery.id} if _is_alone(delivery) else {}
    notices.notify(
        f"delivery.{kind}",
        to=_whom(delivery),
        subject=subject,
        by=None,
        at=at,
        detail=detail,
    )


def runners() -> Sequence[int]:
    """Those who run deliveries, by number."""
    return db.session.scalars(
        select(Person.id).where(Person.role.in_(RUNS), Person.disabled_at.is_(None)).order_by(Person.id)
    ).all()


def _whom(delivery: Delivery) -> Sequence[int]:
    planner = db.session.get(Person, delivery.created_by_id) if delivery.created_by_id else None
    if planner is not None and planner.disabled_at is None and planner.role in RUNS:
        return [planner.id]
    return runners()


def _is_alone(delivery: Delivery) -> bool:
    """Whether it is the only one of its account that waits for a person like this: the news can lead to it then."""
    alike = select(Delivery.id).where(
        Delivery.account_id == delivery.account_id,
        Delivery.state == delivery.state,
        Delivery.id != delivery.id,
    )
    return db.session.scalar(alike.limit(1)) is None
