"""Lists of live posts, newest first, paged by key: each page walks one index from where the last one ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from cms.core.database import Instant, db
from cms.people.models import Person
from cms.posts.heat import Mention
from cms.posts.models import Byline, Post, PostTag
from cms.posts.queries.gate import visible_to
from cms.posts.queries.reading import live_posts_by_id
from cms.topics.models import Tag

Key = tuple[datetime, int]
MOST_MONTHS = 480  # SQLite takes 500 selects in one statement


@dataclass(frozen=True)
class ListFilter:
    """Which posts a list holds.

    With `locale`, each story comes once: in that language when it is live in it, else in its original. With
    `language`, only posts in exactly that language. `since` and `until` (not included) bound the time of publication.
    """

    locale: str | None = None
    language: str | None = None
    section_id: int | None = None
    tag_id: int | None = None
    person_id: int | None = None
    kind: str | None = None
    without_kind: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def live_posts(
    wanted: ListFilter | None = None,
    *,
    before: Key | None = None,
    after: Key | None = None,
    limit: int = 20,
    in_full: bool = False,
    person: Person | None = None,
    at: datetime | None = None,
) -> list[Post]:
    """One page of a list, newest first.

    `before` is the `(published_at, id)` of the last post of the page above; `after` that of the first post of
    the page below, to walk back up. `in_full` loads the text too, for feeds.
    """
    wanted = wanted or ListFilter()
    stamp, post_id, query = _walk(wanted)
    query = query.where(visible_to(person, at), *_conditions(wanted))
    if wanted.locale is not None:
        query = query.where(_is_the_telling_for(wanted.locale, wanted, person, at))
    if before is not None:
        query = query.where(tuple_(stamp, post_id) < _key(before))
    if after is not None:
        query = query.where(tuple_(stamp, post_id) > _key(after))
        ids = list(db.session.scalars(query.order_by(stamp, post_id).limit(limit)))[::-1]
    else:
        ids = list(db.session.scalars(query.order_by(stamp.desc(), post_id.desc()).limit(limit)))
    return live_posts_by_id(ids, in_full=in_full, person=person, at=at)


def neighbours(
    post: Post, *, person: Person | None = None, at: datetime | None = None
) -> tuple[Post | None, Post | None]:
    """The post before and the one after, among posts in the same language that are not notes."""
    older, newer = _neighbour_keys(post, person, at)
    found = {
        one.id: one for one in live_posts_by_id([key for key in (older, newer) if key], person=person, at=at)
    }
    return found.get(older or 0), found.get(newer or 0)


def neighbour_ids(post: Post) -> list[int]:
    """The numbers of the posts that link to this one as their neighbour."""
    return [key for key in _neighbour_keys(post, None, None) if key is not None]


def related_posts(
    post: Post,
    *,
    locale: str | None = None,
    limit: int = 3,
    person: Person | None = None,
    at: datetime | None = None,
) -> list[Post]:
    """Other stories that share most tags with this one, then newer ones of its section. Needs `post.tags`."""
    filters = [ListFilter(locale=locale, tag_id=row.tag_id, without_kind="note") for row in post.tags]
    if post.section_id is not None:
        filters.append(ListFilter(locale=locale, section_id=post.section_id, without_kind="note"))
    if not filters:
        return []
    halves = []
    for number, wanted in enumerate(filters):
        stamp, post_id, query = _walk(wanted)
        query = query.where(visible_to(person, at), Post.story_id != post.story_id, *_conditions(wanted))
        if locale is not None:
            query = query.where(_is_the_telling_for(locale, wanted, person, at))
        newest = query.order_by(stamp.desc(), post_id.desc()).limit(limit * 4).subquery(f"part_{number}")
        weight = 2 if wanted.tag_id is not None else 1
        halves.append(select(newest.c[0].label("post_id"), literal(weight).label("weight")))
    found = union_all(*halves).subquery("found")
    best = db.session.scalars(
        select(found.c.post_id)
        .join(Post, Post.id == found.c.post_id)
        .group_by(found.c.post_id, Post.published_at)
        .order_by(func.sum(found.c.weight).desc(), Post.published_at.desc(), found.c.post_id.desc())
        .limit(limit)
    )
    return live_posts_by_id(list(best), person=person, at=at)


def archive_months(
    zone: str, *, locale: str | None = None, person: Person | None = None, at: datetime | None = None
) -> list[tuple[int, int]]:
    """The years and months, in this zone, that have posts; newest first. One probe of the index for each month."""
    gate = visible_to(person, at)
    oldest = db.session.scalar(
        select(Post.published_at).where(gate).order_by(Post.published_at, Post.id).limit(1)
    )
    newest = db.session.scalar(
        select(Post.published_at).where(gate).order_by(Post.published_at.desc(), Post.id.desc()).limit(1)
    )
    if oldest is None or newest is None:
        return []
    months = _months_between(oldest, newest, zone)[:MOST_MONTHS]
    rows = []
    for year, month in months:
        start, end = month_bounds(year, month, zone)
        rows.append(
            select(
                literal(year).label("year"),
                literal(month).label("month"),
                literal(start, Instant()).label("start"),
                literal(end, Instant()).label("end"),
            )
        )
    span = union_all(*rows).cte("span")
    has_posts = select(Post.id).where(gate, Post.published_at >= span.c.start, Post.published_at < span.c.end)
    if locale is not None:
        has_posts = has_posts.where(_is_the_telling_for(locale, ListFilter(), person, at))
    found = db.session.execute(
        select(span.c.year, span.c.month)
        .where(has_posts.correlate(span).exists())
        .order_by(span.c.year.desc(), span.c.month.desc())
    )
    return [(row.year, row.month) for row in found]


def month_bounds(year: int, month: int, zone: str) -> tuple[datetime, datetime]:
    """The first instant of a month in this zone, and the first of the next."""
    place = ZoneInfo(zone)
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return datetime(year, month, 1, tzinfo=place), datetime(*following, 1, tzinfo=place)


def mentions_since(since: datetime) -> list[Mention]:
    """Which tags were written about since then, in which story, by whom. Tags kept out of the hot words are left out."""
    first = (Byline.post_id == Post.id) & (Byline.position == 0)
    rows = db.session.execute(
        select(PostTag.tag_id, Post.story_id, Byline.person_id, Post.published_at)
        .select_from(Post)
        .join(PostTag, PostTag.post_id == Post.id)
        .join(Tag, Tag.id == PostTag.tag_id)
        .outerjoin(Byline, first)
        .where(visible_to(None, None), Post.published_at > since, Tag.hot != "never")
    )
    return [Mention(tag_id, story_id, person_id, at) for tag_id, story_id, person_id, at in rows if at]


def live_addresses(
    *, after_id: int = 0, limit: int = 10_000, person: Person | None = None, at: datetime | None = None
) -> Sequence[Row[int, str, str | None, str, str, datetime | None]]:
    """`id, kind, slug, language, story_id, updated_at` of live posts by number, for sitemaps and exports."""
    return db.session.execute(
        select(Post.id, Post.kind, Post.slug, Post.language, Post.story_id, Post.updated_at)
        .where(Post.id > after_id, visible_to(person, at))
        .order_by(Post.id)
        .limit(limit)
    ).all()


def _key(key: Key) -> ColumnElement[Any]:
    return tuple_(literal(key[0], Instant()), literal(key[1]))


def _walk(wanted: ListFilter) -> tuple[Any, Any, Select[int]]:
    """The time and number a list is ordered by, and the query that walks the index that has them in order."""
    if wanted.tag_id is not None:
        query = select(PostTag.post_id).join(Post, Post.id == PostTag.post_id)
        on_tag = (PostTag.tag_id == wanted.tag_id, PostTag.live_at.is_not(None))
        return PostTag.live_at, PostTag.post_id, query.where(*on_tag)
    if wanted.person_id is not None:
        query = select(Byline.post_id).join(Post, Post.id == Byline.post_id)
        by_person = (Byline.person_id == wanted.person_id, Byline.live_at.is_not(None))
        return Byline.live_at, Byline.post_id, query.where(*by_person)
    return Post.published_at, Post.id, select(Post.id)


def _conditions(wanted: ListFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.tag_id is not None and wanted.person_id is not None:
        conditions.append(_has_byline(Post, wanted.person_id))
    if wanted.language is not None:
        conditions.append(Post.language == wanted.language)
    if wanted.section_id is not None:
        conditions.append(Post.section_id == wanted.section_id)
    if wanted.kind is not None:
        conditions.append(Post.kind == wanted.kind)
    if wanted.without_kind is not None:
        conditions.append(Post.kind != wanted.without_kind)
    stamp = _walk(wanted)[0]
    if wanted.since is not None:
        conditions.append(stamp >= wanted.since)
    if wanted.until is not None:
        conditions.append(stamp < wanted.until)
    return conditions


def _is_the_telling_for(
    locale: str, wanted: ListFilter, person: Person | None, at: datetime | None
) -> ColumnElement[bool]:
    """Whether a post is the one that stands for its story in this list: no better telling of it belongs here."""
    better = aliased(Post, name="better")
    belongs = [visible_to(person, at, post=better)]
    # The tellings of one story are few and found by story. `coalesce` keeps the planner from walking a whole
    # section or kind instead, which SQLite prefers when it has no statistics: 160 ms at 100,000 posts, not 6.
    if wanted.section_id is not None:
        belongs.append(func.coalesce(better.section_id, 0) == wanted.section_id)
    if wanted.tag_id is not None:
        belongs.append(_has_tag(better, wanted.tag_id))
    if wanted.person_id is not None:
        belongs.append(_has_byline(better, wanted.person_id))
    if wanted.kind is not None:
        belongs.append(func.coalesce(better.kind, "") == wanted.kind)
    is_better = or_(
        better.language == locale,
        and_(Post.is_original.is_(False), or_(better.is_original, better.id < Post.id)),
    )
    found = (
        select(literal(1))
        .where(better.story_id == Post.story_id, better.id != Post.id, *belongs, is_better)
        .correlate(Post)
        .exists()
    )
    return or_(Post.language == locale, not_(found))


def _has_tag(post: type[Post], tag_id: int) -> ColumnElement[bool]:
    return exists().where(PostTag.post_id == post.id, PostTag.tag_id == tag_id)


def _has_byline(post: type[Post], person_id: int) -> ColumnElement[bool]:
    return exists().where(Byline.post_id == post.id, Byline.person_id == person_id)


def _neighbour_keys(post: Post, person: Person | None, at: datetime | None) -> tuple[int | None, int | None]:
    if post.published_at is None or post.kind == "note":
        return None, None
    key = tuple_(Post.published_at, Post.id)
    here = _key((post.published_at, post.id))
    same = (visible_to(person, at), Post.language == post.language, Post.kind != "note")
    older = (
        select(Post.id).where(*same, key < here).order_by(Post.published_at.desc(), Post.id.desc()).limit(1)
    )
    newer = select(Post.id).where(*same, key > here).order_by(Post.published_at, Post.id).limit(1)
    row = db.session.execute(select(older.scalar_subquery(), newer.scalar_subquery())).one()
    return row[0], row[1]


def _months_between(oldest: datetime, newest: datetime, zone: str) -> list[tuple[int, int]]:
    place = ZoneInfo(zone)
    first, last = oldest.astimezone(place), newest.astimezone(place)
    numbers = range(last.year * 12 + last.month - 1, first.year * 12 + first.month - 2, -1)
    return [(number // 12, number % 12 + 1) for number in numbers]
