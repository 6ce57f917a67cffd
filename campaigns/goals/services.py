"""Setting goals, changing and ending them."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import delete

from campaigns.engagement.visitors import window_at, windows_needed
from campaigns.goals.models import FollowedLink, Goal, Touch
from campaigns.goals.queries import get_goal
from campaigns.goals.terms import ReadyGoal
from cms.core.database import db
from cms.core.errors import Conflict
from cms.people.models import Person

MOST = 50  # of one campaign
LATE = timedelta(days=2)  # lines may be read so much later than they were written


class GoalChanged(Conflict):
    """Somebody else was faster."""

    message = lazy_gettext("Somebody changed this goal in the meantime. Please look at it again.")


class TooManyGoals(Conflict):
    """Every line of readers is held against every goal."""

    message = lazy_gettext("A campaign has fifty goals at most. End or change one of them.")


def create_goal(campaign_id: int, ready: ReadyGoal, *, by: Person, at: datetime) -> Goal:
    """Set a goal: counted from now on."""
    if db.session.query(Goal).filter_by(campaign_id=campaign_id).count() >= MOST:
        raise TooManyGoals
    goal = Goal(campaign_id=campaign_id, created_at=at, created_by_id=by.id, **vars(ready))
    db.session.add(goal)
    db.session.flush()
    return goal


def change_goal(goal_id: int, ready: ReadyGoal, *, expected_version: int | None) -> None:
    """Change it: what was counted before stays counted. Raises `GoalChanged` for a version nobody looked at."""
    goal = get_goal(goal_id)
    if expected_version is not None and goal.version != expected_version:
        raise GoalChanged
    for name, value in vars(ready).items():
        setattr(goal, name, value)
    db.session.flush()


def end_goal(goal_id: int, *, at: datetime) -> None:
    """Count no more. Twice is once."""
    goal = get_goal(goal_id)
    goal.ended_at = goal.ended_at or at


def resume_goal(goal_id: int) -> None:
    """Count again from now on."""
    get_goal(goal_id).ended_at = None


def forget_touches(*, at: datetime, window: str) -> int:
    """Drop whom campaigns reached in windows that are over, and clicks nobody will verify. Says how many rows."""
    kept = {window_at(at - LATE, window), *windows_needed(at, window)}
    before = round((at - LATE).timestamp() * 1000)
    drops = (
        delete(Touch).where(Touch.window.not_in(kept)),
        delete(FollowedLink).where(FollowedLink.at < before),
    )
    gone: list[Any] = [db.session.execute(one) for one in drops]
    return sum(one.rowcount for one in gone)
