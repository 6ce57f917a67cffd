"""What an author of an entry gets from those who judged it."""

from sqlalchemy import select

from cms.contests.judging.models import Certificate
from cms.contests.judging.queries import comments_for_entrant
from cms.contests.outcomes import Outcome
from cms.core.database import db


def outcome_of(entry_id: int, person_id: int) -> Outcome:
    """Comments that were let through, and certificates that hold."""
    codes = select(Certificate.code).where(
        Certificate.entry_id == entry_id,
        Certificate.person_id == person_id,
        Certificate.revoked_at.is_(None),
    )
    return Outcome(comments_for_entrant(entry_id), db.session.scalars(codes.order_by(Certificate.id)).all())
