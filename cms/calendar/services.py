"""Writing what the calendar keeps of its readers."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from cms.calendar.models import PAGES, CalendarFeed, KeptView
from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.core.secrets import fingerprint, new_token
from cms.people import audit
from cms.people.models import Person

MOST_VIEWS = 30
NOTED_EVERY = timedelta(hours=1)


def make_feed(person_id: int, *, by: Person, at: datetime) -> str:
    """A private address for somebody's calendar program, given in clear this once; an older one stops working."""
    token = new_token()
    feed = db.session.get(CalendarFeed, person_id) or CalendarFeed(person_id=person_id)
    feed.token_hash, feed.created_at, feed.read_at = fingerprint(token), at, None
    db.session.add(feed)
    audit.record("calendar.address_made", f"person:{person_id}", by=by, at=at)
    return token


def revoke_feed(person_id: int, *, by: Person, at: datetime) -> None:
    """Stop somebody's address at once."""
    feed = db.session.get(CalendarFeed, person_id)
    if feed is None:
        raise NotFound
    db.session.delete(feed)
    audit.record("calendar.address_revoked", f"person:{person_id}", by=by, at=at)


def note_read(person_id: int, *, at: datetime) -> None:
    """Remember that a program read the calendar, at most once an hour."""
    before = at - NOTED_EVERY
    db.session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.person_id == person_id)
        .where((CalendarFeed.read_at.is_(None)) | (CalendarFeed.read_at < before))
        .values(read_at=at)
        .execution_options(synchronize_session=False)
    )


def keep_view(person_id: int, *, page: str, name: str, query: str, by: Person, at: datetime) -> KeptView:
    """Keep what a page is narrowed to under a name; the same name again replaces it."""
    name = " ".join(name.split())
    if page not in PAGES or len(query) > 1000:
        raise Invalid
    if not name or len(name) > 60:
        raise Invalid(errors={"name": _("Please give the view a name of at most 60 characters.")})
    same = (KeptView.person_id == person_id, KeptView.page == page)
    view = db.session.scalar(select(KeptView).where(*same, KeptView.name == name))
    if view is None:
        if db.session.scalars(select(func.count()).select_from(KeptView).where(*same)).one() >= MOST_VIEWS:
            sentence = _("There are %(most)d views already. Please forget one first.", most=MOST_VIEWS)
            raise Invalid(errors={"name": sentence})
        view = KeptView(person_id=person_id, page=page, name=name)
        db.session.add(view)
    view.query = query
    db.session.flush()
    return view


def forget_view(view_id: int, *, person_id: int, by: Person, at: datetime) -> None:
    """Forget one of one's own views."""
    gone = db.session.execute(
        delete(KeptView)
        .where(KeptView.id == view_id, KeptView.person_id == person_id)
        .execution_options(synchronize_session=False)
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound
