"""Accounts and deliveries as rows, as planning would leave them with their message composed."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from campaigns.channels.messages import Message, Part
from campaigns.channels.models import Account
from campaigns.channels.seats import write_secrets
from campaigns.deliveries.models import Delivery, DeliveryEvent
from cms.core import clock
from cms.core.database import db, transaction
from tests.factories import save


def make_account(channel: str = "board", url: str = "http://127.0.0.1:9", **fields: Any) -> int:
    """A seat on a network; gives its number."""
    secrets = write_secrets(fields.pop("secrets", {}))
    known: dict[str, Any] = {"name": f"Our {channel}", "zone": "UTC", "created_at": clock.now()}
    row = save(Account(channel=channel, settings={"url": url}, secrets=secrets, **{**known, **fields}))
    return row.id


def make_deliveries(
    post_id: int,
    account_ids: Sequence[int],
    *,
    due_at: datetime,
    parts: Sequence[str] = ("Salt eats copper slowly.",),
    upload: bool = False,
    first: int = 1,
    **fields: Any,
) -> list[int]:
    """One delivery per account named, due then; an account may be named often. `first` is the first occurrence."""
    rows = []
    for number, account_id in enumerate(account_ids, first):
        key = str(uuid.uuid4())
        said = message(key, due_at, parts, upload=upload)
        known: dict[str, Any] = {
            "state": "scheduled",
            "due_at": due_at,
            "planned_at": due_at,
            "latest_minutes": 720,
            "payload": said.to_json(),
            "payload_hash": said.hash(),
            "title": "What salt does to a mast",
            "created_at": due_at,
        }
        rows.append(
            Delivery(
                key=key, post_id=post_id, account_id=account_id, occurrence=number, **{**known, **fields}
            )
        )
    with transaction():
        db.session.add_all(rows)
    with transaction():
        return [row.id for row in rows]


def message(key: str, planned_at: datetime, parts: Sequence[str], *, upload: bool = False) -> Message:
    """A thread of these parts."""
    return Message(
        key=key,
        language="en",
        parts=tuple(Part(one) for one in parts),
        url="https://example.com/posts/salt",
        link="https://example.com/l/abc12",
        planned_at=planned_at,
        extra={"upload": True} if upload else {},
    )


def look_at(delivery_id: int) -> Delivery:
    """The row as it is now."""
    db.session.rollback()
    return db.session.scalars(
        select(Delivery).where(Delivery.id == delivery_id).execution_options(populate_existing=True)
    ).one()


def story(delivery_id: int) -> list[str]:
    """The kinds of its events, in order."""
    db.session.rollback()
    return list(
        db.session.scalars(
            select(DeliveryEvent.kind)
            .where(DeliveryEvent.delivery_id == delivery_id)
            .order_by(DeliveryEvent.id)
        )
    )


def let_pass(seconds: int) -> None:
    """So much time passes for the rows: every instant in them that a worker waits for moves back."""
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"

    def moved(column: str) -> str:
        if is_sqlite:
            return f"{column} = strftime('%Y-%m-%d %H:%M:%f000', {column}, '-{seconds} seconds')"
        return f"{column} = {column} - interval '{seconds} seconds'"

    def all_of(*columns: str) -> str:
        return ", ".join(moved(one) for one in columns)

    open_ones = "state NOT IN ('sent', 'cancelled') OR wish_at IS NOT NULL"
    with transaction():
        execute = db.session.connection().exec_driver_sql
        times = all_of("due_at", "planned_at", "lease_until", "look_at", "wish_at")
        execute(f"UPDATE deliveries SET {times} WHERE {open_ones}")
        execute(
            f"UPDATE delivery_steps SET {moved('intended_at')} "
            f"WHERE delivery_id IN (SELECT id FROM deliveries WHERE {open_ones})"
        )
        execute(f"UPDATE accounts SET {moved('limited_until')} WHERE limited_until IS NOT NULL")
    db.session.expire_all()
