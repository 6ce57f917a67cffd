"""Rows of this room in any state, for tests of pages: as the engine leaves them, without having to send anything."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from campaigns.channels.messages import Message, Part
from campaigns.channels.models import Account
from campaigns.deliveries.models import Delivery, DeliveryEvent, Hold
from campaigns.plans.models import Campaign
from cms.core import clock
from cms.people.models import Person
from cms.posts.models import Post
from tests.campaigns.deliveries.making import usual_settings
from tests.factories import save


def make_account(name: str = "Our hook", channel: str = "webhook", **fields: Any) -> Account:
    """A seat that works."""
    usual = {
        "zone": "Asia/Shanghai",
        "created_at": clock.now(),
        "settings": usual_settings(channel),
        "secrets": "",
    }
    return save(Account(name=name, channel=channel, **{**usual, **fields}))


def make_delivery(
    post: Post | None,
    account: Account,
    state: str = "scheduled",
    *,
    due: timedelta = timedelta(hours=1),
    title: str = "",
    events: Sequence[tuple[str, dict[str, Any]]] = (("planned", {}),),
    **fields: Any,
) -> Delivery:
    """One delivery in a state, with what every row in that state has."""
    now = clock.now()
    due_at = now + due
    usual: dict[str, Any] = {
        "key": str(uuid4()),
        "post_id": post.id if post else None,
        "title": title or "Spring notes",
        "account_id": account.id,
        "state": state,
        "latest_minutes": 720,
        "created_at": now,
        "planned_at": due_at,
        "due_at": due_at,
        "zone": "Asia/Shanghai",
    }
    if state == "waiting":
        usual |= {"due_at": None, "planned_at": None, "timing": "publication", "zone": None}
    if state == "sending":
        usual |= {"lease_until": now + timedelta(minutes=1), "worker": "a", "attempts": 1, "lease": 1}
    if state == "sent":
        usual |= {"sent_at": due_at + timedelta(seconds=1), "attempts": 1, "remote_id": "r1"}
    one = save(Delivery(**{**usual, **fields}))
    for kind, detail in events:
        save(DeliveryEvent(delivery_id=one.id, at=now, kind=kind, detail=detail))
    return one


def make_hold(scope: str = "everything", *, reason: str = "An accident at the works", **fields: Any) -> Hold:
    """A pause that stands."""
    return save(Hold(scope=scope, reason=reason, held_at=clock.now(), **fields))


def make_campaign(slug: str = "clean-rivers", **fields: Any) -> Campaign:
    """A campaign of the brand."""
    usual = {
        "name": {"en": "Clean rivers", "zh": "清河"},
        "kind": "brand",
        "zone": "Asia/Shanghai",
        "currency": "CNY",
        "starts_on": clock.now().date(),
        "ends_on": clock.now().date(),
        "created_at": clock.now(),
        "edited_at": clock.now(),
    }
    return save(Campaign(slug=slug, **{**usual, **fields}))


def message(text: str, *, key: str = "k", planned_at: datetime | None = None, **fields: Any) -> Message:
    """What goes out."""
    usual: dict[str, Any] = {
        "language": "en",
        "url": "http://localhost/posts/x",
        "link": "http://localhost/l/abc123",
    }
    return Message(key=key, parts=(Part(text),), planned_at=planned_at or clock.now(), **{**usual, **fields})


def hold_by(person: Person, **fields: Any) -> Hold:
    """A pause that somebody put."""
    return make_hold(held_by_id=person.id, **fields)
