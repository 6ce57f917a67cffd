"""What becomes of requests to somebody outside who is erased: their links end, and the address goes."""

from sqlalchemy import func, update

from cms.contributions.models import Contribution
from cms.core.database import db
from cms.people.events import PersonErased


def hear_erased(fact: PersonErased) -> None:
    """Somebody is erased: handler. What they agreed to stays, as a text rests on it."""
    db.session.execute(
        update(Contribution)
        .where(Contribution.person_id == fact.person_id)
        .values(email=None, revoked_at=func.coalesce(Contribution.revoked_at, fact.at))
    )
