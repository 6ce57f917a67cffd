"""Files thrown away: out of every list for thirty days, then gone. What is used anywhere cannot be thrown away."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from cms.core.database import db
from cms.media import queries, rules
from cms.media.models import Media
from cms.media.services.keeping import InUse
from cms.people import audit
from cms.people.models import Person


def trash_media(media_ids: Iterable[int], *, by: Person, at: datetime) -> list[int]:
    """Throw these files away, all or none; gives those that were not there already. Raises `InUse`."""
    rows = _rows(media_ids)
    for media in rows:
        if queries.uses_of(media.id, most=1):
            raise InUse
    fresh = [media for media in rows if media.trashed_at is None]
    for media in fresh:
        media.trashed_at = at
        audit.record("media.trashed", f"media:{media.id}", by=by, at=at)
    db.session.flush()
    return [media.id for media in fresh]


def restore_media(media_ids: Iterable[int], *, by: Person, at: datetime) -> int:
    """Take files out of the trash; gives how many."""
    rows = [media for media in _rows(media_ids) if media.trashed_at is not None]
    for media in rows:
        media.trashed_at = None
        audit.record("media.restored", f"media:{media.id}", by=by, at=at)
    db.session.flush()
    return len(rows)


def let_go(media_id: int, *, at: datetime) -> None:
    """A room shows this picture no more. It goes to the trash unless something else shows it, or it is of the library:
    what staff and experts uploaded is theirs to throw away."""
    media = db.session.get(Media, media_id)
    if media is None or queries.uses_of(media_id, most=1):
        return
    uploader = db.session.get(Person, media.uploaded_by_id) if media.uploaded_by_id else None
    if not rules.can_upload(uploader):
        media.trashed_at = at
        db.session.flush()


def keep_used(media_id: int) -> None:
    """A file in the trash that something uses again is no rubbish."""
    media = db.session.get(Media, media_id)
    if media is not None:
        media.trashed_at = None
        db.session.flush()


def _rows(media_ids: Iterable[int]) -> list[Media]:
    return list(db.session.scalars(select(Media).where(Media.id.in_(list(media_ids))).order_by(Media.id)))
