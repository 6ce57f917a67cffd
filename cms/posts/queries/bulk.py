"""Reading acts on many posts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from cms.core.database import db
from cms.core.errors import NotFound
from cms.posts.models import BulkAct, BulkItem, Post, Revision


@dataclass(frozen=True)
class Left:
    """One post that was left as it was, and why."""

    post_id: int
    title: str
    language: str
    sentence: str


def get_bulk(bulk_id: int) -> BulkAct:
    """One act on many posts."""
    act = db.session.get(BulkAct, bulk_id)
    if act is None:
        raise NotFound
    return act


def bulk_waiting(*, limit: int = 5) -> Sequence[int]:
    """Numbers of the acts that are not finished, oldest first."""
    return db.session.scalars(
        select(BulkAct.id).where(BulkAct.finished_at.is_(None)).order_by(BulkAct.id).limit(limit)
    ).all()


def bulk_left(bulk_id: int, *, is_undoing: bool, limit: int) -> Sequence[int]:
    """Numbers of the posts that an act, or its undoing, has still to look at."""
    return db.session.scalars(
        select(BulkItem.post_id)
        .where(BulkItem.bulk_id == bulk_id, BulkItem.state == ("done" if is_undoing else "waiting"))
        .order_by(BulkItem.post_id)
        .limit(limit)
    ).all()


def bulk_counts(bulk_id: int) -> dict[str, int]:
    """How many posts of an act are in which state."""
    query = select(BulkItem.state, func.count()).where(BulkItem.bulk_id == bulk_id).group_by(BulkItem.state)
    return dict(db.session.execute(query).all())


def bulk_refused(bulk_id: int, *, limit: int = 50) -> Sequence[Left]:
    """The posts that were left as they were, with the reason."""
    rows = db.session.execute(
        select(Post.id, Revision.title, Revision.beginning, Post.language, BulkItem.sentence)
        .join(Post, Post.id == BulkItem.post_id)
        .join(Revision, Revision.id == Post.latest_revision_id)
        .where(BulkItem.bulk_id == bulk_id, BulkItem.state.in_(("refused", "kept")))
        .order_by(Post.id)
        .limit(limit)
    )
    return [
        Left(number, title or beginning, language, why) for number, title, beginning, language, why in rows
    ]
