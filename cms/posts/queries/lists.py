"""The desk's lists of posts: what one may open, narrowed, sorted and in pages; what Today and the board hold.

Every way of sorting walks an index, and so does every way of narrowing that leaves little. Titles are looked for in an
index of titles alone, never in the texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, literal, or_, select, tuple_, union
from sqlalchemy.orm import defer, joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from cms.core.database import Instant, db
from cms.core.paging import Key
from cms.people.models import Person
from cms.posts.models import Byline, Post, PostTag, Revision
from cms.posts.queries.gate import in_main, not_private, open_to

STATUSES = ("draft", "live", "changed", "scheduled", "down")
MOST_FOUND = 3_000  # posts that a search for words of titles looks at
SORTS = {"edited": Post.edited_at, "published": Post.published_at, "due": Post.due_at}


@dataclass(frozen=True)
class DeskFilter:
    """Which posts the desk list holds. `person_id` means: begun by them, or credited to them."""

    status: str | None = None
    section_id: int | None = None
    tag_id: int | None = None
    kind: str | None = None
    language: str | None = None
    person_id: int | None = None
    title: str = ""
    campaign_id: int | None = None
    post_ids: frozenset[int] = (
        frozenset()
    )  # with a campaign: the posts that serve it, which nothing here knows


def desk_posts(
    wanted: DeskFilter,
    *,
    person: Person | None,
    sort: str = "edited",
    before: Key | None = None,
    limit: int = 30,
) -> Sequence[Post]:
    """Posts outside the trash that this person may open: last edited or last published first, or next due first.

    `before` is the instant it is sorted by, and the number, that the last page ended with.
    """
    column = SORTS[sort]
    query = select(Post).where(open_to(person), *_conditions(wanted))
    if sort == "published":
        query = query.where(Post.live_revision_id.is_not(None))
    elif sort == "due":
        query = query.where(column.is_not(None))
    if before is not None:
        key, last = tuple_(column, Post.id), tuple_(literal(before[0], Instant()), literal(before[1]))
        query = query.where(key > last if sort == "due" else key < last)
    order = (column, Post.id) if sort == "due" else (column.desc(), Post.id.desc())
    return listed(query.order_by(*order), limit)


def desk_post_ids(wanted: DeskFilter, *, person: Person | None, limit: int) -> Sequence[int]:
    """Numbers of everything a list is narrowed to, last edited first."""
    query = select(Post.id).where(open_to(person), *_conditions(wanted))
    return db.session.scalars(query.order_by(Post.edited_at.desc(), Post.id.desc()).limit(limit)).all()


def my_drafts(person_id: int, *, limit: int = 8) -> Sequence[Post]:
    """What this person began or is credited for, and readers do not see."""
    begun = select(Post.id).where(Post.created_by_id == person_id, Post.live_revision_id.is_(None))
    credited = select(Byline.post_id).where(Byline.person_id == person_id, Byline.live_at.is_(None))
    mine = Post.id.in_(select(union(begun, credited).subquery().c[0]))
    query = select(Post).where(Post.live_revision_id.is_(None), Post.trashed_at.is_(None), mine)
    return listed(query.order_by(Post.edited_at.desc(), Post.id.desc()), limit)


def posts_going_out(*, person: Person | None, limit: int = 8) -> Sequence[Post]:
    """What is scheduled and this person may open, next first."""
    query = select(Post).where(Post.due_at.is_not(None), Post.due_problem.is_(None), open_to(person))
    return listed(query.order_by(Post.due_at, Post.id), limit)


def missed_posts(*, person: Person | None, late_since: datetime, limit: int = 8) -> Sequence[Post]:
    """What should be out but is not: it could not be published, or nobody came for it since `late_since`."""
    missed = or_(Post.due_problem.is_not(None), Post.due_at < late_since)
    query = select(Post).where(Post.due_at.is_not(None), missed, open_to(person))
    return listed(query.order_by(Post.due_at, Post.id), limit)


def just_published(*, since: datetime | None = None, limit: int = 8) -> Sequence[Post]:
    """What readers of the main lists see since last, newest first."""
    query = select(Post).where(Post.live_revision_id.is_not(None), in_main())
    if since is not None:
        query = query.where(Post.published_at >= since)
    return listed(query.order_by(Post.published_at.desc(), Post.id.desc()), limit)


def drafts_besides(ids: Sequence[int], *, person: Person | None, limit: int = 20) -> Sequence[Post]:
    """Drafts that are not planned and not among these, last edited first."""
    query = select(Post).where(
        *_conditions(DeskFilter(status="draft")),
        Post.due_wall.is_(None),  # as empty as `due_at`, whose index holds every post that is not planned
        Post.id.not_in(ids),
        open_to(person),
    )
    return listed(query.order_by(Post.edited_at.desc(), Post.id.desc()), limit)


def posts_numbered(ids: Sequence[int], *, person: Person | None, limit: int = 60) -> Sequence[Post]:
    """Those of these posts that this person may open, last edited first."""
    query = select(Post).where(Post.id.in_(ids), open_to(person))
    return listed(query.order_by(Post.edited_at.desc(), Post.id.desc()), limit)


def trashed_posts(
    *,
    person: Person | None = None,
    title: str = "",
    kind: str | None = None,
    before: Key | None = None,
    limit: int = 30,
) -> Sequence[Post]:
    """The trash as this person may see it, last thrown away first, narrowed by words of the title and by kind; `before`
    is the `(trashed_at, id)` the last page ended with."""
    narrowed = _conditions(DeskFilter(kind=kind, title=title))
    query = select(Post).where(Post.trashed_at.is_not(None), not_private(person), *narrowed)
    if before is not None:
        query = query.where(
            tuple_(Post.trashed_at, Post.id) < tuple_(literal(before[0], Instant()), literal(before[1]))
        )
    return listed(query.order_by(Post.trashed_at.desc(), Post.id.desc()), limit)


def listed(query: Select[Post], limit: int | None) -> Sequence[Post]:
    """What lists show of posts, in a fixed number of queries. First their numbers alone: sorting thousands of posts
    together with their texts is what takes time."""
    ids = db.session.scalars(query.with_only_columns(Post.id).limit(limit)).all()
    options = (
        joinedload(Post.latest).options(*without_text()),
        joinedload(Post.section),
        selectinload(Post.bylines).joinedload(Byline.person),
    )
    posts = db.session.scalars(select(Post).where(Post.id.in_(ids)).options(*options)).unique()
    found = {post.id: post for post in posts}
    return [found[post_id] for post_id in ids]


def without_text() -> tuple[_AbstractLoad, ...]:
    """Leave the long columns of a revision where they are."""
    columns = (Revision.body, Revision.html, Revision.plain, Revision.transcript, Revision.transcript_html)
    return tuple(defer(column, raiseload=True) for column in columns)


def _conditions(wanted: DeskFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.status is not None:
        conditions.append(_has_status(wanted.status))
    if wanted.section_id is not None:
        conditions.append(Post.section_id == wanted.section_id)
    if wanted.tag_id is not None:
        tagged = select(PostTag.post_id).where(PostTag.tag_id == wanted.tag_id)
        conditions.append(Post.id.in_(tagged))
    if wanted.kind is not None:
        conditions.append(Post.kind == wanted.kind)
    if wanted.language is not None:
        conditions.append(Post.language == wanted.language)
    if wanted.person_id is not None:
        conditions.append(Post.id.in_(_own(wanted.person_id)))
    if wanted.campaign_id is not None:
        conditions.append(Post.id.in_(wanted.post_ids))
    if wanted.title:
        conditions += _titled(wanted.title)
    return conditions


def _titled(words: str) -> list[ColumnElement[bool]]:
    """Posts whose latest text is titled so. The index of titles says which posts may be; of very many,
    those that come first by their titles."""
    found = Revision.title.icontains(words, autoescape=True)
    candidates = (
        select(Revision.post_id)
        .where(found)
        .order_by(Revision.title)  # the order of the index, so that SQLite reads it and not the texts
        .limit(MOST_FOUND)
    )
    is_titled = exists().where(Revision.id == Post.latest_revision_id, found)
    return [Post.id.in_(candidates), is_titled]


def _own(person_id: int) -> Select[int]:
    begun = select(Post.id).where(Post.created_by_id == person_id)
    credited = select(Byline.post_id).where(Byline.person_id == person_id)
    return select(union(begun, credited).subquery().c[0])


def _has_status(status: str) -> ColumnElement[bool]:
    is_live, was_live = Post.live_revision_id.is_not(None), Post.first_published_at.is_not(None)
    return {
        "draft": and_(Post.live_revision_id.is_(None), Post.first_published_at.is_(None)),
        "live": is_live,
        "changed": Post.live_revision_id != Post.latest_revision_id,
        "scheduled": Post.due_at.is_not(None),
        "down": and_(Post.live_revision_id.is_(None), was_live),
    }[status]
