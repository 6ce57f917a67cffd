"""Sending a text for review, calling it back, and asking somebody else along the way."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from cms.core import walltime
from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.core.text import strip_control
from cms.people import audit
from cms.people.models import Person
from cms.posts.models import Post
from cms.reviews.models import ReviewRound, RoundStep, StepPerson
from cms.reviews.queries.loading import find_open_round, plan_for
from cms.reviews.rules import can_be_asked
from cms.reviews.services.plans import PlannedStep, planned_steps
from cms.reviews.services.problems import AlreadyInReview, NoReviewNeeded, NotInReview
from cms.reviews.services.settling import load_post, load_step, set_due, settle

LONGEST_WORDS = 5_000


def submit_post(post_id: int, *, words: str = "", by: Person | None, at: datetime) -> int:
    """Send the newest text for review, and give the round. One that was sent back goes on where it stood.

    Raises `NoReviewNeeded`, or `AlreadyInReview` while others have it.
    """
    post = load_post(post_id)
    round = find_open_round(post_id)
    said = checked_words(words)
    if round is None:
        round = _begin_round(post, said, by=by, at=at)
    elif round.returned_at is None:
        raise AlreadyInReview
    else:
        round.returned_at, round.words = None, said or round.words
        round.revision_id = post.latest_revision_id or round.revision_id
    settle(post, round, by=by, at=at, again=True)
    return round.id


def withdraw_round(post_id: int, *, by: Person | None, at: datetime) -> None:
    """Call a text back from review. What was said stays in the record, and counts for nothing."""
    load_post(post_id)
    round = find_open_round(post_id)
    if round is None:
        raise NotInReview
    close(round, "withdrawn", at=at)


def close(round: ReviewRound, outcome: str, *, at: datetime) -> None:
    """End a loaded round."""
    round.closed_at, round.outcome = at, outcome
    for step in round.steps:
        step.state = "done" if step.state == "done" else "later"
    db.session.flush()


def ask_person(step_id: int, person_id: int, *, by: Person | None, at: datetime) -> None:
    """Ask one more person, or guest, in a step that runs; who is asked already stays asked."""
    post, round, standing = load_step(step_id)
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound
    if not can_be_asked(person):
        raise Invalid(errors={"who": _("%(who)s cannot review.", who=person.name)})
    if person_id in {one.id for one in standing.reviewers}:
        return
    standing.step.people.append(StepPerson(step_id=step_id, person_id=person_id, person=person))
    db.session.flush()
    audit.record(
        "review.person_asked", f"post:{post.id}", by=by, at=at, detail={"step": step_id, "person": person_id}
    )
    settle(post, round, by=by, at=at)


def move_due(
    step_id: int, *, wall: str, zone: str, which: int | None = None, by: Person | None, at: datetime
) -> None:
    """Give a waiting step another due time, on the wall of a zone. A time that is past is refused."""
    _post, _round, standing = load_step(step_id)
    due_at = walltime.instant(wall, zone, which=which)
    if due_at <= at:
        raise Invalid(errors={"wall": _("This time has passed. Please choose a later one.")})
    set_due(standing.step, wall, zone, due_at, at=at)
    db.session.flush()


def checked_words(words: str) -> str:
    """What somebody typed, without control characters. Raises `Invalid` when it is too long."""
    said = strip_control(words).strip()
    if len(said) > LONGEST_WORDS:
        raise Invalid(errors={"words": _("Please use at most %(count)d characters.", count=LONGEST_WORDS)})
    return said


def _begin_round(post: Post, words: str, *, by: Person | None, at: datetime) -> ReviewRound:
    plan = plan_for(post.section_id)
    steps = planned_steps(plan)
    if plan is None or not steps:
        raise NoReviewNeeded
    last = db.session.scalar(select(func.max(ReviewRound.number)).where(ReviewRound.post_id == post.id))
    row = ReviewRound(
        post_id=post.id,
        number=(last or 0) + 1,
        scope=plan.scope,
        words=words,
        asked_by_id=by.id if by else None,
        asked_at=at,
        revision_id=post.latest_revision_id,
        steps=[_copied(place, one) for place, one in enumerate(steps)],
    )
    db.session.add(row)
    db.session.flush()
    round = find_open_round(post.id)
    assert round is not None
    return round


def _copied(place: int, step: PlannedStep) -> RoundStep:
    return RoundStep(
        position=place,
        name=step.name,
        mode=step.mode,
        days=step.days,
        is_required=step.required,
        role=step.role,
        people=[StepPerson(person_id=one) for one in step.people],
    )
