"""Reading the calendar: what every source offers, and what is kept of its readers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from cms.calendar.models import CalendarFeed, KeptView
from cms.calendar.sources import Entry, Wanted, sources
from cms.core.database import db
from cms.core.secrets import fingerprint
from cms.people.models import STAFF, Person


def entries(person: Person, start: datetime, end: datetime, wanted: Wanted) -> Sequence[Entry]:
    """Everything this person may see between two instants, by time."""
    asked = [one for one in sources() if wanted.kinds is None or one.kind in wanted.kinds]
    found = [entry for source in asked for entry in source.entries(person, start, end, wanted)]
    return sorted(found, key=lambda entry: (entry.at, entry.key))


def writers(*, limit: int = 300) -> Sequence[Person]:
    """Whose work can stand in the calendar: staff and experts, by name."""
    return db.session.scalars(
        select(Person)
        .where(Person.role.in_(STAFF | {"expert"}), Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
        .limit(limit)
    ).all()


def kept_views(person_id: int, page: str) -> Sequence[KeptView]:
    """What somebody keeps of a page, by name."""
    return db.session.scalars(
        select(KeptView).where(KeptView.person_id == person_id, KeptView.page == page).order_by(KeptView.name)
    ).all()


def find_feed(person_id: int) -> CalendarFeed | None:
    """Somebody's private address, without the address."""
    return db.session.get(CalendarFeed, person_id)


def find_feed_owner(token: str) -> Person | None:
    """Who reads the calendar at this address, while they may sign in."""
    return db.session.scalar(
        select(Person)
        .join(CalendarFeed, CalendarFeed.person_id == Person.id)
        .where(CalendarFeed.token_hash == fingerprint(token), Person.disabled_at.is_(None))
    )
