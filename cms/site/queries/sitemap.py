"""What search engines may know: live posts and the lists that hold them, with when they really last changed."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from cms.core.database import db
from cms.media.models import Media
from cms.people.models import Person
from cms.posts.models import Byline, Post, PostTag, Revision
from cms.posts.queries import in_main, visible_to
from cms.site.edition import post_path
from cms.site.queries.experts import ROLES as EXPERTS
from cms.site.queries.rows import AnyRow, AnySelect
from cms.topics.models import Section, Tag

PART = 5_000  # numbers of posts in one file; a file may hold 50,000 addresses
MOST_LISTS = 20_000


@dataclass(frozen=True, slots=True)
class Address:
    """One address, without host."""

    path: str
    changed_at: datetime
    alternates: list[tuple[str, str]] = field(default_factory=list)  # language, path
    image: str | None = None


@dataclass(frozen=True)
class Offered:
    """Public lists of a room below: `app.py` connects them. `tag` is touched when there are others."""

    tag: str
    addresses: Callable[[], Sequence[Address]]
    feeds: Callable[[str], Sequence[tuple[str, str]]]  # in a language: name and path of each list with feeds


def offered() -> list[Offered]:
    """The lists that rooms below offer."""
    found: list[Offered] = current_app.extensions["parley_public_lists"]
    return found


def parts() -> list[tuple[int, datetime]]:
    """The number of each file of posts, and when something in it last changed."""
    changed = func.max(func.coalesce(Post.updated_at, Post.published_at))
    number = Post.id // PART
    rows = db.session.execute(
        select(number.label("number"), changed.label("changed_at"))
        .where(*_is_ours())
        .group_by(number)
        .order_by(number)
    ).all()
    return [(int(row.number), row.changed_at) for row in rows]


def posts_of(part: int) -> list[Address]:
    """The posts of one file."""
    low, high = part * PART, (part + 1) * PART
    rows = db.session.execute(
        select(
            Post.id,
            Post.kind,
            Post.slug,
            Post.language,
            func.coalesce(Post.updated_at, Post.published_at).label("changed_at"),
            Media.file,
        )
        .join(Revision, Revision.id == Post.live_revision_id)
        .outerjoin(Media, (Media.id == Revision.cover_id) & (Media.kind == "image"))
        .where(*_is_ours(), Post.id >= low, Post.id < high)
        .order_by(Post.id)
    ).all()
    told = _translations(low, high)
    return [_address(row, told.get(row.id, [])) for row in rows]


def lists() -> list[Address]:
    """Every list that holds something: sections, tags, people."""
    in_section = select(func.max(Post.published_at)).where(
        Post.section_id == Section.id, visible_to(None, None), in_main()
    )
    on_tag = select(func.max(PostTag.live_at)).where(PostTag.tag_id == Tag.id)
    by_person = select(func.max(Byline.live_at)).where(Byline.person_id == Person.id)
    sections = _with_time(select(Section.slug, in_section.scalar_subquery().label("at")).order_by(Section.id))
    tags = _with_time(select(Tag.slug, on_tag.scalar_subquery().label("at")).order_by(Tag.id))
    people = _with_time(
        select(Person.handle, Person.role, by_person.scalar_subquery().label("at"))
        .where(Person.disabled_at.is_(None))
        .order_by(Person.id)
    )
    return [
        *(Address(f"/sections/{row.slug}", row.at) for row in sections),
        *(Address(f"/tags/{row.slug}", row.at) for row in tags),
        *(Address(f"/@{row.handle}", row.at) for row in people),
        *(
            [Address("/experts", max(outside))]
            if (outside := [row.at for row in people if row.role in EXPERTS])
            else []
        ),
    ]


def _with_time(statement: AnySelect) -> list[AnyRow]:
    """Those that hold something: a list without posts has no time."""
    return [row for row in db.session.execute(statement.limit(MOST_LISTS)) if row.at is not None]


def newest_at() -> datetime | None:
    """When the newest post appeared: the front page changed then."""
    return db.session.scalar(select(func.max(Post.published_at)).where(visible_to(None, None), in_main()))


def _is_ours() -> tuple[Any, ...]:
    """Live, and not first told somewhere else: such a post names that place as its canonical address."""
    return visible_to(None, None), Post.canonical_url.is_(None)


def _address(row: AnyRow, told: Sequence[tuple[str, str]]) -> Address:
    path = post_path(row.kind, row.id, row.slug)
    alternates = sorted([(row.language, path), *told]) if told else []
    return Address(path, row.changed_at, alternates, row.file)


def _translations(low: int, high: int) -> dict[int, list[tuple[str, str]]]:
    other = aliased(Post)
    rows = db.session.execute(
        select(Post.id, other.id.label("other_id"), other.kind, other.slug, other.language)
        .join(other, (other.story_id == Post.story_id) & (other.id != Post.id))
        .where(visible_to(None, None), visible_to(None, None, post=other), Post.id >= low, Post.id < high)
    )
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        found[row.id].append((row.language, post_path(row.kind, row.other_id, row.slug)))
    return found
