"""What is in a circle: its topics, its members, its links and feeds. Callers have passed the gate of the circle."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, literal, select, tuple_
from sqlalchemy.orm import selectinload

from cms.circles.models import Circle, CircleFeed, CircleLink, Membership, OfficeHour, Topic, TopicFlag
from cms.circles.queries.gate import get_topic, known_to, read_by
from cms.comments.on_posts import post_address
from cms.comments.queries import Within
from cms.core.database import Instant, db
from cms.core.errors import NotFound
from cms.core.secrets import fingerprint
from cms.people.models import Person
from cms.posts.models import Byline, Post, Revision
from cms.posts.queries import visible_to

PAGE_LENGTH = 20
MOST_TEXTS = 200
Key = tuple[datetime, int]


def topics(
    circle_id: int,
    person: Person | None,
    *,
    before: Key | None = None,
    limit: int = PAGE_LENGTH,
    with_pinned: bool = False,
) -> Sequence[Topic]:
    """Topics that exist for this person, moved last first; those that are kept on top stand elsewhere on the page,
    texts that answer a call with it."""
    query = _topics(circle_id, person)
    if not with_pinned:
        query = query.where(Topic.pinned_at.is_(None), Topic.call_id.is_(None))
    if before is not None:
        last = tuple_(literal(before[0], Instant()), literal(before[1]))
        query = query.where(tuple_(Topic.active_at, Topic.id) < last)
    return db.session.scalars(query.order_by(Topic.active_at.desc(), Topic.id.desc()).limit(limit)).all()


def pinned(circle_id: int, person: Person | None) -> Sequence[Topic]:
    """Those a moderator keeps on top."""
    query = _topics(circle_id, person).where(Topic.pinned_at.is_not(None))
    return db.session.scalars(query.order_by(Topic.pinned_at.desc(), Topic.id.desc()).limit(10)).all()


def texts_of(call: Topic, person: Person | None, *, limit: int = MOST_TEXTS) -> Sequence[Topic]:
    """What was offered to a call, as far as it exists for this person, first come first."""
    query = _topics(call.circle_id, person).where(Topic.call_id == call.id, Topic.hidden_at.is_(None))
    return db.session.scalars(query.order_by(Topic.id).limit(limit)).all()


def running_calls(circle_id: int, person: Person | None, *, at: datetime) -> Sequence[Topic]:
    """Calls that take texts now, the one that ends first on top."""
    query = _topics(circle_id, person).where(Topic.ends_at > at, Topic.hidden_at.is_(None))
    return db.session.scalars(query.order_by(Topic.ends_at, Topic.id).limit(10)).all()


def get_call(topic_id: int, person: Person | None, *, circle_id: int) -> Topic:
    """A call of this circle that exists for somebody; raises `NotFound`."""
    call = get_topic(topic_id, person, circle_id=circle_id)
    if call.ends_at is None:
        raise NotFound
    return call


def own_posts(person: Person, *, only: int | None = None, limit: int = 50) -> list["OwnPost"]:
    """Somebody's own texts that readers see, newest first; `only` asks for one of them."""
    query = (
        select(Post.id, Post.kind, Revision.title, Revision.beginning)
        .join(Byline, Byline.post_id == Post.id)
        .join(Revision, Revision.id == Post.live_revision_id)
        .where(Byline.person_id == person.id, visible_to(None, None))
    )
    if only is not None:
        query = query.where(Post.id == only)
    rows = db.session.execute(query.order_by(Post.published_at.desc(), Post.id.desc()).limit(limit))
    return [OwnPost(row.id, row.title or row.beginning[:60]) for row in rows]


def reported_topics(circle_id: int | None = None, *, limit: int = 50) -> Sequence[Topic]:
    """For who decides: topics that members reported, last first; of one circle, or of all with their circles."""
    query = (
        select(Topic)
        .where(Topic.id.in_(select(TopicFlag.topic_id)))
        .options(selectinload(Topic.by), selectinload(Topic.flags), selectinload(Topic.circle))
        .order_by(Topic.id.desc())
    )
    if circle_id is not None:
        query = query.where(Topic.circle_id == circle_id)
    return db.session.scalars(query.limit(limit)).all()


def count_reported(circle_id: int) -> int:
    """How many topics of a circle wait for a decision."""
    flagged = select(func.count(TopicFlag.topic_id.distinct())).join(Topic, Topic.id == TopicFlag.topic_id)
    return db.session.scalars(flagged.where(Topic.circle_id == circle_id)).one()


def hidden_topics(circle_id: int, *, limit: int = 50) -> Sequence[Topic]:
    """For moderators: those that were taken from readers, last first."""
    query = (
        select(Topic)
        .where(Topic.circle_id == circle_id, Topic.hidden_at.is_not(None))
        .options(selectinload(Topic.by))
        .order_by(Topic.hidden_at.desc(), Topic.id.desc())
    )
    return db.session.scalars(query.limit(limit)).all()


def answers_in(circle_id: int) -> Within:
    """Comments below the topics of one circle, as the queue of comments takes it."""
    return "topic", select(Topic.id).where(Topic.circle_id == circle_id)


def newest(circle_id: int, person: Person | None, *, limit: int) -> Sequence[Topic]:
    """For feeds: those begun last."""
    query = _topics(circle_id, person).order_by(Topic.created_at.desc(), Topic.id.desc())
    return db.session.scalars(query.limit(limit)).all()


def members(circle_id: int, *, state: str = "member", limit: int = 500) -> Sequence[Membership]:
    """People who stand to it in this way: the owner, moderators, then who came first."""
    query = (
        select(Membership)
        .where(Membership.circle_id == circle_id, Membership.state == state)
        .options(selectinload(Membership.person))
        .order_by(
            Membership.role != "owner", Membership.role != "moderator", Membership.since, Membership.person_id
        )
        .limit(limit)
    )
    return db.session.scalars(query).all()


def links(circle_id: int) -> Sequence[CircleLink]:
    """Links that were made, newest first."""
    query = select(CircleLink).where(CircleLink.circle_id == circle_id).order_by(CircleLink.id.desc())
    return db.session.scalars(query.limit(50)).all()


def find_link(token: str) -> tuple[CircleLink, Circle] | None:
    """The link of this token, and where it leads."""
    query = (
        select(CircleLink, Circle)
        .join(Circle, Circle.id == CircleLink.circle_id)
        .where(CircleLink.token_hash == fingerprint(token))
    )
    found = db.session.execute(query).one_or_none()
    return (found[0], found[1]) if found else None


def feeds_of(person_id: int, circle_id: int) -> Sequence[CircleFeed]:
    """One's own private addresses that work."""
    query = select(CircleFeed).where(
        CircleFeed.person_id == person_id, CircleFeed.circle_id == circle_id, CircleFeed.revoked_at.is_(None)
    )
    return db.session.scalars(query.order_by(CircleFeed.id)).all()


def find_feed(token: str) -> tuple[Circle, Person] | None:
    """Whose feed of which circle this is; None unless it works and its owner belongs to the circle now."""
    query = (
        select(Circle, Person)
        .join(CircleFeed, CircleFeed.circle_id == Circle.id)
        .join(Person, Person.id == CircleFeed.person_id)
        .join(
            Membership,
            (Membership.circle_id == Circle.id)
            & (Membership.person_id == Person.id)
            & (Membership.state == "member"),
        )
        .where(
            CircleFeed.token_hash == fingerprint(token),
            CircleFeed.revoked_at.is_(None),
            Person.disabled_at.is_(None),
        )
    )
    found = db.session.execute(query).one_or_none()
    return (found[0], found[1]) if found else None


def coming_hours(circle_id: int, *, at: datetime) -> Sequence[OfficeHour]:
    """Hours that are not over yet, the next first."""
    query = (
        select(OfficeHour)
        .where(OfficeHour.circle_id == circle_id, OfficeHour.ends_at > at)
        .options(selectinload(OfficeHour.expert))
        .order_by(OfficeHour.starts_at, OfficeHour.id)
        .limit(10)
    )
    return db.session.scalars(query).all()


def get_coming_hour(circle_id: int, hour_id: int, *, at: datetime) -> OfficeHour:
    """An hour of this circle that is not over and was not called off; raises `NotFound`."""
    hour = db.session.get(OfficeHour, hour_id)
    if hour is None or hour.circle_id != circle_id or hour.cancelled_at or hour.ends_at <= at:
        raise NotFound
    return hour


def topics_about(post_id: int, person: Person | None) -> Sequence[Topic]:
    """Where a post was shared, as far as this person may know."""
    query = (
        select(Topic)
        .join(Circle, Circle.id == Topic.circle_id)
        .where(Topic.post_id == post_id, read_by(person), known_to(person))
        .options(selectinload(Topic.circle))
    )
    return db.session.scalars(query.order_by(Topic.id.desc()).limit(10)).all()


@dataclass(frozen=True, slots=True)
class OwnPost:
    """A text of somebody's own that may be offered."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class SharedPost:
    """A post of the site that a topic shares; only while readers see it."""

    title: str
    path: str
    language: str


def shared_posts(post_ids: Collection[int]) -> dict[int, SharedPost]:
    """Those of these posts that readers see now."""
    query = (
        select(Post.id, Post.kind, Post.slug, Post.language, Revision.title, Revision.beginning)
        .join(Revision, Revision.id == Post.live_revision_id)
        .where(Post.id.in_(sorted(post_ids)), visible_to(None, None))
    )
    rows = db.session.execute(query).all() if post_ids else []
    return {
        row.id: SharedPost(
            row.title or row.beginning[:60], post_address(row.kind, row.id, row.slug), row.language
        )
        for row in rows
    }


def _topics(circle_id: int, person: Person | None) -> Select[Topic]:
    return (
        select(Topic)
        .join(Circle, Circle.id == Topic.circle_id)
        .where(Topic.circle_id == circle_id, read_by(person))
        .options(selectinload(Topic.by))
    )
