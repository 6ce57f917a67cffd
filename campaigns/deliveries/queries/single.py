"""One delivery and its story; one post and everything that is planned of it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.deliveries.models import Delivery, DeliveryEvent
from campaigns.deliveries.queries.pages import listed
from cms.core.database import db
from cms.core.errors import NotFound

MOST = 200  # deliveries of one post


def get_delivery(delivery_id: int) -> Delivery:
    """The delivery with account, post, campaign, link, revision and planner. Raises `NotFound`."""
    found = db.session.scalar(
        select(Delivery)
        .where(Delivery.id == delivery_id)
        .options(
            joinedload(Delivery.account),
            joinedload(Delivery.post),
            joinedload(Delivery.campaign),
            joinedload(Delivery.link),
            joinedload(Delivery.revision),
            joinedload(Delivery.created_by),
        )
    )
    if found is None:
        raise NotFound
    return found


def timeline(delivery_id: int) -> Sequence[DeliveryEvent]:
    """A delivery's story in order, with who did what."""
    return db.session.scalars(
        select(DeliveryEvent)
        .where(DeliveryEvent.delivery_id == delivery_id)
        .options(joinedload(DeliveryEvent.by))
        .order_by(DeliveryEvent.id)
    ).all()


def deliveries_of_post(post_id: int, *, before: int | None = None, limit: int = MOST) -> Sequence[Delivery]:
    """Every delivery of a post, last planned first, with account, campaign, link and planner; `before` an id."""
    query = select(Delivery).where(Delivery.post_id == post_id)
    if before is not None:
        query = query.where(Delivery.id < before)
    return listed(query.order_by(Delivery.id.desc()), limit)
