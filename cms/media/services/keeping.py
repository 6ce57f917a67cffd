"""Rows of media: made, described, used, deleted."""

import contextlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from cms.core.database import db, insert_into
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.pagecache import touch
from cms.core.storage import storage
from cms.core.text import strip_control
from cms.media import queries, search
from cms.media.models import Media, MediaCrop, MediaUse, MediaVariant, Portrait
from cms.media.recordings import PLAYS_EVERYWHERE
from cms.media.services.receiving import Received, StoredFile
from cms.people.events import PersonErased
from cms.people.models import Person

ORPHAN_AGE = timedelta(hours=24)


class InUse(Conflict):
    """It cannot go while something shows it."""

    message = _("This is still used. Take it out of the places listed first.")


class WasDeleted(Conflict):
    """The same file was there when the upload began, and is not any more."""

    message = _("This file was just deleted by somebody else. Please upload it again.")


def keep_media(
    received: Received,
    *,
    by: Person | None,
    at: datetime,
    alt: str = "",
    credit: str = "",
    licence: str = "",
    source: str | None = None,
) -> Media:
    """Make the row of a received upload, or find the one that the same bytes made before.

    Of two uploads of one file at the same moment, the database lets one in; the other gets that row, and its own
    files are left to the sweeper. An earlier description is kept; an empty one is filled in.
    """
    if received.main is not None and _insert(received, by=by, at=at, source=source):
        media = _get_by_digest(received.digest)
        if received.poster is not None:
            add_variant(media.id, received.poster)
        _describe(media, alt=alt, credit=credit, licence=licence)
    else:
        media = _get_by_digest(received.digest)
        _describe(
            media,
            alt=media.alt or alt,
            credit=media.credit or credit,
            licence=media.licence or licence,
        )
        media.trashed_at = None  # whoever uploads it again wants it
        if media.state == "failed":
            media.state, media.failure, media.attempts, media.claimed_until = "processing", None, 0, None
    search.index_media([media.id])
    return media


def edit_media(
    media_id: int,
    *,
    alt: str,
    credit: str,
    licence: str,
    focal_x: float,
    focal_y: float,
    by: Person,
    at: datetime,
    is_decorative: bool = False,
    licence_ends_on: date | None = None,
) -> Media:
    """Change what is said about a file, and the point that stays visible when a picture is cropped."""
    media = _get(media_id)
    if not (0 <= focal_x <= 1 and 0 <= focal_y <= 1):
        raise Invalid(errors={"focal_x": str(_("The point must lie within the picture."))})
    media.focal_x, media.focal_y = round(focal_x, 3), round(focal_y, 3)
    _describe(media, alt=alt, credit=credit, licence=licence)
    media.is_decorative, media.licence_ends_on = is_decorative, licence_ends_on
    search.index_media([media_id])
    touch(f"media:{media_id}")
    return media


def describe_media(texts: dict[int, str], *, by: Person, at: datetime) -> None:
    """Set the alternative texts of several files at once."""
    for media in db.session.scalars(select(Media).where(Media.id.in_(list(texts)))):
        media.alt = _tidy(texts[media.id], 2000)
        touch(f"media:{media.id}")
    search.index_media(list(texts))


def mark_decorative(media_id: int, *, by: Person, at: datetime) -> None:
    """Say that a picture says nothing, and that nothing is missing."""
    media = _get(media_id)
    media.alt, media.is_decorative = "", True
    search.index_media([media_id])
    touch(f"media:{media_id}")


def attach(media_ids: Iterable[int], *, holder: str) -> None:
    """Say which media a text shows by address; replaces what was said of this holder (`post:12`) before."""
    wanted = set(media_ids)
    held = set(db.session.scalars(select(MediaUse.media_id).where(MediaUse.holder == holder)))
    if held - wanted:
        gone = delete(MediaUse).where(MediaUse.holder == holder, MediaUse.media_id.in_(held - wanted))
        db.session.execute(gone)
    db.session.add_all(MediaUse(holder=holder, media_id=one) for one in sorted(wanted - held))
    db.session.flush()


def note_shown(html: str, *, holder: str) -> None:
    """Note that a text of this holder shows the media it names by address. What older texts showed stays noted."""
    if "/media/" in html:
        held = select(MediaUse.media_id).where(MediaUse.holder == holder)
        attach(queries.ids_in_html(html) | set(db.session.scalars(held)), holder=holder)


def delete_media(media_id: int, *, by: Person | None, at: datetime) -> list[str]:
    """Delete the rows of a file that nothing uses. Gives the stored names: discard them after the commit."""
    media = db.session.scalar(select(Media).where(Media.id == media_id).options(queries.sizes()))
    if media is None:
        raise NotFound
    if queries.uses_of(media_id, most=1):
        raise InUse
    crop = db.session.get(MediaCrop, media_id)
    names = [media.file, *(variant.file for variant in media.variants), *([crop.master] if crop else [])]
    search.forget_media(media_id)
    try:
        with db.session.begin_nested():
            db.session.delete(media)
    except IntegrityError as error:  # used since we looked: the database has the last word
        raise InUse from error
    touch(f"media:{media_id}")
    return names


def discard_files(names: Iterable[str]) -> None:
    """Remove stored files whose rows are gone for good. Outside the transaction; a crash leaves it to the sweeper."""
    for name in names:
        storage().delete(name)


def set_portrait(person_id: int, *, media_id: int, by: Person, at: datetime) -> None:
    """Make a picture the portrait of a person."""
    media = _get(media_id)
    if media.kind != "image":
        raise Invalid(str(_("A portrait must be a picture.")))
    if db.session.get(Person, person_id) is None:
        raise NotFound
    db.session.merge(Portrait(person_id=person_id, media_id=media_id))
    db.session.flush()
    touch(f"person:{person_id}")


def remove_portrait(person_id: int, *, by: Person, at: datetime) -> None:
    """Show a person without a picture."""
    db.session.execute(delete(Portrait).where(Portrait.person_id == person_id))
    touch(f"person:{person_id}")


def hear_erased(fact: PersonErased) -> None:
    """Somebody is erased: handler. Their portrait goes with its file, unless something else shows it too."""
    pictured = select(Portrait.media_id).where(Portrait.person_id == fact.person_id)
    media_id = db.session.scalar(pictured)
    if media_id is None:
        return
    db.session.execute(delete(Portrait).where(Portrait.person_id == fact.person_id))
    with contextlib.suppress(InUse):
        delete_media(media_id, by=None, at=fact.at)  # the sweeper removes the files


def sweep_files(*, at: datetime) -> int:
    """Remove stored files that no row speaks of and that are older than a day; gives how many. Not a transaction."""
    files, before, gone = storage(), at - ORPHAN_AGE, 0
    batch: list[str] = []
    for name in files.names():
        batch.append(name)
        if len(batch) == 200:
            gone += _sweep_batch(batch, before)
            batch = []
    return gone + _sweep_batch(batch, before) + files.sweep_unfinished(before)


def _sweep_batch(names: list[str], before: datetime) -> int:
    files = storage()
    orphans = set(names) - queries.names_kept(names)
    db.session.rollback()  # the read is over: it must not stay open while files are removed
    old = [name for name in orphans if files.exists(name) and files.modified_at(name) < before]
    for name in old:
        files.delete(name)
    return len(old)


def add_variant(media_id: int, stored: StoredFile) -> None:
    """Add the row of one size or poster whose file is in the store."""
    db.session.add(
        MediaVariant(
            media_id=media_id,
            file=stored.name,
            mime=stored.mime,
            width=stored.width or 0,
            height=stored.height or 0,
            byte_size=stored.byte_size,
        )
    )


def _insert(received: Received, *, by: Person | None, at: datetime, source: str | None) -> bool:
    """Insert unless the same bytes have a row already. One statement, so that it holds between processes."""
    assert received.main is not None
    is_done = received.kind == "audio" and received.main.mime in PLAYS_EVERYWHERE
    values = {
        "kind": received.kind,
        "state": "ready" if is_done else "processing",
        "attempts": 0,
        "digest": received.digest,
        "file": received.main.name,
        "mime": received.main.mime,
        "byte_size": received.main.byte_size,
        "width": received.main.width,
        "height": received.main.height,
        "duration_seconds": received.duration_seconds,
        "colour": received.colour,
        "focal_x": 0.5,
        "focal_y": 0.5,
        "alt": "",
        "credit": "",
        "is_decorative": False,
        "licence": "",
        "filename": received.filename,
        "uploaded_by_id": by.id if by else None,
        "created_at": at,
        "source": source,
    }
    insert = insert_into(Media).values(values).on_conflict_do_nothing(index_elements=["digest"])
    return db.session.execute(insert.returning(Media.id)).scalar() is not None


def _describe(media: Media, *, alt: str, credit: str, licence: str) -> None:
    media.alt, media.credit, media.licence = _tidy(alt, 2000), _tidy(credit, 200), _tidy(licence, 80)


def _tidy(text: str, most: int) -> str:
    """One line, without control characters, not longer than its column."""
    return " ".join(strip_control(text).split())[:most]


def _get(media_id: int) -> Media:
    media = db.session.get(Media, media_id)
    if media is None:
        raise NotFound
    return media


def _get_by_digest(digest: str) -> Media:
    media = queries.find_media_by_digest(digest)
    if media is None:
        raise WasDeleted
    return media
