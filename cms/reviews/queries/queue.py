"""What waits for whom: steps of running rounds, the longest due first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, not_, or_, select, tuple_
from sqlalchemy.orm import aliased, contains_eager, selectinload

from cms.core.database import Instant, db
from cms.people.models import Person
from cms.posts import queries as posts
from cms.posts.models import Byline, Post, Revision
from cms.reviews.models import Decision, ReviewRound, RoundStep, StepPerson
from cms.reviews.rules import REVIEWERS, can_see_queue

Key = tuple[datetime, int]
MOST_REMINDERS = 5  # a day before, when due, and three times after
WHOSE = ("mine", "overdue", "all")


@dataclass(frozen=True)
class Waiting:
    """One step that waits, of one post."""

    step: RoundStep
    round: ReviewRound
    post: Post
    waits_for_me: bool


def waiting_steps(
    whose: str, *, person: Person, at: datetime, after: Key | None = None, limit: int = 30
) -> list[Waiting]:
    """Steps that wait: for this person (`mine`), past their time (`overdue`), or all that this person may see.

    `after` is the `(due_at, id)` the last page ended with.
    """
    query = _waiting(person)
    if whose == "mine":
        query = query.where(_wants(person))
    else:
        query = query.where(or_(posts.open_to(person), _asks(person.id, person.role)))
    if whose == "overdue":
        query = query.where(RoundStep.due_at < at)
    if after is not None:
        key = tuple_(literal(after[0], Instant()), literal(after[1]))
        query = query.where(tuple_(RoundStep.due_at, RoundStep.id) > key)
    rows = db.session.execute(query.order_by(RoundStep.due_at, RoundStep.id).limit(limit)).unique()
    return [Waiting(step, step.round, step.round.post, mine) for step, mine in rows]


def count_waiting(person: Person) -> int:
    """How many steps wait for this person."""
    return db.session.scalars(
        select(func.count())
        .select_from(RoundStep)
        .join(RoundStep.round)
        .join(ReviewRound.post)
        .join(Revision, Revision.id == Post.latest_revision_id)
        .where(*_running(), _wants(person))
    ).one()


def steps_due(
    start: datetime,
    end: datetime,
    *,
    person: Person,
    section_id: int | None = None,
    author_id: int | None = None,
) -> list[Waiting]:
    """Steps that this person may see, due in `start <= due < end`, of texts of this section and author."""
    query = _waiting(person).where(
        RoundStep.due_at >= start,
        RoundStep.due_at < end,
        or_(posts.open_to(person), _asks(person.id, person.role)),
    )
    if section_id is not None:
        query = query.where(Post.section_id == section_id)
    if author_id is not None:
        query = query.where(_wrote(literal(author_id)))
    rows = db.session.execute(query.order_by(RoundStep.due_at, RoundStep.id)).unique()
    return [Waiting(step, step.round, step.round.post, mine) for step, mine in rows]


def stages(*, limit: int = 300) -> dict[int, str]:
    """Posts in a review that goes on: `review` while somebody has to look, `ready` once all agreed. What was given
    back to its author stands with the drafts."""
    rows = db.session.execute(
        select(ReviewRound.post_id, ReviewRound.approved_at)
        .where(ReviewRound.outcome.is_(None), ReviewRound.returned_at.is_(None))
        .order_by(ReviewRound.asked_at.desc())
        .limit(limit)
    ).all()
    return {post_id: "review" if approved_at is None else "ready" for post_id, approved_at in rows}


def steps_to_remind(until: datetime, *, limit: int = 500) -> Sequence[int]:
    """Numbers of steps that wait, are due until then, and of which nobody was reminded as often as it is done."""
    return db.session.scalars(
        select(RoundStep.id)
        .join(RoundStep.round)
        .join(ReviewRound.post)
        .where(*_running(), RoundStep.due_at <= until, RoundStep.reminders < MOST_REMINDERS)
        .order_by(RoundStep.due_at, RoundStep.id)
        .limit(limit)
    ).all()


def posts_in_review(*, limit: int = 1000) -> Sequence[int]:
    """Numbers of posts in a running round, the longest waiting first."""
    return db.session.scalars(
        select(ReviewRound.post_id)
        .join(ReviewRound.post)
        .where(ReviewRound.closed_at.is_(None), Post.trashed_at.is_(None))
        .order_by(ReviewRound.id)
        .limit(limit)
    ).all()


def _waiting(person: Person) -> Select[RoundStep, bool]:
    to_post = contains_eager(RoundStep.round).contains_eager(ReviewRound.post)
    return (
        select(RoundStep, _wants(person))
        .join(RoundStep.round)
        .join(ReviewRound.post)
        .join(Revision, Revision.id == Post.latest_revision_id)
        .where(*_running())
        .options(
            to_post.contains_eager(Post.latest).load_only(
                Revision.title, Revision.summary, Revision.beginning, Revision.number, Revision.content_hash
            ),
            to_post.joinedload(Post.section),
            to_post.selectinload(Post.bylines).joinedload(Byline.person),
            contains_eager(RoundStep.round).joinedload(ReviewRound.asked_by),
            selectinload(RoundStep.people).joinedload(StepPerson.person),
        )
    )


def _running() -> tuple[ColumnElement[bool], ...]:
    return (
        RoundStep.state == "waiting",
        ReviewRound.closed_at.is_(None),
        ReviewRound.returned_at.is_(None),
        Post.trashed_at.is_(None),
    )


def _wants(person: Person) -> ColumnElement[bool]:
    """The step asks this person, who has not approved the newest text yet, and whose approval would count."""
    approved = exists().where(
        Decision.step_id == RoundStep.id,
        Decision.person_id == person.id,
        Decision.verdict == "approved",
        Decision.content_hash == Revision.content_hash,
    )
    other = aliased(Person)
    somebody_else = exists().where(
        other.disabled_at.is_(None),
        other.role.in_(REVIEWERS),
        _asks(other.id, other.role),
        not_(_wrote(other.id)),
    )
    counts = or_(not_(_wrote(literal(person.id))), not_(somebody_else))
    return and_(_asks(person.id, person.role), not_(approved), counts)


def _asks(person_id: object, role: object) -> ColumnElement[bool]:
    named = exists().where(StepPerson.step_id == RoundStep.id, StepPerson.person_id == person_id)
    return or_(named, RoundStep.role == role)


def _wrote(person_id: object) -> ColumnElement[bool]:
    credited = exists().where(
        Byline.post_id == Post.id, Byline.person_id == person_id, Byline.role == "author"
    )
    return or_(func.coalesce(Post.created_by_id, 0) == person_id, credited)


def reviewable(person: Person, post_ids: Sequence[int]) -> set[int]:
    """Those of the posts whose review this person may see: `rules.can_see_review` as the database asks it."""
    asked = (
        select(ReviewRound.post_id)
        .join(RoundStep, RoundStep.round_id == ReviewRound.id)
        .where(ReviewRound.post_id == Post.id, _asks(person.id, person.role))
    )
    wanted = select(Post.id).where(Post.id.in_(post_ids), or_(posts.open_to(person), asked.exists()))
    return set(db.session.scalars(wanted)) if can_see_queue(person) else set()
