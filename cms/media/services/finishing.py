"""What the worker does to a row after the upload: sizes of pictures, MP3s of recordings.

The claim is a lease: it ends by itself when a worker dies, and what a worker writes counts only while its own
lease holds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from cms.core.database import db
from cms.core.pagecache import touch
from cms.media.models import Media
from cms.media.services.keeping import add_variant
from cms.media.services.receiving import StoredFile

LEASE = timedelta(minutes=40)  # longer than the longest deadline of the work itself
MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class Claim:
    """A row that this worker may work on, until then."""

    media_id: int
    until: datetime


def claim_media(*, at: datetime) -> Claim | None:
    """Take the oldest row that waits, or None. A row whose workers died three times is failed instead."""
    free = (
        Media.state == "processing",
        or_(Media.claimed_until.is_(None), Media.claimed_until < at),
    )
    spent = update(Media).where(*free, Media.attempts >= MOST_ATTEMPTS)
    db.session.execute(spent.values(state="failed", failure="The worker stopped three times while at it."))
    media_id = db.session.scalar(select(Media.id).where(*free).order_by(Media.id).limit(1))
    if media_id is None:
        return None
    claim = update(Media).where(Media.id == media_id, *free)
    taken = db.session.execute(claim.values(claimed_until=at + LEASE, attempts=Media.attempts + 1))
    return Claim(media_id, at + LEASE) if taken.rowcount == 1 else None  # type: ignore[attr-defined]


def record_size(claim: Claim, stored: StoredFile) -> bool:
    """Add one size that was made and stored; False when the claim is lost, and the file is nobody's."""
    if not _holds(claim):
        return False
    add_variant(claim.media_id, stored)
    db.session.flush()
    return True


def replace_recording(claim: Claim, stored: StoredFile, *, duration_seconds: float) -> str | None:
    """Serve this encoding from now on; gives the name of the one before, or None when the claim is lost."""
    media = _holds(claim)
    if media is None:
        return None
    before, media.file, media.mime, media.byte_size = media.file, stored.name, stored.mime, stored.byte_size
    media.duration_seconds = duration_seconds
    db.session.flush()
    return before


def finish_media(claim: Claim) -> None:
    """Everything is made."""
    media = _holds(claim)
    if media is not None:
        media.state, media.claimed_until, media.failure = "ready", None, None
        touch(f"media:{claim.media_id}")


def fail_media(claim: Claim, *, reason: str) -> None:
    """It cannot be made; the main encoding stays and is served."""
    media = _holds(claim)
    if media is not None:
        media.state, media.claimed_until, media.failure = "failed", None, reason[:300]


def _holds(claim: Claim) -> Media | None:
    """The row, while the claim on it is still this one."""
    query = select(Media).where(Media.id == claim.media_id, Media.claimed_until == claim.until)
    return db.session.scalar(query)
