"""What was sent is edited or deleted there, or a person says that it is gone."""

from datetime import datetime
from typing import Literal

from sqlalchemy import select

from campaigns.channels.catalogue import find_adapter
from campaigns.channels.models import Account
from campaigns.deliveries.events import DeliveryGone
from campaigns.deliveries.services.deciding.marking import write_audit
from campaigns.deliveries.services.noting import note
from campaigns.deliveries.services.planning import load_delivery
from campaigns.deliveries.services.problems import CannotThere, NotAsked
from cms.core.database import db
from cms.core.seams import announce
from cms.people.models import Person


def edit_sent(delivery_id: int, *, expected_version: int | None = None, by: Person, at: datetime) -> None:
    """Bring what was sent up to its variant, where the network can. The worker does it."""
    _wish(delivery_id, "edit", expected_version=expected_version, by=by, at=at)


def delete_sent(delivery_id: int, *, expected_version: int | None = None, by: Person, at: datetime) -> None:
    """Take it away there, where the network can. The worker does it."""
    _wish(delivery_id, "delete", expected_version=expected_version, by=by, at=at)


def mark_gone(delivery_id: int, *, expected_version: int | None = None, by: Person, at: datetime) -> None:
    """A person deleted it there: keep a tombstone with its figures."""
    delivery = load_delivery(delivery_id, expected_version=expected_version)
    if delivery.state != "sent" or delivery.deleted_at is not None:
        raise NotAsked
    delivery.deleted_at = at
    delivery.wish, delivery.wish_at = "", None
    delivery.version += 1
    db.session.flush()
    note(delivery_id, "gone", by=by, at=at)
    announce(DeliveryGone(delivery_id=delivery_id, at=at))
    write_audit("gone", delivery, by=by, at=at)


def _wish(
    delivery_id: int,
    wish: Literal["edit", "delete"],
    *,
    expected_version: int | None,
    by: Person,
    at: datetime,
) -> None:
    delivery = load_delivery(delivery_id, expected_version=expected_version)
    if delivery.state != "sent" or delivery.deleted_at is not None:
        raise NotAsked
    channel = db.session.scalar(select(Account.channel).where(Account.id == delivery.account_id))
    adapter = find_adapter(channel or "")
    if adapter is None or not (adapter.can_edit if wish == "edit" else adapter.can_delete):
        raise CannotThere
    delivery.wish, delivery.wish_at, delivery.wish_tries = wish, at, 0
    delivery.code, delivery.reason, delivery.told_at = "", "", None
    delivery.lease += 1  # an earlier wish that is under way changes nothing here any more
    delivery.lease_until = None
    delivery.version += 1
    db.session.flush()
    note(delivery_id, f"{wish}_wished", by=by, at=at)
    write_audit(f"{wish}_wished", delivery, by=by, at=at)
