"""Who writes here from outside, and about what: guests and experts with something live."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, func, literal, select, tuple_

from cms.core.database import Instant, db
from cms.media.models import Media, Portrait
from cms.people.models import GUEST, Person
from cms.posts.models import Byline, PostTag
from cms.site.edition import Edition, Place
from cms.site.queries.pictures import Picture, media_columns, picture, variants_of
from cms.site.queries.site import in_words
from cms.topics.models import Tag

PAGE = 24
TOPICS_OF_ONE = 3
MOST_TOPICS = 40
ROLES = (GUEST, "expert")


class Topic(NamedTuple):
    """A tag that experts wrote about, and how many of them did."""

    id: int
    slug: str
    name: str
    experts: int


@dataclass(frozen=True, slots=True)
class Expert:
    """One of them as the directory shows them."""

    id: int
    name: str
    url: str
    feed_url: str
    headline: str
    portrait: Picture | None
    posts: int
    newest_at: datetime
    topics: list[tuple[str, str]]  # name and address


def experts(
    edition: Edition, *, tag_id: int | None = None, before: Place | None = None, limit: int = PAGE
) -> tuple[list[Expert], Place | None]:
    """Those who wrote last first, on this tag when one is given, and where the next page begins. Three queries."""
    about = (
        select(
            Person.id.label("person_id"),
            _of_person(func.max(Byline.live_at), tag_id).label("newest_at"),
            _of_person(func.count(), tag_id).label("posts"),
        )
        .where(Person.role.in_(ROLES), Person.disabled_at.is_(None))
        .subquery()
    )
    query = (
        select(Person.id, Person.name, Person.handle, Person.headline, about.c.newest_at, about.c.posts)
        .add_columns(*media_columns)
        .join(about, about.c.person_id == Person.id)
        .outerjoin(Portrait, Portrait.person_id == Person.id)
        .outerjoin(Media, Media.id == Portrait.media_id)
        .where(about.c.newest_at.is_not(None))
        .order_by(about.c.newest_at.desc(), Person.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        here = tuple_(literal(before.at, Instant()), literal(before.id))
        query = query.where(tuple_(about.c.newest_at, Person.id) < here)
    rows = db.session.execute(query).all()
    shown = rows[:limit]
    topics = _topics_of(edition, [row.id for row in shown])
    variants = variants_of(row.media_id for row in shown if row.media_id is not None)
    found = [
        Expert(
            id=row.id,
            name=row.name,
            url=edition.to(f"/@{row.handle}"),
            feed_url=edition.to(f"/@{row.handle}/feed.xml"),
            headline=in_words(row.headline or {}, edition.locale),
            portrait=picture(row, variants, alt=row.name) if row.media_id is not None else None,
            posts=row.posts,
            newest_at=row.newest_at,
            topics=topics[row.id],
        )
        for row in shown
    ]
    last = found[-1] if len(rows) > limit else None
    return found, Place(last.newest_at, last.id) if last else None


def topics_of_experts(edition: Edition) -> list[Topic]:
    """The tags that most experts wrote about, by name."""
    many = func.count(Byline.person_id.distinct())
    rows = db.session.execute(
        select(Tag.id, Tag.slug, Tag.name, many.label("experts"))
        .join(PostTag, PostTag.tag_id == Tag.id)
        .join(Byline, Byline.post_id == PostTag.post_id)
        .join(Person, Person.id == Byline.person_id)
        .where(
            Byline.live_at.is_not(None),
            PostTag.live_at.is_not(None),
            Person.role.in_(ROLES),
            Person.disabled_at.is_(None),
        )
        .group_by(Tag.id, Tag.slug)
        .order_by(many.desc(), Tag.id)
        .limit(MOST_TOPICS)
    ).all()
    named = [
        Topic(row.id, row.slug, in_words(row.name or {}, edition.locale) or row.slug, row.experts)
        for row in rows
    ]
    return sorted(named, key=lambda topic: (topic.name.casefold(), topic.slug))


def _of_person(value: ColumnElement[Any], tag_id: int | None) -> ScalarSelect[Any]:
    query = select(value).select_from(Byline)
    query = query.where(Byline.person_id == Person.id, Byline.live_at.is_not(None))
    if tag_id is not None:
        query = query.join(PostTag, PostTag.post_id == Byline.post_id).where(PostTag.tag_id == tag_id)
    found: ScalarSelect[Any] = query.correlate(Person).scalar_subquery()
    return found


def _topics_of(edition: Edition, person_ids: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """What each of them wrote about most."""
    ids, many = list(person_ids), func.count()
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = db.session.execute(
        select(Byline.person_id, Tag.slug, Tag.name)
        .join(PostTag, PostTag.post_id == Byline.post_id)
        .join(Tag, Tag.id == PostTag.tag_id)
        .where(Byline.person_id.in_(ids), Byline.live_at.is_not(None), PostTag.live_at.is_not(None))
        .group_by(Byline.person_id, Tag.id, Tag.slug)
        .order_by(Byline.person_id, many.desc(), Tag.id)
    )
    for person_id, slug, name in rows:
        if len(found[person_id]) < TOPICS_OF_ONE:
            words = in_words(name or {}, edition.locale) or slug
            found[person_id].append((words, edition.to(f"/tags/{slug}")))
    return found
