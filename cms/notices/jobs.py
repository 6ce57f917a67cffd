"""What the worker does for this room: mail what is due, forget what was read long ago."""

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.worker import Job, Outcome
from cms.notices import mails, queries, services


def mail_due_notices() -> Outcome:
    """One message to everybody for whom something is due."""
    at = clock.now()
    waiting = list(queries.people_to_mail(at=at))
    db.session.rollback()
    mailed = 0
    for person_id in waiting:
        with transaction():
            mailed += mails.mail_notices(person_id, at=at)
    return {"notices": mailed, "people": len(waiting)} if waiting else {}


def forget_read_notices() -> Outcome:
    """Remove what was read three months ago."""
    with transaction():
        gone = services.forget_read(at=clock.now())
    return {"notices": gone} if gone else {}


JOBS: list[Job] = [
    Job("mail notices", mail_due_notices, every=20),
    Job("forget read notices", forget_read_notices, every=3600),
]
