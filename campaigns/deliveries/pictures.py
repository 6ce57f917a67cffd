"""Pictures as networks get them: made once for each source and target, stored, and reused.

The row speaks of a file that is in the store: the file is written first, the row after it, and a row goes before its
file does. Nothing here runs inside a transaction but the insert of a row.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from campaigns.channels.cutting import cut
from campaigns.channels.messages import Limits, Picture
from campaigns.deliveries.fitting import Target, fit
from campaigns.deliveries.models import ConvertedPicture
from cms.core import clock
from cms.core.database import db, insert_into, is_writing, transaction
from cms.core.deadline import Helper, TooSlow
from cms.core.errors import Invalid
from cms.core.storage import storage
from cms.media.models import Media
from cms.media.pictures import Encoded, Unreadable, is_animation
from cms.media.services import discard_files
from cms.media.services.receiving import store_encoded

KEPT_FOR = timedelta(days=60)  # after a message last named it
SECONDS = 60.0
_helper = Helper(memory=2 * 1024**3)


def picture_for(media_id: int, alt: str, limits: Limits) -> Picture:
    """The picture within a network's limits, with its alternative text, made now if it was not before.

    No transaction may be open. Raises `Invalid` with a sentence for a file that is no picture, is gone, or cannot be
    made to fit.
    """
    if is_writing():
        raise RuntimeError("a picture is converted before the transaction, not inside it")
    target = Target(limits.picture_bytes, limits.picture_side, tuple(limits.picture_types))
    media = db.session.get(Media, media_id, populate_existing=True)
    if media is None or media.kind != "image":
        raise _refused(_("One of the pictures is no picture, or is gone. Please choose another."))
    row = _find(media.file, target) or _make(media, target)
    return Picture(
        media_id=media_id,
        name=row.file,
        mime=row.mime,
        width=row.width,
        height=row.height,
        size=row.byte_size,
        alt=alt_within(alt, limits.alt),
    )


def alt_within(alt: str, most: int | None) -> str:
    """Alternative text within so many characters; 0 where the network takes none."""
    return alt if most is None else cut(alt, lambda one: len(one) <= most)


def forget_unused(*, at: datetime) -> int:
    """Remove what no message named for two months, rows first; gives how many."""
    with transaction():
        names = db.session.scalars(
            delete(ConvertedPicture)
            .where(ConvertedPicture.used_at < at - KEPT_FOR)
            .returning(ConvertedPicture.file)
        ).all()
    discard_files(names)
    return len(names)


def _find(source: str, target: Target) -> ConvertedPicture | None:
    row = db.session.scalar(
        select(ConvertedPicture).where(
            ConvertedPicture.source == source, ConvertedPicture.target == _key(target)
        )
    )
    if row is None or not storage().exists(row.file):
        return None
    if clock.now() - row.used_at > KEPT_FOR / 4:  # seldom, so that reading writes seldom
        row_id = row.id
        with transaction():
            db.session.execute(
                update(ConvertedPicture).where(ConvertedPicture.id == row_id).values(used_at=clock.now())
            )
        return db.session.get(ConvertedPicture, row_id)
    return row


def _make(media: Media, target: Target) -> ConvertedPicture:
    media_id, source = media.id, media.file
    as_it_is = target.takes(media.mime, media.width, media.height, media.byte_size)
    size = (media.width or 0, media.height or 0)
    mime = media.mime
    db.session.rollback()  # no read stays open while we work
    try:
        with _fetched(source) as path:
            made = (
                Encoded(path.read_bytes(), path.suffix, mime, *size)
                if as_it_is and not _moves(path)
                else _helper.run_within(SECONDS, fit, path, target)
            )
    except FileNotFoundError as error:
        raise _refused(_("The file of a picture is missing. Please choose another picture.")) from error
    except (Unreadable, TooSlow) as error:
        raise _refused(
            _("A picture cannot be brought to what this network takes. Please choose another.")
        ) from error
    return _keep(media_id, source, target, made)


def _keep(media_id: int, source: str, target: Target, made: Encoded) -> ConvertedPicture:
    """Write the row; when another process was quicker its picture is used, and ours is removed."""
    stored, at = store_encoded(made), clock.now()
    insert = insert_into(ConvertedPicture).values(
        media_id=media_id,
        source=source,
        target=_key(target),
        file=stored.name,
        mime=stored.mime,
        width=stored.width or 0,
        height=stored.height or 0,
        byte_size=stored.byte_size,
        made_at=at,
        used_at=at,
    )
    known = (ConvertedPicture.source == source, ConvertedPicture.target == _key(target))
    with transaction():
        # A row whose file was lost is no use to anybody: the new file takes its place.
        lost = db.session.scalar(select(ConvertedPicture.file).where(*known))
        if lost is not None and not storage().exists(lost):
            db.session.execute(delete(ConvertedPicture).where(*known))
        db.session.execute(insert.on_conflict_do_nothing(index_elements=["source", "target"]))
        row = db.session.scalars(select(ConvertedPicture).where(*known)).one()
    if row.file != stored.name:
        discard_files([stored.name])
    return row


def _moves(path: Path) -> bool:
    return path.suffix == ".webp" and is_animation(path)


@contextmanager
def _fetched(name: str) -> Iterator[Path]:
    """A copy of a stored file in a folder of its own, for libraries that want a path."""
    with tempfile.TemporaryDirectory(prefix="parley-picture-") as folder:
        path = Path(folder) / ("stored" + Path(name).suffix)
        with storage().open(name) as source, path.open("wb") as copy:
            shutil.copyfileobj(source, copy, 1024 * 1024)
        yield path


def _key(target: Target) -> str:
    return f"{target.most_bytes} {target.longest_side} {' '.join(one.removeprefix('image/') for one in target.types)}"


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, errors={"media": sentence})
