"""What time itself does to planned deliveries: zones change their rules, posts do not come, posts are removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from campaigns.channels.models import Account
from campaigns.deliveries.models import Delivery, Repeat, Variant
from campaigns.deliveries.services.noting import note
from campaigns.deliveries.services.placing import quietly
from campaigns.deliveries.services.telling import tell
from campaigns.deliveries.timing import forgiving_instant
from cms.core import walltime
from cms.core.database import db
from cms.core.errors import Invalid
from cms.media import services as media
from cms.media.models import MediaUse

SOON = timedelta(minutes=15)
AT_ONCE = 200  # rows of one transaction


@dataclass(frozen=True)
class Shifted:
    """A delivery whose wall means another instant than before."""

    delivery_id: int
    version: int
    before: datetime
    meant: datetime


def shifted_deliveries(*, at: datetime) -> list[Shifted]:
    """Those still to come whose wall time means another instant now than when they were planned.

    The rules of a zone change a few times a year, with a new version of the time zone data. Reads only.
    """
    rows = db.session.execute(
        select(
            Delivery.id,
            Delivery.version,
            Delivery.planned_at,
            Delivery.wall,
            Delivery.zone,
            Delivery.timing,
            Delivery.ignores_quiet,
            Account,
        )
        .join(Account, Account.id == Delivery.account_id)
        .where(
            Delivery.due_at > at,
            Delivery.state.in_(("waiting", "scheduled")),
            Delivery.wall.is_not(None),
            Delivery.attempts == 0,
        )
        .order_by(Delivery.id)
    ).all()
    found = [
        Shifted(row.id, row.version, row.planned_at, meant)
        for row in rows
        if (meant := _meant(row)) is not None and meant != row.planned_at
    ]
    db.session.rollback()
    return found


def realign_deliveries(shifted: Sequence[Shifted], *, at: datetime) -> int:
    """Let these follow their walls; one that somebody moved meanwhile, or that a worker has, stays. Gives how many."""
    moved = []
    for one in shifted:
        done = db.session.execute(
            update(Delivery)
            .where(
                Delivery.id == one.delivery_id,
                Delivery.version == one.version,
                Delivery.state.in_(("waiting", "scheduled")),
                Delivery.attempts == 0,
            )
            .values(due_at=one.meant, planned_at=one.meant, version=Delivery.version + 1)
            .execution_options(synchronize_session=False)
        )
        if done.rowcount == 1:  # type: ignore[attr-defined]
            moved.append(one)
    for one in moved:
        told = {"before": one.before.isoformat(), "due": one.meant.isoformat()}
        note(one.delivery_id, "realigned", by=None, at=at, **told)
    db.session.flush()
    return len(moved)


def miss_waiting(*, at: datetime) -> int:
    """What waited for its post longer than its account allows is `missed`: a person decides. Gives how many.

    What goes out with its post, or in a slot after it, has no time of its own to miss.
    """
    due = db.session.execute(
        select(Delivery.id, Delivery.due_at, Delivery.latest_minutes)
        .where(Delivery.state == "waiting", Delivery.due_at < at, Delivery.timing.in_(("wall", "repeat")))
        .order_by(Delivery.due_at)
    )
    late = [row.id for row in due if row.due_at + timedelta(minutes=row.latest_minutes) < at][:AT_ONCE]
    rows = db.session.scalars(
        select(Delivery)
        .where(Delivery.id.in_(late), Delivery.state == "waiting")
        .with_for_update(skip_locked=True)
    ).all()
    for delivery in rows:
        delivery.state, delivery.code = "missed", "post_not_live"
        delivery.reason = _("The post was not published when this was due.")
        delivery.version += 1
        note(delivery.id, "missed", by=None, at=at, because="post_not_live")
    db.session.flush()
    for delivery in rows:  # when all of them are missed: one notice an account
        tell(delivery, at=at)
    db.session.flush()
    return len(rows)


def cancel_orphans(*, at: datetime) -> int:
    """What waits for a post that was removed for good, or would go to an account that was, is cancelled."""
    rows = db.session.scalars(
        select(Delivery)
        .where(Delivery.state == "waiting", Delivery.post_id.is_(None))
        .with_for_update(skip_locked=True)
    ).all()
    for delivery in rows:
        delivery.state, delivery.code = "cancelled", "post_removed"
        delivery.reason = _("The post was removed.")
        delivery.version += 1
        note(delivery.id, "cancelled", by=None, at=at, because="post_removed")
    db.session.flush()
    return len(rows)


def release_media() -> int:
    """Files that only variants of removed posts showed are free; gives how many uses ended."""
    standing = {f"variant:{one}" for one in db.session.scalars(select(Variant.id))}
    holders = set(
        db.session.scalars(select(MediaUse.holder).where(MediaUse.holder.startswith("variant:")).distinct())
    )
    gone = holders - standing
    for holder in gone:
        media.attach([], holder=holder)
    return len(gone)


def due_soon(*, at: datetime, limit: int = 100) -> list[tuple[int, int]]:
    """Deliveries that go out for the first time within a quarter of an hour, with their versions."""
    rows = db.session.execute(
        select(Delivery.id, Delivery.version)
        .where(
            Delivery.state == "scheduled",
            Delivery.due_at.between(at, at + SOON),  # what is due already is the engine's
            Delivery.payload.is_(None),
        )
        .order_by(Delivery.due_at)
        .limit(limit)
    ).all()
    return [(row.id, row.version) for row in rows]


def repeats_to_extend() -> list[int]:
    """Every repeat that stands."""
    return list(db.session.scalars(select(Repeat.id).where(Repeat.ended_at.is_(None)).order_by(Repeat.id)))


def _meant(row: Any) -> datetime | None:
    """What its wall means now. Where it does not exist under the new rules, it stays where it was, and is not lost."""
    try:
        if row.timing in ("slot", "repeat"):
            meant = forgiving_instant(row.wall, row.zone)
        else:
            meant = walltime.instant_near(row.wall, row.zone, row.planned_at)
    except Invalid:
        return None
    return quietly(meant, row.Account, row.ignores_quiet)
