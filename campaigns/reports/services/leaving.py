"""What becomes of what somebody kept of reports who is erased: it goes, but for what was noted for everybody."""

from sqlalchemy import delete

from campaigns.reports.models import Annotation, ReportMail, SavedView
from cms.core.database import db
from cms.people.events import PersonErased


def hear_erased(fact: PersonErased) -> None:
    """Somebody is erased: handler."""
    who = fact.person_id
    db.session.execute(delete(ReportMail).where(ReportMail.person_id == who))
    db.session.execute(delete(SavedView).where(SavedView.owner_id == who))
    db.session.execute(delete(Annotation).where(Annotation.owner_id == who, Annotation.is_private))
