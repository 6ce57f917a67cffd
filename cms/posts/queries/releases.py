"""Reading releases."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, literal, select, tuple_
from sqlalchemy.orm import defer, joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from cms.core.database import Instant, db
from cms.core.errors import NotFound
from cms.posts.models import Post, Release, ReleaseItem, Revision
from cms.posts.queries.times import Due

Key = tuple[datetime, int]
_TEXTS = (Revision.body, Revision.html, Revision.plain, Revision.transcript, Revision.transcript_html)
MOST_OPEN = 100


def get_release(release_id: int) -> Release:
    """One release with its posts, each with the text that goes out with it."""
    release = db.session.scalar(_with_items(select(Release).where(Release.id == release_id)))
    if release is None:
        raise NotFound
    return release


def open_releases() -> Sequence[Release]:
    """What did not go out yet: the next one first, then those without a time, the newest first."""
    query = (
        select(Release)
        .where(Release.done_at.is_(None))
        .order_by(Release.due_at.is_(None), Release.due_at, Release.id.desc())
        .limit(MOST_OPEN)
    )
    return db.session.scalars(_with_items(query)).unique().all()


def done_releases(*, before: Key | None = None, limit: int = 30) -> Sequence[Release]:
    """What went out, newest first; `before` is the `(done_at, id)` the last page ended with."""
    query = select(Release).where(Release.done_at.is_not(None))
    if before is not None:
        query = query.where(
            tuple_(Release.done_at, Release.id) < tuple_(literal(before[0], Instant()), literal(before[1]))
        )
    query = query.order_by(Release.done_at.desc(), Release.id.desc()).limit(limit)
    return db.session.scalars(_with_items(query)).unique().all()


def release_of(post_id: int) -> Release | None:
    """The open release that a post goes out with."""
    return db.session.scalar(
        select(Release).join(ReleaseItem).where(ReleaseItem.post_id == post_id, ReleaseItem.done_at.is_(None))
    )


def open_release_names() -> Sequence[tuple[int, str]]:
    """Numbers and names to choose from, the newest first."""
    query = select(Release.id, Release.name).where(Release.done_at.is_(None)).order_by(Release.id.desc())
    return [(number, name) for number, name in db.session.execute(query.limit(MOST_OPEN))]


def releases_due(at: datetime, *, limit: int = 20) -> Sequence[Due]:
    """Releases to let go out, longest waiting first."""
    rows = db.session.execute(
        select(Release.id, Release.due_at, Release.due_tries)
        .where(Release.due_at <= at, Release.due_problem.is_(None), Release.done_at.is_(None))
        .order_by(Release.due_at, Release.id)
        .limit(limit)
    )
    return [Due(id_, due_at, tries) for id_, due_at, tries in rows if due_at]


def releases_between(start: datetime, end: datetime) -> Sequence[Release]:
    """Open releases planned for `start <= at < end`."""
    query = select(Release).where(Release.due_at >= start, Release.due_at < end, Release.done_at.is_(None))
    return db.session.scalars(_with_items(query.order_by(Release.due_at, Release.id))).unique().all()


def stopped_releases(late_since: datetime) -> Sequence[Release]:
    """Releases that should be out but are not."""
    query = select(Release).where(Release.due_at < late_since, Release.done_at.is_(None))
    return db.session.scalars(query.order_by(Release.due_at, Release.id).limit(MOST_OPEN)).all()


def _with_items(query: Select[Release]) -> Select[Release]:
    return query.options(selectinload(Release.items).options(*_of_items()))


def _of_items() -> tuple[_AbstractLoad, ...]:
    without = [defer(one, raiseload=True) for one in _TEXTS]
    post = joinedload(ReleaseItem.post)
    return (
        joinedload(ReleaseItem.revision).options(*without),
        post.joinedload(Post.latest).options(*without),
        post.joinedload(Post.section),
    )
