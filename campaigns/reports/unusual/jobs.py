"""What the worker runs here."""

from campaigns.reports.unusual.watching import look, note
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.pages import zone
from cms.core.worker import Job, Outcome

LATE = 10  # minutes after the hour: what was read is counted by then


def look_at_last_hour() -> Outcome:
    """Once the hour is counted. Looking again at the same hour tells nothing twice."""
    at = clock.now()
    if at.minute < LATE:
        return {}
    seen = look(at=at, zone=zone())
    db.session.rollback()
    if seen is None:
        return {}
    with transaction():
        return {note(seen, at=at): 1}


JOBS: list[Job] = [Job("look for unusual hours", look_at_last_hour, every=600)]
