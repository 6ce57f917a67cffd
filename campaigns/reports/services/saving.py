"""Questions that are asked again."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select

from campaigns.reports.addressing import arguments
from campaigns.reports.models import NAME_LIMIT, SavedView
from campaigns.reports.shapes import ComparisonQuery
from cms.core.database import db
from cms.core.errors import Invalid
from cms.people.models import Person


def save_view(query: ComparisonQuery, *, name: str, is_shared: bool, by: Person, at: datetime) -> SavedView:
    """Keep a question. Under a name that its owner has already, the new one takes the place of the old."""
    name = named(name)
    row = db.session.scalar(select(SavedView).where(SavedView.owner_id == by.id, SavedView.name == name))
    if row is None:
        row = SavedView(owner_id=by.id, name=name, created_at=at)
        db.session.add(row)
    row.asked, row.is_shared = arguments(query), is_shared
    db.session.flush()
    return row


def remove_view(view_id: int) -> None:
    """Forget it, and the mails of it."""
    db.session.execute(delete(SavedView).where(SavedView.id == view_id))


def named(said: str) -> str:
    """A name without space around it. Raises `Invalid`."""
    name = " ".join(said.split())
    if not name:
        raise Invalid(errors={"name": _("Please give it a name.")})
    if len(name) > NAME_LIMIT:
        raise Invalid(errors={"name": _("A name has %(most)s characters at most.", most=NAME_LIMIT)})
    return name
