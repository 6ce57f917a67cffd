"""Topics as something to comment on: what the gate says of a topic holds for every answer below it."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from cms.circles import rules
from cms.circles.models import Circle, Membership, Topic
from cms.circles.queries.gate import read_by, standing_in
from cms.circles.services.loading import moderators
from cms.circles.services.talking import note_answer
from cms.comments.events import CommentGone, CommentShown
from cms.comments.queries.counts import count_visible
from cms.comments.subjects import Policy, Subject
from cms.core.database import db
from cms.people.models import Person

KIND = "topic"


class Topics:
    """The source of topics of circles."""

    kind = KIND

    def find(self, ids: Collection[int]) -> Mapping[int, Subject]:
        """Those that exist, in one query with their circles; who may see one is asked when somebody comes."""
        wanted = select(Topic).where(Topic.id.in_(sorted(ids))).options(selectinload(Topic.circle))
        return {one.id: _subject(one, one.circle) for one in db.session.scalars(wanted)}

    def public_ids(self) -> Select[Any]:
        """Topics that everybody may read."""
        return select(Topic.id).join(Circle, Circle.id == Topic.circle_id).where(read_by(None))

    def moderated_ids(self, person: Person) -> Collection[int] | None:
        """Those of circles one looks after; all, for community managers."""
        if rules.looks_after_circles(person):
            return None
        mine = select(Membership.circle_id).where(
            Membership.person_id == person.id, Membership.role.in_(("owner", "moderator"))
        )
        return list(db.session.scalars(select(Topic.id).where(Topic.circle_id.in_(mine))))


def follow_comment(fact: CommentShown) -> None:
    """An answer can be read: the topic moves up, and its first answer is timed."""
    if fact.subject_kind == KIND:
        db.session.flush()
        count = count_visible(KIND, fact.subject_id)
        note_answer(fact.subject_id, by_id=fact.author_id, count=count, at=fact.at)


def follow_gone(fact: CommentGone) -> None:
    """An answer is gone: it counts no more."""
    topic = db.session.get(Topic, fact.subject_id) if fact.subject_kind == KIND else None
    if topic is not None:
        db.session.flush()
        topic.answer_count = count_visible(KIND, topic.id)


def _subject(topic: Topic, circle: Circle) -> Subject:
    is_public = circle.is_public and topic.audience == "all" and topic.hidden_at is None
    return Subject(
        kind=KIND,
        id=topic.id,
        title=topic.title,
        path=f"/circles/{circle.slug}/topics/{topic.id}",
        language=circle.language,
        policy=Policy("members", circle.closed_at),
        may_see=lambda person: _may_read(topic.id, person),
        may_write=lambda person: rules.can_write(standing_in(circle, person)),
        may_moderate=lambda person: rules.can_moderate(standing_in(circle, person)),
        is_public=is_public,
        author_ids=(topic.by_id,) if topic.by_id else (),
        tags=(f"topic:{topic.id}", f"circle:{circle.id}"),
        moderator_ids=lambda: moderators(circle.id),
        queue=f"circle:{circle.id}",
        queue_path=f"/circles/{circle.slug}/queue",
    )


def _may_read(topic_id: int, person: Person | None) -> bool:
    found = (
        select(Topic.id)
        .join(Circle, Circle.id == Topic.circle_id)
        .where(Topic.id == topic_id, read_by(person))
    )
    return db.session.scalar(found) is not None
