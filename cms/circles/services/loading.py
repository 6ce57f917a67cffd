"""Rows that services change: read inside the transaction, and locked where acts of two people may meet."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import selectinload

from cms.circles.models import Circle, Membership, Topic
from cms.circles.services.problems import CircleClosed
from cms.core.database import db
from cms.core.errors import NotFound
from cms.core.pagecache import touch

LIST = "circles"  # the tag of pages that list circles


def locked(circle_id: int, *, must_be_open: bool = True) -> Circle:
    """The circle, held until the transaction ends: who joins, leaves and takes over does so one after the other."""
    query = select(Circle).where(Circle.id == circle_id).options(selectinload(Circle.tags))
    found = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    if must_be_open and not found.is_open:
        raise CircleClosed
    return found


def tie(circle_id: int, person_id: int) -> Membership | None:
    """How somebody stands to a circle now."""
    return db.session.get(Membership, (circle_id, person_id), populate_existing=True)


def moderators(circle_id: int) -> list[int]:
    """Who looks after a circle: its owner and moderators."""
    query = select(Membership.person_id).where(
        Membership.circle_id == circle_id, Membership.role.in_(("owner", "moderator"))
    )
    return list(db.session.scalars(query.order_by(Membership.person_id)))


def recount(circle_id: int) -> None:
    """Count members and topics anew: there is one definition of each, and this is where it stands."""
    db.session.flush()
    members = (
        select(func.count())
        .where(Membership.circle_id == circle_id, Membership.state == "member")
        .scalar_subquery()
    )
    topics = (
        select(func.count())
        .where(Topic.circle_id == circle_id, Topic.hidden_at.is_(None), Topic.audience == "all")
        .scalar_subquery()
    )
    values = {"member_count": members, "topic_count": topics}
    db.session.execute(update(Circle).where(Circle.id == circle_id).values(values))


def touch_circle(circle_id: int) -> None:
    """Pages of this circle, and lists that may name it, are out of date."""
    touch(LIST, f"circle:{circle_id}")
