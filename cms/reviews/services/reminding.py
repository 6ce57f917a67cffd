"""Reminding people of what they owe, a few times and no more; and keeping rounds in step with who is there."""

from datetime import datetime

from cms.core.database import db
from cms.notices.services import notify
from cms.reviews.models import RoundStep
from cms.reviews.queries.loading import find_open_round
from cms.reviews.services.settling import load_post, load_step, naming, passed_reminders, settle


def remind(step_id: int, *, at: datetime) -> bool:
    """Tell those whose yes is missing, if a time to do so has passed since they were told last."""
    post, round, standing = load_step(step_id)
    step = standing.step
    if round.returned_at is not None or step.state != "waiting" or step.due_at is None:
        return False
    passed = passed_reminders(step.due_at, at)
    if passed <= step.reminders:
        return False
    step.reminders, step.reminded_at = passed, at
    db.session.flush()
    detail = {**naming(post), "is_late": step.due_at <= at}
    people = [one.id for one in standing.missing]
    notify("review.overdue", to=people, subject=f"post:{post.id}", by=None, at=at, detail=detail)
    return bool(people)


def resettle(post_id: int, *, at: datetime) -> bool:
    """Bring a running round in step after somebody in it lost the right, or got it; says whether a step moved on."""
    post = load_post(post_id)
    round = find_open_round(post_id)
    if round is None or round.returned_at is not None:
        return False
    before = _states(round.steps)
    settle(post, round, by=None, at=at)
    return before != _states(round.steps)


def _states(steps: list[RoundStep]) -> list[str]:
    return [one.state for one in steps]
