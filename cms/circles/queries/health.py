"""How circles fare, for those who look after them. Every number here has its definition in the docstring beside it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import Select, func, literal, select, tuple_, union

from cms.circles.models import Circle, Membership, Topic
from cms.comments.models import Comment
from cms.core.database import Instant, db
from cms.people.models import Person

ACTIVE = timedelta(days=30)
ANSWERS_OF = timedelta(days=90)
WAITS_AFTER = timedelta(days=1)  # a topic without an answer by somebody else for so long waits
PAGE_LENGTH = 50
Key = tuple[datetime, int]


@dataclass(frozen=True)
class Health:
    """One circle. `answer_hours` is missing where nothing was answered: missing is not zero."""

    circle: Circle
    owner: Person | None
    owner_gone_days: int
    active: int
    waiting: int
    requests: int
    answer_hours: float | None
    answered: int


def health(*, at: datetime, before: Key | None = None, limit: int = PAGE_LENGTH) -> list[Health]:
    """One page of circles, those written in last first, in a fixed number of queries."""
    query = select(Circle).order_by(Circle.active_at.desc(), Circle.id.desc()).limit(limit)
    if before is not None:
        last = tuple_(literal(before[0], Instant()), literal(before[1]))
        query = query.where(tuple_(Circle.active_at, Circle.id) < last)
    circles = db.session.scalars(query).all()
    ids = [one.id for one in circles]
    owners, active = _owners(ids), _active(ids, at)
    waiting, requests, hours = _waiting(ids, at), _requests(ids), _hours(ids, at)
    return [
        Health(
            circle=one,
            owner=owners.get(one.id),
            owner_gone_days=max(0, (at - one.owner_seen_at).days),
            active=active.get(one.id, 0),
            waiting=waiting.get(one.id, 0),
            requests=requests.get(one.id, 0),
            answer_hours=round(median(hours[one.id]), 1) if hours.get(one.id) else None,
            answered=len(hours.get(one.id, ())),
        )
        for one in circles
    ]


def _owners(ids: Collection[int]) -> dict[int, Person]:
    query = (
        select(Membership.circle_id, Person)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.circle_id.in_(ids), Membership.role == "owner")
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _active(ids: Collection[int], at: datetime) -> dict[int, int]:
    """Different people who wrote a topic or a visible answer within thirty days."""
    since = at - ACTIVE
    began = select(Topic.circle_id, Topic.by_id.label("person_id")).where(
        Topic.circle_id.in_(ids),
        Topic.created_at > since,
        Topic.hidden_at.is_(None),
        Topic.by_id.is_not(None),
    )
    answered = (
        select(Topic.circle_id, Comment.author_id.label("person_id"))
        .join(Topic, (Comment.subject_kind == "topic") & (Comment.subject_id == Topic.id))
        .where(
            Topic.circle_id.in_(ids),
            Comment.created_at > since,
            Comment.state == "visible",
            Comment.author_id.is_not(None),
        )
    )
    both = union(began, answered).subquery()
    return _counts(select(both.c.circle_id, func.count()).group_by(both.c.circle_id))


def _waiting(ids: Collection[int], at: datetime) -> dict[int, int]:
    """Topics older than a day that nobody but their writer answered."""
    query = select(Topic.circle_id, func.count()).where(
        Topic.circle_id.in_(ids),
        Topic.answered_at.is_(None),
        Topic.hidden_at.is_(None),
        Topic.created_at < at - WAITS_AFTER,
    )
    return _counts(query.group_by(Topic.circle_id))


def _requests(ids: Collection[int]) -> dict[int, int]:
    """People who asked to join and wait."""
    query = select(Membership.circle_id, func.count()).where(
        Membership.circle_id.in_(ids), Membership.state == "requested"
    )
    return _counts(query.group_by(Membership.circle_id))


def _hours(ids: Collection[int], at: datetime) -> dict[int, list[float]]:
    """Hours until the first answer by somebody else, of topics of the last ninety days that have one."""
    query = select(Topic.circle_id, Topic.created_at, Topic.answered_at).where(
        Topic.circle_id.in_(ids), Topic.answered_at.is_not(None), Topic.created_at > at - ANSWERS_OF
    )
    found: dict[int, list[float]] = defaultdict(list)
    for circle_id, began, answered in db.session.execute(query):
        assert answered is not None  # the condition above
        found[circle_id].append((answered - began).total_seconds() / 3600)
    return found


def _counts(query: Select[int, int]) -> dict[int, int]:
    return {row[0]: row[1] for row in db.session.execute(query)}
