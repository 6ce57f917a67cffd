"""The ways into the site that are not lists of posts themselves: tags, months, people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape
from sqlalchemy import func, select

from cms.core.database import db
from cms.core.markup import trusted
from cms.media.models import Media, MediaVariant, Portrait
from cms.people.models import GUEST, Person
from cms.posts.models import Byline, Post, PostTag
from cms.posts.queries import in_main, month_bounds, visible_to
from cms.site.edition import Edition
from cms.site.queries.pictures import Picture, Variant, media_columns, picture
from cms.site.queries.rows import AnyRow
from cms.site.queries.site import in_words
from cms.topics.models import Tag

MOST_TAGS = 300
_FIRST_YEAR = 1990


class TagWord(NamedTuple):
    """A tag in the directory: how often it is used, and how large it stands, 1 to 5."""

    name: str
    url: str
    posts: int
    weight: int


class Month(NamedTuple):
    """One month with posts."""

    year: int
    month: int
    posts: int


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody's public page."""

    id: int
    name: str
    handle: str
    headline: str
    bio_html: Markup | None
    portrait: Picture | None


def tag_words(edition: Edition) -> list[TagWord]:
    """The tags that live posts carry, by name; the most used ones when there are very many."""
    used = (
        select(PostTag.tag_id, func.count().label("posts"))
        .where(PostTag.live_at.is_not(None))
        .group_by(PostTag.tag_id)
        .order_by(func.count().desc(), PostTag.tag_id)
        .limit(MOST_TAGS)
        .subquery()
    )
    rows = db.session.execute(
        select(Tag.slug, Tag.name, used.c.posts).join(used, used.c.tag_id == Tag.id)
    ).all()
    most = max((row.posts for row in rows), default=1)
    words = [
        TagWord(
            in_words(row.name or {}, edition.locale) or row.slug,
            edition.to(f"/tags/{row.slug}"),
            row.posts,
            max(1, min(5, 1 + round(4 * (row.posts / most) ** 0.5))),
        )
        for row in rows
    ]
    return sorted(words, key=lambda word: (word.name.casefold(), word.url))


def months(zone: str) -> list[Month]:
    """The months that have posts, newest first. Counted along an index, one stretch for each month."""
    first, last = db.session.execute(_ends()).one()
    if first is None:
        return []
    stretches = list(_months_between(first, last, ZoneInfo(zone)))
    counts = [
        select(func.count())
        .select_from(Post)
        .where(visible_to(None, None), in_main(), Post.published_at >= start, Post.published_at < end)
        for _, _, start, end in stretches
    ]
    found: list[Month] = []
    for begin in range(0, len(counts), 100):
        row: AnyRow = db.session.execute(
            select(
                *(one.scalar_subquery().label(f"m{n}") for n, one in enumerate(counts[begin : begin + 100]))
            )
        ).one()
        part = stretches[begin : begin + 100]
        found += [
            Month(year, month, count) for (year, month, _, _), count in zip(part, row, strict=True) if count
        ]
    return found


def find_author(edition: Edition, handle: str) -> Author | None:
    """Somebody by handle. A guest exists for readers only while something of theirs is live. One query."""
    has_work = (
        select(Byline.post_id)
        .where(Byline.person_id == Person.id, Byline.live_at.is_not(None))
        .limit(1)
        .correlate(Person)
        .exists()
    )
    variant = (MediaVariant.file.label("variant"), MediaVariant.mime, MediaVariant.width)
    rows = db.session.execute(
        select(Person, *media_columns, *variant, has_work.label("has_work"))
        .outerjoin(Portrait, Portrait.person_id == Person.id)
        .outerjoin(Media, Media.id == Portrait.media_id)
        .outerjoin(MediaVariant, MediaVariant.media_id == Media.id)
        .where(Person.handle == handle, Person.disabled_at.is_(None))
        .order_by(MediaVariant.width)
    ).all()
    if not rows or (rows[0].Person.role == GUEST and not rows[0].has_work):
        return None
    person, face = rows[0].Person, rows[0]
    made = [Variant(row.variant, row.mime, row.width) for row in rows if row.variant]
    return Author(
        id=person.id,
        name=person.name,
        handle=person.handle,
        headline=in_words(person.headline or {}, edition.locale),
        bio_html=_paragraphs(in_words(person.bio or {}, edition.locale)),
        portrait=picture(face, {face.media_id: made}, alt=person.name) if face.media_id else None,
    )


def _paragraphs(text: str) -> Markup | None:
    """What somebody says of themselves is plain text; an empty line parts paragraphs."""
    parts = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
    return trusted("".join(f"<p>{escape(part)}</p>" for part in parts)) if parts else None


def authors_with_work() -> Sequence[AnyRow]:
    """Handle and name of everybody who has something live, for the list of all feeds."""
    return db.session.execute(
        select(Person.handle, Person.name)
        .where(
            Person.disabled_at.is_(None),
            select(Byline.post_id)
            .where(Byline.person_id == Person.id, Byline.live_at.is_not(None))
            .limit(1)
            .exists(),
        )
        .order_by(Person.handle)
        .limit(500)
    ).all()


def _ends() -> Any:
    shown = (visible_to(None, None), in_main())
    first = select(func.min(Post.published_at)).where(*shown).scalar_subquery()
    last = select(func.max(Post.published_at)).where(*shown).scalar_subquery()
    return select(first, last)


def _months_between(first: datetime, last: datetime, tz: ZoneInfo) -> Any:
    begin, end = first.astimezone(tz), last.astimezone(tz)
    year, month = end.year, end.month
    while (year, month) >= (max(begin.year, _FIRST_YEAR), begin.month if begin.year >= _FIRST_YEAR else 1):
        yield year, month, *month_bounds(year, month, tz.key)
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
