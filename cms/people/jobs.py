"""What the worker does for people: forget what need not be kept."""

from datetime import timedelta

from sqlalchemy import delete, or_

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.mail import forget_sent_bodies
from cms.core.throttle import remove_old_attempts
from cms.core.worker import Job, Outcome
from cms.people.models import Invitation, OneTimeLink, SecondStep, SignIn
from cms.people.queries import IDLE_FOR, LASTS_FOR

INVITATIONS_KEPT = timedelta(days=90)  # after they are over; they hold an address


def forget_expired() -> Outcome:
    """Remove ended sign-ins, dead links, old tries, abandoned set-ups, and the bodies of sent mail."""
    now = clock.now()
    over = or_(
        Invitation.expires_at < now - INVITATIONS_KEPT, Invitation.accepted_at < now - INVITATIONS_KEPT
    )
    with transaction():
        gone = {
            "sign_ins": delete(SignIn).where(
                or_(SignIn.seen_at < now - IDLE_FOR, SignIn.created_at < now - LASTS_FOR)
            ),
            "links": delete(OneTimeLink).where(OneTimeLink.expires_at < now),
            "second_steps": delete(SecondStep).where(
                SecondStep.confirmed_at.is_(None), SecondStep.created_at < now - timedelta(days=1)
            ),
            "invitations": delete(Invitation).where(over),
        }
        counts = {name: int(db.session.execute(one).rowcount) for name, one in gone.items()}  # type: ignore[attr-defined]
        counts |= {"attempts": remove_old_attempts(), "mail_bodies": forget_sent_bodies()}
    return {name: count for name, count in counts.items() if count}


JOBS = [Job("forget expired", forget_expired, every=3600)]
