"""Lists of circles: those that may be known, one's own, and those that fit what somebody reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, tuple_
from sqlalchemy.orm import selectinload

from cms.circles.models import Circle, CircleTag, Membership, Topic
from cms.circles.queries.gate import as_shown, known_to
from cms.core.database import Instant, db
from cms.people.models import Person
from cms.posts.models import Post, PostTag
from cms.topics.models import Tag

PAGE_LENGTH = 24
MOST_SUGGESTED = 6
Key = tuple[datetime, int]


@dataclass(frozen=True)
class Suggestion:
    """A circle, and why it is offered: a tag one reads or writes about, and by what that is known."""

    circle: Circle
    tag: Tag
    because: (
        str  # "joined": circles one is in are about it; "wrote": one's own texts; "shared": posts one shared
    )


def circles(
    person: Person | None,
    *,
    search: str = "",
    tag_id: int | None = None,
    before: Key | None = None,
    limit: int = PAGE_LENGTH,
) -> Sequence[Circle]:
    """Open circles that exist for this person, those written in last first."""
    query = select(Circle).where(Circle.closed_at.is_(None), known_to(person)).options(*as_shown())
    if person is not None:
        query = query.where(
            Circle.visibility != "hidden"
        )  # one's own hidden ones are in `mine`, not in a directory
    if search:
        query = query.where(_says(search))
    if tag_id is not None:
        query = query.where(Circle.id.in_(select(CircleTag.circle_id).where(CircleTag.tag_id == tag_id)))
    if before is not None:
        last = tuple_(literal(before[0], Instant()), literal(before[1]))
        query = query.where(tuple_(Circle.active_at, Circle.id) < last)
    return db.session.scalars(query.order_by(Circle.active_at.desc(), Circle.id.desc()).limit(limit)).all()


def mine(person: Person, *, state: str = "member") -> Sequence[Membership]:
    """Circles one stands to in this way, by name."""
    query = (
        select(Membership)
        .join(Circle, Circle.id == Membership.circle_id)
        .where(Membership.person_id == person.id, Membership.state == state, known_to(person))
        .options(selectinload(Membership.circle))
        .order_by(Circle.closed_at.is_not(None), Circle.name, Circle.id)
    )
    return db.session.scalars(query).all()


def bans(person: Person) -> list[tuple[Membership, bool]]:
    """Circles one was shut out of, and whether one may know of each: of the others not even the name is said."""
    query = (
        select(Membership, known_to(person))
        .join(Circle, Circle.id == Membership.circle_id)
        .where(Membership.person_id == person.id, Membership.state == "banned")
        .options(selectinload(Membership.circle))
        .order_by(Membership.since.desc(), Membership.circle_id)
    )
    return [(tie, is_known) for tie, is_known in db.session.execute(query)]


def words_of_circles() -> list[tuple[Tag, int]]:
    """Tags of public circles, with how many there are: hidden ones do not count."""
    number = func.count(Circle.id)
    query = (
        select(Tag, number)
        .join(CircleTag, CircleTag.tag_id == Tag.id)
        .join(Circle, Circle.id == CircleTag.circle_id)
        .where(Circle.visibility == "public", Circle.closed_at.is_(None))
        .group_by(Tag.id)
        .order_by(number.desc(), Tag.id)
        .limit(30)
    )
    return [(tag, count) for tag, count in db.session.execute(query)]


def suggestions(person: Person, *, limit: int = MOST_SUGGESTED) -> list[Suggestion]:
    """Circles about what somebody reads: tags of posts they shared or wrote, and of circles they are in.

    Nothing is kept about pages they looked at, so nothing of that is used here.
    """
    reasons: dict[int, str] = {}
    for because, query in _tags_read(person):
        for tag_id in db.session.scalars(query):
            reasons.setdefault(tag_id, because)
    if not reasons:
        return []
    tied = select(Membership.circle_id).where(Membership.person_id == person.id)
    fitting = (
        select(Circle, Tag)
        .join(CircleTag, CircleTag.circle_id == Circle.id)
        .join(Tag, Tag.id == CircleTag.tag_id)
        .where(
            CircleTag.tag_id.in_(reasons),
            Circle.closed_at.is_(None),
            Circle.visibility != "hidden",
            known_to(person),
            Circle.id.not_in(tied),
        )
        .options(*as_shown())
        .order_by(Circle.active_at.desc(), Circle.id.desc(), CircleTag.position)
        .limit(limit * 4)
    )
    found: dict[int, Suggestion] = {}
    for circle, tag in db.session.execute(fitting):
        found.setdefault(circle.id, Suggestion(circle, tag, reasons[tag.id]))
    return list(found.values())[:limit]


def _tags_read(person: Person) -> list[tuple[str, Select[int]]]:
    shared = select(Topic.post_id).where(Topic.by_id == person.id, Topic.post_id.is_not(None))
    written = select(Post.id).where(Post.created_by_id == person.id, Post.live_revision_id.is_not(None))
    joined = select(Membership.circle_id).where(
        Membership.person_id == person.id, Membership.state == "member"
    )
    return [
        ("shared", select(PostTag.tag_id).where(PostTag.post_id.in_(shared)).distinct().limit(50)),
        ("wrote", select(PostTag.tag_id).where(PostTag.post_id.in_(written)).distinct().limit(50)),
        ("joined", select(CircleTag.tag_id).where(CircleTag.circle_id.in_(joined)).distinct().limit(50)),
    ]


def _says(search: str) -> ColumnElement[bool]:
    like = "%" + search.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return or_(Circle.name.ilike(like, escape="\\"), Circle.purpose.ilike(like, escape="\\"))
