"""From uploaded bytes to stored files of our own making. Slow, and never inside a transaction."""

import hashlib
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from flask_babel import gettext as _

from cms.core.database import db, is_writing
from cms.core.deadline import Helper, TooSlow
from cms.core.errors import Invalid
from cms.core.storage import content_name, storage
from cms.core.text import strip_control
from cms.media import pictures, queries, recordings
from cms.media.pictures import Encoded, Unreadable
from cms.media.sniffing import HEAD, MEGABYTE, Sort, guess_refused, sniff

PICTURE_DEADLINE, RECORDING_DEADLINE = 25.0, 120.0  # seconds
_helper = Helper(memory=2 * 1024**3)
_CHUNK = 1024 * 1024


class Refused(Invalid):
    """The file is not taken; the sentence says why and what would be."""


@dataclass(frozen=True)
class StoredFile:
    """One file of ours in the store."""

    name: str
    mime: str
    width: int | None
    height: int | None
    byte_size: int


@dataclass(frozen=True)
class Received:
    """An upload that is in the store but in no row yet; or `existing_id`, when the same bytes came before."""

    digest: str
    filename: str
    existing_id: int | None = None
    kind: str = ""
    main: StoredFile | None = None
    poster: StoredFile | None = None
    colour: str | None = None
    duration_seconds: float | None = None

    @property
    def files(self) -> list[str]:
        """The stored names, to be discarded when no row is made after all."""
        return [stored.name for stored in (self.main, self.poster) if stored]


def receive_upload(stream: IO[bytes], filename: str, *, only: str | None = None) -> Received:
    """Take an upload from an open file; with `only="image"`, no other kind.

    Raises `Refused` (422) with a sentence, or `NoRoom` (507).
    """
    with tempfile.TemporaryDirectory(prefix="parley-upload-") as folder:
        path = Path(folder) / "upload"
        sort = _sort_of(stream.read(HEAD))
        if only is not None and sort.kind != only:
            raise Refused(_("Please choose a picture."))
        stream.seek(0)
        digest = _spool(stream, path, sort)
        return _receive(path, sort, digest, filename)


def receive_file(path: Path, filename: str | None = None) -> Received:
    """Take a file from a folder here (an import, the sample site). Raises as `receive_upload` does."""
    with path.open("rb") as stream:
        return receive_upload(stream, filename or path.name)


def store_encoded(encoded: Encoded) -> StoredFile:
    """Put a picture that we encoded into the store."""
    name = new_name(hashlib.sha256(encoded.data).hexdigest(), encoded.suffix)
    storage().put(name, encoded.data)
    return StoredFile(name, encoded.mime, encoded.width, encoded.height, len(encoded.data))


def store_file(path: Path, suffix: str, mime: str) -> StoredFile:
    """Put a recording that we wrote into the store."""
    name = new_name(_digest(path), suffix)
    storage().put(name, path)
    return StoredFile(name, mime, None, None, path.stat().st_size)


def _receive(path: Path, sort: Sort, digest: str, filename: str) -> Received:
    if is_writing():
        raise RuntimeError("an upload is received before the transaction, not inside it")
    shown_name = strip_control(PurePosixPath(filename.replace("\\", "/")).name)[:255]
    existing = queries.find_media_by_digest(digest)
    if existing is not None:
        return Received(digest, shown_name, existing_id=existing.id)
    db.session.rollback()  # ends the read: no connection waits while we work
    storage().refuse_when_full()
    try:
        if sort.kind == "image":
            return _picture(path, sort, digest, shown_name)
        return _recording(path, sort, digest, shown_name)
    except Unreadable as error:
        raise Refused(sentence(str(error))) from error
    except TooSlow as error:
        raise Refused(sentence("too_slow")) from error


def _picture(path: Path, sort: Sort, digest: str, filename: str) -> Received:
    made = _helper.run_within(PICTURE_DEADLINE, pictures.read_picture, path, sort.format)
    return Received(digest, filename, kind="image", main=store_encoded(made.main), colour=made.colour)


def _recording(path: Path, sort: Sort, digest: str, filename: str) -> Received:
    target = path.with_name("clean")
    made = _helper.run_within(RECORDING_DEADLINE, recordings.copy_recording, path, sort.format, target)
    main = store_file(target, made.suffix, made.mime)
    return Received(
        digest,
        filename,
        kind=made.kind,
        main=StoredFile(main.name, main.mime, made.width, made.height, main.byte_size),
        poster=store_encoded(made.poster) if made.poster else None,
        colour=made.colour,
        duration_seconds=made.duration_seconds,
    )


def _sort_of(head: bytes) -> Sort:
    sort = sniff(head)
    if sort is None:
        if not head:
            raise Refused(_("This file is empty."))
        name = guess_refused(head)
        if name:
            raise Refused(_("%(format)s files are not taken.", format=name) + " " + sentence("what_is_taken"))
        raise Refused(_("This kind of file is not taken.") + " " + sentence("what_is_taken"))
    return sort


def _spool(stream: IO[bytes], path: Path, sort: Sort) -> str:
    """Copy to a file of our own, within the limit for its sort; gives the hash of the bytes."""
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > sort.most_bytes:
                raise Refused(
                    _(
                        "This file is larger than %(limit)s MB. Please make it smaller and try again.",
                        limit=sort.most_bytes // MEGABYTE,
                    )
                )
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def new_name(content_hash: str, suffix: str) -> str:
    """The hash says what is inside; the rest keeps two rows from ever sharing (and deleting) one file."""
    return content_name(content_hash[:32], f"-{secrets.token_hex(4)}{suffix}")


def sentence(word: str) -> str:
    sentences = {
        "what_is_taken": _(
            "Please use JPEG, PNG, WebP, GIF or AVIF for pictures, MP3, M4A, Ogg, WAV or FLAC for sound, "
            "MP4 or WebM for video."
        ),
        "damaged": _(
            "This file is damaged or not what it says it is. Please save it again in your program and retry."
        ),
        "cut_off": _("This file ends too early: it was not copied whole. Please upload the original again."),
        "too_many_pixels": _(
            "This picture has more than 40 million pixels. Please make it smaller and try again."
        ),
        "long_animation": _("This animation is too long or too large. Please upload it as an MP4 video."),
        "moving": _("A picture that moves cannot be cropped."),
        "no_streams": _("There is neither sound nor picture in this file."),
        "video_codec": _(
            "Browsers cannot play this video. Please export it as MP4 with H.264 (8 bit) and AAC sound."
        ),
        "audio_codec": _(
            "Browsers cannot play the sound in this file. Please export it as MP3, or with AAC sound."
        ),
        "too_long": _("This recording is longer than six hours. Please split it."),
        "too_slow": _(
            "This file took too long to read. Please save it again in a simpler form, or smaller, and retry."
        ),
    }
    return str(sentences[word])
