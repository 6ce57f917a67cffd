"""Which deliveries are asked about: from the moment they are sent, until the schedule ends or they are gone."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import literal, select, update

from campaigns.channels.events import AccountRemoved
from campaigns.deliveries.events import DeliveryGone, DeliverySent
from campaigns.engagement.platform.definitions import VERSION, metrics_of
from campaigns.engagement.platform.models import FigureWatch, PlatformFigure
from campaigns.engagement.platform.newest import newest
from campaigns.engagement.platform.schedule import next_due
from cms.core.database import db, insert_into

KEPT = "kept"  # the source of a copy of the last value


def follow_sent(fact: DeliverySent) -> None:
    """Begin to ask, where the network tells anything. Sent again after it was gone, it begins anew."""
    if not metrics_of(fact.channel):
        return
    values = {"account_id": fact.account_id, "sent_at": fact.at, "due_at": next_due(fact.at, at=fact.at)}
    insert = insert_into(FigureWatch).values(delivery_id=fact.delivery_id, **values)
    db.session.execute(insert.on_conflict_do_update(index_elements=["delivery_id"], set_=values))


def follow_gone(fact: DeliveryGone) -> None:
    """What is gone keeps the last figures that are known."""
    freeze([fact.delivery_id], at=fact.at)


def follow_account_removed(fact: AccountRemoved) -> None:
    """Nobody can ask any more."""
    query = select(FigureWatch.delivery_id).where(FigureWatch.account_id == fact.account_id)
    freeze(list(db.session.scalars(query.where(FigureWatch.due_at.is_not(None)))), at=fact.at)


def freeze(delivery_ids: Collection[int], *, at: datetime) -> None:
    """Inside a transaction: ask no more, and write the last value of each figure down once more, as the final one."""
    closed = list(
        db.session.scalars(
            update(FigureWatch)
            .where(FigureWatch.delivery_id.in_(delivery_ids), FigureWatch.due_at.is_not(None))
            .values(due_at=None)
            .returning(FigureWatch.delivery_id)
            .execution_options(synchronize_session=False)
        )
    )
    last = newest().where(PlatformFigure.delivery_id.in_(closed)).subquery()
    columns = ["delivery_id", "metric", "definition_version", "captured_at", "value", "source", "is_final"]
    rows = select(
        last.c.delivery_id,
        last.c.metric,
        literal(VERSION),
        literal(at, PlatformFigure.captured_at.type),
        last.c.value,
        literal(KEPT),
        literal(True),
    ).where(last.c.place == 1)
    db.session.execute(insert_into(PlatformFigure).from_select(columns, rows))
