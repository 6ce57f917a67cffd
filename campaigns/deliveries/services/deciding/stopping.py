"""A delivery does not go out after all, or goes out again."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from campaigns.deliveries.services.deciding.marking import again, decided, parts_there, write_audit
from campaigns.deliveries.services.noting import note
from campaigns.deliveries.services.planning import load_delivery
from campaigns.deliveries.services.problems import InFlight, NotStoppable
from cms.core.database import db
from cms.people.models import Person

STOPPABLE = ("waiting", "scheduled", "refused", "missed", "held", "by_hand")


def cancel_delivery(
    delivery_id: int, *, expected_version: int | None = None, by: Person, at: datetime
) -> None:
    """It does not go out. Parts of a thread that are there stay there. Raises `Conflict` when it is being sent, or was."""
    delivery = load_delivery(delivery_id, expected_version=expected_version)
    if delivery.state in ("sending", "finishing"):
        raise InFlight
    if delivery.state == "unsure":
        raise NotStoppable(_("Nobody knows yet whether this arrived. Say how it ended first."))
    if delivery.state not in STOPPABLE:
        raise NotStoppable
    before = delivery.state
    decided(delivery, "cancelled")
    note(delivery_id, "cancelled", by=by, at=at, before=before, parts=parts_there(delivery_id))
    write_audit("cancelled", delivery, by=by, at=at)


def retry_deliveries(delivery_ids: Sequence[int], *, by: Person, at: datetime) -> list[int]:
    """Send what was `refused` again, and nothing else; gives the ids that are scheduled now.

    A refused one is composed anew from its variant; steps that are made stay made, so a thread goes on where it stopped.
    """
    retried = []
    for delivery_id in sorted(
        set(delivery_ids)
    ):  # in one order, so that two people do not wait for each other
        delivery = load_delivery(delivery_id)
        if delivery.state != "refused":
            continue
        again(delivery, at)
        delivery.payload = delivery.payload_hash = None
        delivery.attempts = 0
        note(delivery_id, "retried", by=by, at=at)
        write_audit("retried", delivery, by=by, at=at)
        retried.append(delivery_id)
    db.session.flush()
    return retried
