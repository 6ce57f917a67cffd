"""What the worker does for media: sizes and formats of pictures, MP3s of recordings, sweeping orphans."""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.deadline import Helper, TooSlow
from cms.core.errors import Problem
from cms.core.storage import storage
from cms.core.worker import Job, Outcome, is_stopping
from cms.media import pictures, queries, recordings, search, services
from cms.media.models import SOURCE_FORMATS, Media
from cms.media.pictures import Unreadable
from cms.media.services.finishing import Claim
from cms.media.services.receiving import store_encoded, store_file

log = logging.getLogger(__name__)
_helper = Helper(memory=2 * 1024**3)
KEPT_IN_TRASH = timedelta(days=30)
SIZE_DEADLINE, ENCODING_DEADLINE = 60.0, 1800.0  # seconds


class ClaimLost(Exception):
    """Somebody else has taken the row, or it was deleted."""


def make_variants() -> Outcome:
    """Finish every upload that waits, one row at a time, each in its own transactions, until we are to stop."""
    done = failed = 0
    while not is_stopping():
        with transaction():
            claim = services.claim_media(at=clock.now())
        if claim is None:
            break
        if _finish(claim):
            done += 1
        else:
            failed += 1
    return {"finished": done, "failed": failed} if done or failed else {}


def sweep_orphans() -> Outcome:
    """Remove stored files that belong to no row and are older than a day."""
    gone = services.sweep_files(at=clock.now())
    return {"removed": gone} if gone else {}


def purge_trash() -> Outcome:
    """Remove for good what has been in the trash for thirty days; what is used again is taken out of it."""
    at, gone = clock.now(), 0
    for media_id in queries.trash_to_purge(at - KEPT_IN_TRASH):
        try:
            with transaction():
                names = services.delete_media(media_id, by=None, at=at)
        except services.InUse:
            with transaction():
                services.keep_used(media_id)
            continue
        services.discard_files(names)
        gone += 1
    return {"removed": gone} if gone else {}


def index_files() -> Outcome:
    """Let files be found that were there before the index."""
    count = 0
    while ids := search.not_indexed(limit=500):
        with transaction():
            count += search.index_media(ids)
    return {"indexed": count} if count else {}


JOBS = [
    Job("index_media", index_files, every=600),
    Job("purge_media_trash", purge_trash, every=3600),
    Job("make_variants", make_variants, every=2),
    Job("sweep_media_orphans", sweep_orphans, every=6 * 3600),
]


def _finish(claim: Claim) -> bool:
    """Work on one row; what goes wrong with it is written on it and stops nobody else."""
    try:
        media = queries.get_media(claim.media_id)
        db.session.expunge_all()
        db.session.rollback()  # no transaction is open while we work
        if media.kind == "audio":
            _make_mp3(claim, media)
        else:
            _make_sizes(claim, media)
    except ClaimLost:
        return False
    except (Unreadable, TooSlow, Problem, OSError) as error:
        log.warning("media %s cannot be finished: %s", claim.media_id, type(error).__name__)
        with transaction():
            services.fail_media(claim, reason=f"{type(error).__name__}: {error}")
        return False
    with transaction():
        services.finish_media(claim)
    return True


def _make_sizes(claim: Claim, media: Media) -> None:
    """Each size is recorded as soon as it is stored, so that a new worker goes on where this one stopped."""
    have = {(variant.mime, variant.width) for variant in media.variants}
    with _fetched(_still_of(media)) as path:
        for mime, width in _wanted(path, media):
            if (mime, width) not in have:
                made = _helper.run_within(SIZE_DEADLINE, pictures.make_size, path, width, mime)
                stored = store_encoded(made)
                with transaction():
                    if not services.record_size(claim, stored):
                        raise ClaimLost


def _wanted(path: Path, media: Media) -> Iterator[tuple[str, int]]:
    if pictures.is_animation(path):
        yield "image/jpeg", media.width or 1  # a still, for those who prefer no motion
        return
    still = next((v.width for v in reversed(media.variants) if v.mime == "image/jpeg"), media.width or 1)
    for width in pictures.widths_for(still):
        for mime in reversed(SOURCE_FORMATS):
            yield mime, width


def _still_of(media: Media) -> str:
    """The stored picture that sizes are made from: of a video, its poster."""
    if media.kind == "image":
        return media.file
    return next(variant.file for variant in reversed(media.variants) if variant.mime == "image/jpeg")


def _make_mp3(claim: Claim, media: Media) -> None:
    if media.mime in recordings.PLAYS_EVERYWHERE:
        return
    with _fetched(media.file) as path:
        target = path.with_name("made.mp3")
        seconds = _helper.run_within(ENCODING_DEADLINE, recordings.encode_mp3, path, target)
        stored = store_file(target, ".mp3", "audio/mpeg")
    with transaction():
        # The copy that was served so far stays for readers who are listening; the sweeper takes it.
        if services.replace_recording(claim, stored, duration_seconds=seconds) is None:
            raise ClaimLost


@contextmanager
def _fetched(name: str) -> Iterator[Path]:
    """A copy of a stored file in a folder of its own, for libraries that want a path."""
    with tempfile.TemporaryDirectory(prefix="parley-media-") as folder:
        path = Path(folder) / ("stored" + Path(name).suffix)
        with storage().open(name) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, 1024 * 1024)
        yield path
