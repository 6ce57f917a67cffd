"""What every decision does to a row, and to its story."""

from datetime import datetime
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.channels.models import Account
from campaigns.deliveries.events import DeliverySent
from campaigns.deliveries.models import Delivery, DeliveryStep
from cms.core.database import db
from cms.core.errors import Invalid
from cms.core.seams import announce
from cms.people import audit
from cms.people.models import Person

MOST_URL = 1000  # characters


def again(delivery: Delivery, at: datetime) -> None:
    """A person wants it out now: lateness is counted from here."""
    decided(delivery, "scheduled")
    delivery.due_at = delivery.planned_at = at


def arrived(delivery: Delivery, url: str, *, at: datetime) -> None:
    """A person says that it is there."""
    decided(delivery, "sent")
    delivery.sent_at, delivery.remote_url = at, url
    db.session.flush()
    account = db.session.get_one(Account, delivery.account_id)
    announce(
        DeliverySent(
            delivery_id=delivery.id,
            post_id=delivery.post_id,
            account_id=account.id,
            channel=account.channel,
            remote_id=delivery.remote_id,
            at=at,
        )
    )


def decided(delivery: Delivery, state: str) -> None:
    """The incident is over: what comes next is told about anew."""
    delivery.state, delivery.code, delivery.reason = state, "", ""
    delivery.told_at, delivery.look_at, delivery.crashes, delivery.lookups = None, None, 0, 0
    delivery.version += 1
    db.session.flush()


def parts_there(delivery_id: int) -> list[str]:
    """Keys of the steps that readers see."""
    return list(
        db.session.scalars(
            select(DeliveryStep.key)
            .where(
                DeliveryStep.delivery_id == delivery_id, DeliveryStep.publishes, DeliveryStep.state == "done"
            )
            .order_by(DeliveryStep.intended_at)
        )
    )


def address_of(url: str) -> str:
    """An address of a page, or nothing. Raises `Invalid`."""
    said = url.strip()
    if not said:
        return ""
    try:
        parts = urlsplit(said)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and len(said) <= MOST_URL
    except ValueError:
        is_good = False
    if not is_good:
        raise Invalid(errors={"url": _("Please paste a whole address, beginning with https://.")})
    return said


def write_audit(act: str, delivery: Delivery, *, by: Person, at: datetime, **detail: str) -> None:
    """Who decided what, for the audit log."""
    audit.record(f"delivery.{act}", f"delivery:{delivery.id}", by=by, at=at, detail=detail)
