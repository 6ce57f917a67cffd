"""Accounts, and posts that go to them, for tests of deliveries. Each takes only what a test cares about."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from campaigns.channels.catalogue import find_adapter
from campaigns.channels.models import Account, AccountSlot
from campaigns.deliveries import services
from campaigns.deliveries.models import Delivery, DeliveryEvent
from campaigns.deliveries.timing import Now, When
from cms.core import clock
from cms.core.database import db, transaction
from cms.posts.models import Post
from tests.factories import read_again, save

_TYPED = {
    "domain": "localhost",
    "ip": "203.0.113.9",
    "url": "https://there.example",
}  # what "x" is refused for


def make_account(
    name: str = "Our hook", channel: str = "webhook", slots: Sequence[tuple[int, str]] = (), **fields: object
) -> Account:
    """An account in Shanghai that works; `slots` are (weekday, wall)."""
    account = Account(
        channel=channel,
        name=name,
        **{
            "zone": "Asia/Shanghai",
            "created_at": clock.now(),
            "settings": usual_settings(channel),
            **fields,
        },
    )
    account.slots = [AccountSlot(weekday=weekday, wall=wall) for weekday, wall in slots]
    return save(account)


def usual_settings(channel: str) -> dict[str, Any]:
    """What its network asks for, as somebody would fill it in."""
    adapter = find_adapter(channel)
    fields = adapter.fields if adapter else ()
    return {
        one.name: _TYPED.get(one.name, one.default or "x")
        for one in fields
        if one.is_required and not one.is_secret
    }


def plan(
    post: Post, account: Account, when: When | None = None, *, at: datetime | None = None, **fields: object
) -> Delivery:
    """One delivery, planned the way a person does; now, unless told."""
    post_id, account_id = post.id, account.id
    again = bool(fields.pop("again", False))
    with transaction():
        made = services.plan_deliveries(
            post_id,
            [services.Choice(account_id, when or Now(), **fields)],  # type: ignore[arg-type]
            by=None,
            at=at or clock.now(),
            again=again,
        )
    return read_again(Delivery, made[0])


def story(delivery_id: int) -> list[str]:
    """The kinds of its events, in order."""
    return list(
        db.session.scalars(
            select(DeliveryEvent.kind)
            .where(DeliveryEvent.delivery_id == delivery_id)
            .order_by(DeliveryEvent.id)
        )
    )
