"""Readers who ask to be reminded."""

from datetime import datetime

from cms.contests.models import Contest, ContestFollower
from cms.core.database import db
from cms.core.errors import NotFound
from cms.people.models import Person


def follow_contest(contest_id: int, *, by: Person, at: datetime) -> None:
    """Be reminded of this contest."""
    contest = db.session.get(Contest, contest_id)
    if contest is None or contest.announced_at is None:
        raise NotFound
    if db.session.get(ContestFollower, (contest_id, by.id)) is None:
        db.session.add(ContestFollower(contest_id=contest_id, person_id=by.id, since=at))
        db.session.flush()


def unfollow_contest(contest_id: int, *, by: Person) -> None:
    """Be reminded no more."""
    found = db.session.get(ContestFollower, (contest_id, by.id))
    if found is not None:
        db.session.delete(found)
        db.session.flush()
