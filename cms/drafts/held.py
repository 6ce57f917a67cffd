"""What this room holds about somebody; see `cms.people.held`."""

from sqlalchemy import select

from cms.drafts.models import Draft
from cms.people.held import Held

HELD = [
    Held(
        "unsaved_texts",
        lambda who: (
            select(Draft.subject, Draft.fields, Draft.kept_at)
            .where(Draft.person_id == who, Draft.kept_at.is_not(None))
            .order_by(Draft.id)
        ),
    ),
]
