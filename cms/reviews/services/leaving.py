"""What becomes of reviews when somebody is erased: they are asked no more. What they decided stays decided."""

from sqlalchemy import delete

from cms.core.database import db
from cms.people.events import PersonErased
from cms.reviews.models import StepPerson


def hear_erased(fact: PersonErased) -> None:
    """Somebody is erased: handler."""
    db.session.execute(delete(StepPerson).where(StepPerson.person_id == fact.person_id))
