"""A delivery's own story: one line for everything that happened to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table

from campaigns.deliveries.models import DeliveryEvent
from cms.core.database import db
from cms.people.models import Person

_LINES = cast(Table, DeliveryEvent.__table__)


def note(delivery_id: int, kind: str, *, by: Person | None, at: datetime, **detail: Any) -> None:
    """Add a line; `detail` holds what JSON can, and never a secret."""
    db.session.add(
        DeliveryEvent(delivery_id=delivery_id, kind=kind, at=at, by_id=by.id if by else None, detail=detail)
    )


def note_many(lines: Sequence[tuple[int, str, dict[str, Any]]], *, at: datetime) -> None:
    """Add lines of many deliveries, which no person caused: each its delivery, kind and detail."""
    if lines:
        values = [{"delivery_id": id, "kind": kind, "detail": detail} for id, kind, detail in lines]
        db.session.execute(_LINES.insert(), [{"at": at, "by_id": None, **one} for one in values])
