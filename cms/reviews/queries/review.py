"""One post under review: where its round stands, and everything that was said."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cms.core.database import db
from cms.people.models import Person
from cms.posts import queries as posts
from cms.posts.models import Post
from cms.reviews.models import Decision, ReviewPlan, ReviewRound, RoundStep, StepPerson, Waiver
from cms.reviews.queries.loading import NUMBERS, find_waiver, plan_for, standings_of, with_steps
from cms.reviews.standing import StepStanding, is_agreed, reached


@dataclass(frozen=True)
class ReviewedPost:
    """A post with its newest text, the round it is in or was in last, and how that stands."""

    post: Post
    plan: ReviewPlan | None
    round: ReviewRound | None
    steps: list[StepStanding]
    waiver: Waiver | None

    @property
    def is_running(self) -> bool:
        """Whether somebody may still decide."""
        return self.round is not None and self.round.is_open

    @property
    def is_agreed(self) -> bool:
        """Whether every required step approved exactly the newest text."""
        return self.round is not None and self.round.outcome != "withdrawn" and is_agreed(self.steps)

    @property
    def needs_review(self) -> bool:
        """Whether texts of this section go through steps."""
        return self.plan is not None and bool(self.plan.steps)

    @property
    def reviewer_ids(self) -> frozenset[int]:
        """Who is asked in any step of the round, also in those not reached yet."""
        return frozenset(one.id for step in self.steps for one in step.reviewers)

    @property
    def reached_ids(self) -> frozenset[int]:
        """Steps that may be decided in now."""
        return frozenset(one.step.id for one in reached(self.steps)) if self.is_running else frozenset()

    def steps_of(self, person: Person | None) -> list[StepStanding]:
        """The steps of a running round in which this person may decide now."""
        if person is None or not self.is_running:
            return []
        return [
            one
            for one in self.steps
            if one.step.id in self.reached_ids and person.id in {who.id for who in one.reviewers}
        ]

    def waits_for(self, person: Person | None) -> list[StepStanding]:
        """Those of them that want this person's yes."""
        if person is None or self.round is None or self.round.returned_at is not None:
            return []
        return [one for one in self.steps_of(person) if person.id in {who.id for who in one.missing}]


def get_review(post_id: int) -> ReviewedPost:
    """A post and its last round; raises `NotFound` when there is no such post."""
    return review_of(posts.get_post(post_id))


def review_of(post: Post) -> ReviewedPost:
    """The same of a post that is loaded already, with its newest text and its bylines."""
    assert post.latest is not None
    round = db.session.scalar(
        select(ReviewRound)
        .where(ReviewRound.post_id == post.id)
        .order_by(ReviewRound.number.desc())
        .limit(1)
        .options(*with_steps())
    )
    content_hash = post.latest.content_hash
    steps = standings_of([round], {post.id: content_hash}, [post])[round.id] if round else []
    return ReviewedPost(
        post=post,
        plan=plan_for(post.section_id),
        round=round,
        steps=steps,
        waiver=find_waiver(post.id, content_hash),
    )


def is_agreed_on(post: Post, content_hash: str, *, scope: str) -> bool:
    """Whether any round under this plan approved exactly this text, or an admin set its review aside."""
    if find_waiver(post.id, content_hash) is not None:
        return True
    rounds = db.session.scalars(
        select(ReviewRound)
        .where(ReviewRound.post_id == post.id, ReviewRound.scope == scope)
        .where(ReviewRound.outcome.is_distinct_from("withdrawn"))
        .options(*with_steps())
    ).all()
    found = standings_of(rounds, {post.id: content_hash}, [post])
    return any(is_agreed(found[one.id]) for one in rounds)


def history_of(post: Post, *, limit: int = 50) -> list[tuple[ReviewRound, list[StepStanding]]]:
    """Every round of a post, the newest first, as it stands against the newest text."""
    assert post.latest is not None
    rounds = db.session.scalars(
        select(ReviewRound)
        .where(ReviewRound.post_id == post.id)
        .order_by(ReviewRound.number.desc())
        .options(*with_steps())
        .limit(limit)
    ).all()
    found = standings_of(rounds, {post.id: post.latest.content_hash}, [post])
    return [(one, found[one.id]) for one in rounds]


def waivers_of(post_id: int) -> Sequence[Waiver]:
    """Every text of a post that was let out without its review."""
    return db.session.scalars(
        select(Waiver)
        .where(Waiver.post_id == post_id)
        .order_by(Waiver.id)
        .options(joinedload(Waiver.by), joinedload(Waiver.revision).load_only(*NUMBERS))
    ).all()


def open_steps_for(person_id: int, post_id: int) -> list[StepStanding]:
    """The steps of a post's running round in which this person, or guest, may decide now."""
    person = db.session.get(Person, person_id)
    return get_review(post_id).steps_of(person)


def open_rounds_naming(person_id: int) -> Sequence[int]:
    """Numbers of posts in whose running round somebody is named, for who looks after them."""
    return db.session.scalars(
        select(ReviewRound.post_id)
        .join(RoundStep, RoundStep.round_id == ReviewRound.id)
        .join(StepPerson, StepPerson.step_id == RoundStep.id)
        .where(StepPerson.person_id == person_id, ReviewRound.closed_at.is_(None))
        .distinct()
        .order_by(ReviewRound.post_id)
    ).all()


def record_of(post_id: int) -> list[tuple[ReviewRound | None, RoundStep | None, Decision | Waiver]]:
    """Everything that was ever said about a post, oldest first: round and step (none of a waiver), and the word."""
    said = db.session.execute(
        select(ReviewRound, RoundStep, Decision)
        .join(RoundStep, RoundStep.round_id == ReviewRound.id)
        .join(Decision, Decision.step_id == RoundStep.id)
        .where(ReviewRound.post_id == post_id)
        .options(joinedload(Decision.person), joinedload(Decision.revision).load_only(*NUMBERS))
    ).all()
    rows: list[tuple[ReviewRound | None, RoundStep | None, Decision | Waiver]] = [
        (round, step, decision) for round, step, decision in said
    ]
    rows += [(None, None, one) for one in waivers_of(post_id)]
    return sorted(rows, key=lambda row: (row[2].at, row[2].id))
