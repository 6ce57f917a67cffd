"""Another content for a file that is there: replaced by a new upload, or cropped.

The row keeps its number and everything said of it. Its stored name changes, because names never change their content;
the old names become aliases, and texts that were rendered with them are told (`MediaReplaced`).
"""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from cms.core.database import db, is_writing
from cms.core.deadline import Helper, TooSlow
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.pagecache import touch
from cms.core.seams import announce
from cms.core.storage import storage
from cms.media import pictures, queries, search
from cms.media.events import MediaReplaced
from cms.media.models import Media, MediaAlias, MediaCrop, MediaVariant
from cms.media.pictures import Unreadable
from cms.media.recordings import PLAYS_EVERYWHERE
from cms.media.services.keeping import add_variant
from cms.media.services.receiving import Received, StoredFile, sentence, store_encoded, store_file
from cms.people import audit
from cms.people.models import Person

Box = tuple[float, float, float, float]  # left, top, width, height, in shares of the whole
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
_DEADLINE = 25.0  # seconds
_helper = Helper(memory=2 * 1024**3)


class ReplacedMeanwhile(Conflict):
    """Somebody gave the file another content while we worked on the old one."""

    message = _("Somebody replaced or cropped this file in the meantime. Please look at it again.")


class InLibrary(Conflict):
    """The new content is there already, as another file."""

    message = _("This file is in the library already. Use that one instead, or take it out first.")


@dataclass(frozen=True)
class Cut:
    """A picture as it was cropped, stored but in no row yet; `before` is the name it had when the work began."""

    box: Box
    before: str
    main: StoredFile
    colour: str | None
    master: str | None  # the whole; None when the whole is shown again


def replace_media(media_id: int, received: Received, *, by: Person, at: datetime) -> list[str]:
    """Show another file in the place of this one, everywhere. Gives the stored names to discard after the commit."""
    media = _get(media_id)
    if received.main is None:
        raise InLibrary
    if received.kind != media.kind:
        raise Invalid(errors={"file": str(_("Please choose a file of the same kind."))})
    gone = _let_go(media, now=received.main, at=at)
    crop = db.session.get(MediaCrop, media_id)
    if crop is not None:
        gone.append(crop.master)
        db.session.delete(crop)
    media.digest, media.filename, media.colour = received.digest, received.filename, received.colour
    media.duration_seconds, media.focal_x, media.focal_y = received.duration_seconds, 0.5, 0.5
    if media.kind == "audio" and received.main.mime in PLAYS_EVERYWHERE:
        media.state = "ready"
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as error:  # the same bytes were uploaded since we looked
        raise InLibrary from error
    if received.poster is not None:
        add_variant(media_id, received.poster)
    search.index_media([media_id])
    audit.record("media.replaced", f"media:{media_id}", by=by, at=at)
    return gone


def cut_picture(media_id: int, box: Box) -> Cut:
    """Make the cropped picture from the whole one. Slow: call it before the transaction. Raises `Invalid`."""
    if is_writing():
        raise RuntimeError("a picture is cropped before the transaction, not inside it")
    media = queries.get_media(media_id)
    if media.kind != "image":
        raise Invalid(str(_("Only pictures can be cropped.")))
    crop = db.session.get(MediaCrop, media_id)
    whole, before = crop.master if crop else media.file, media.file
    is_whole = _is_whole(box)
    db.session.rollback()  # no transaction is open while we work
    with tempfile.TemporaryDirectory(prefix="parley-crop-") as folder:
        path = Path(folder) / ("whole" + Path(whole).suffix)
        try:
            with storage().open(whole) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target)
            made = _helper.run_within(_DEADLINE, pictures.cut, path, WHOLE if is_whole else box)
        except FileNotFoundError as error:
            raise Invalid(str(_("The stored file is gone. Please replace it with a new upload."))) from error
        except (Unreadable, TooSlow) as error:
            raise Invalid(sentence(str(error) if isinstance(error, Unreadable) else "too_slow")) from error
        # The whole gets a name that nobody knows: the part that was cut away is not to be had any more.
        master = None if is_whole else crop.master if crop else store_file(path, path.suffix, "").name
    return Cut(box, before, store_encoded(made.main), made.colour, master)


def keep_cut(media_id: int, made: Cut, *, by: Person, at: datetime) -> list[str]:
    """Show the cropped picture from now on. Gives the stored names to discard after the commit."""
    media = _get(media_id)
    if media.file != made.before:
        raise ReplacedMeanwhile
    crop = db.session.get(MediaCrop, media_id)
    _move_focus(media, (crop.x, crop.y, crop.width, crop.height) if crop else WHOLE, made.box)
    gone = _let_go(media, now=made.main, at=at)
    media.colour = made.colour
    if crop is not None and made.master is None:
        gone.append(crop.master)
        db.session.delete(crop)
    elif made.master is not None:
        x, y, width, height = made.box
        db.session.merge(
            MediaCrop(media_id=media_id, master=made.master, x=x, y=y, width=width, height=height)
        )
    db.session.flush()
    audit.record("media.cropped", f"media:{media_id}", by=by, at=at)
    return gone


def current_addresses(html: str) -> str:
    """A text with the addresses that its files have now, in the place of those they had."""
    names = queries.names_in_html(html)
    if not names:
        return html
    rows = db.session.execute(
        select(MediaAlias.name, Media.file)
        .join(Media, Media.id == MediaAlias.media_id)
        .where(MediaAlias.name.in_(names))
    )
    for name, now in rows:
        html = html.replace(f"/media/{name}", f"/media/{now}")
    return html


def _let_go(media: Media, *, now: StoredFile, at: datetime) -> list[str]:
    """Give a row its new main file; its old names become aliases, and are given back to be discarded."""
    variants = select(MediaVariant.file).where(MediaVariant.media_id == media.id)
    before = [media.file, *db.session.scalars(variants)]
    db.session.execute(delete(MediaVariant).where(MediaVariant.media_id == media.id))
    db.session.add_all(MediaAlias(name=name, media_id=media.id, replaced_at=at) for name in before)
    media.file, media.mime, media.byte_size = now.name, now.mime, now.byte_size
    media.width, media.height = now.width, now.height
    media.state, media.failure, media.attempts, media.claimed_until = "processing", None, 0, None
    db.session.flush()
    touch(f"media:{media.id}")
    announce(MediaReplaced(media_id=media.id, before=tuple(before), now=now.name, at=at))
    return before


def _move_focus(media: Media, old: Box, new: Box) -> None:
    """The same point of the whole, in shares of what is shown now."""
    x, y = old[0] + media.focal_x * old[2], old[1] + media.focal_y * old[3]
    media.focal_x = round(min(1.0, max(0.0, (x - new[0]) / new[2])), 3)
    media.focal_y = round(min(1.0, max(0.0, (y - new[1]) / new[3])), 3)


def _is_whole(box: Box) -> bool:
    return all(abs(one - whole) < 0.001 for one, whole in zip(box, WHOLE, strict=True))


def _get(media_id: int) -> Media:
    media = db.session.get(Media, media_id, populate_existing=True, with_for_update=True)
    if media is None:
        raise NotFound
    return media
