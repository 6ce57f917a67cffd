"""Reading what somebody follows."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, select, tuple_, union
from sqlalchemy.orm import joinedload

from cms.circles.models import Circle, Topic
from cms.circles.queries.gate import read_by
from cms.core.database import Instant, db
from cms.following.kinds import Followable, Target, known
from cms.following.models import Follow, FreshPost, FreshTopic
from cms.people.models import Person
from cms.site.edition import Place

PAGE = 20
MOST_TOPICS = 12  # each circle has the rest


@dataclass(frozen=True)
class Followed:
    """One thing that somebody follows."""

    kind: Followable
    target_id: int
    target: Target
    since: datetime


def is_following(person_id: int, kind: str, target_id: int) -> bool:
    """Whether somebody follows this."""
    return db.session.get(Follow, (person_id, kind, target_id)) is not None


def find_target(by: Person, kind: str, target_id: int) -> Target | None:
    """What would be followed; None when there is no such thing, or not for this person."""
    found = known().get(kind)
    return found.named(by, [target_id]).get(target_id) if found else None


def followed(by: Person) -> list[Followed]:
    """Everything somebody follows and may still see, by kind and name. One query for each kind, and one."""
    ids = _ids(by.id)
    found = []
    for kind in known().values():
        names = kind.named(by, list(ids[kind.kind])) if ids[kind.kind] else {}
        rows = [Followed(kind, one, names[one], ids[kind.kind][one]) for one in names]
        found += sorted(rows, key=lambda row: row.target.name.casefold())
    return found


def reading(by: Person, *, before: Place | None = None, size: int = PAGE) -> tuple[list[int], Place | None]:
    """The ids of what is new in what somebody follows, newest first, each once; and where the next page begins."""
    ids = _ids(by.id)
    parts: list[Any] = []
    for kind in known().values():
        part = kind.posts(list(ids[kind.kind])) if ids[kind.kind] else None
        if part is not None:
            parts.append(_newest(part.subquery(), before, size + 1))
    if not parts:
        return [], None
    every = union(*(select(one.subquery()) for one in parts)).subquery()
    newest = (
        select(every.c.id, func.max(every.c.at, type_=Instant()).label("at")).group_by(every.c.id).subquery()
    )
    rows = db.session.execute(
        select(newest.c.id, newest.c.at).order_by(newest.c.at.desc(), newest.c.id.desc()).limit(size + 1)
    ).all()
    shown = rows[:size]
    following = Place(shown[-1].at, shown[-1].id) if len(rows) > size else None
    return [row.id for row in shown], following


def reading_topics(by: Person, *, limit: int = MOST_TOPICS) -> Sequence[Topic]:
    """What was begun last in the circles somebody follows, as far as it exists for them."""
    query = (
        select(Topic)
        .join(Circle, Circle.id == Topic.circle_id)
        .join(Follow, (Follow.kind == "circle") & (Follow.target_id == Circle.id))
        .where(Follow.person_id == by.id, Topic.hidden_at.is_(None), read_by(by))
        .options(joinedload(Topic.by), joinedload(Topic.circle))
        .order_by(Topic.created_at.desc(), Topic.id.desc())
    )
    return db.session.scalars(query.limit(limit)).all()


def followers_of_circle(circle_id: int, *, after_id: int, limit: int) -> Sequence[int]:
    """Who follows a circle, by number, after this one."""
    query = select(Follow.person_id).where(
        Follow.kind == "circle", Follow.target_id == circle_id, Follow.person_id > after_id
    )
    return db.session.scalars(query.order_by(Follow.person_id).limit(limit)).all()


def followers_of(post_id: int, *, after_id: int, limit: int) -> Sequence[int]:
    """Who follows something that a post belongs to, by number, after this one."""
    mine = [
        (Follow.kind == kind.kind) & Follow.target_id.in_(list(targets))
        for kind in known().values()
        if (targets := kind.of_post(post_id))
    ]
    if not mine:
        return []
    condition = mine[0]
    for one in mine[1:]:
        condition = condition | one
    query = select(Follow.person_id).where(condition, Follow.person_id > after_id).distinct()
    return db.session.scalars(query.order_by(Follow.person_id).limit(limit)).all()


def fresh_posts(*, limit: int = 20) -> Sequence[int]:
    """Numbers of posts whose followers wait to be told."""
    return db.session.scalars(select(FreshPost.post_id).order_by(FreshPost.at).limit(limit)).all()


def fresh_topics(*, limit: int = 20) -> Sequence[int]:
    """The same for topics of circles."""
    return db.session.scalars(select(FreshTopic.topic_id).order_by(FreshTopic.at).limit(limit)).all()


def _newest(part: Any, before: Place | None, limit: int) -> Any:
    query = select(part.c.id, part.c.at)
    if before is not None:
        query = query.where(
            tuple_(part.c.at, part.c.id) < tuple_(literal(before.at, Instant()), literal(before.id))
        )
    return query.order_by(part.c.at.desc(), part.c.id.desc()).limit(limit)


def _ids(person_id: int) -> dict[str, dict[int, datetime]]:
    found: dict[str, dict[int, datetime]] = defaultdict(dict)
    for row in db.session.scalars(select(Follow).where(Follow.person_id == person_id)):
        found[row.kind][row.target_id] = row.since
    return found
