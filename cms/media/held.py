"""What this room holds about somebody; see `cms.people.held`."""

from sqlalchemy import select

from cms.media.models import Media, Portrait
from cms.people.held import Held

HELD = [
    Held(
        "portrait",
        lambda who: (
            select(Media.file, Media.filename)
            .join(Portrait, Portrait.media_id == Media.id)
            .where(Portrait.person_id == who)
        ),
    ),
    Held(
        "uploads",
        lambda who: (
            select(Media.id, Media.kind, Media.filename, Media.file, Media.alt, Media.created_at)
            .where(Media.uploaded_by_id == who)
            .order_by(Media.id)
        ),
    ),
]
