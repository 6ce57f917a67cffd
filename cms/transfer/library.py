"""The files of one import: which of the source's addresses mean the same file, and which files are here."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path, PurePosixPath

from cms.core.database import db, transaction
from cms.core.errors import Problem
from cms.media.models import Media
from cms.media.services import Refused, receive_file
from cms.transfer import queries, services
from cms.transfer.media_folder import MediaFolder
from cms.transfer.placing import Held
from cms.transfer.reading.addresses import (
    host_of,
    is_upload,
    is_web_address,
    of_asset,
    upload_path,
    without_size,
)
from cms.transfer.reading.vocabulary import SourceMedia
from cms.transfer.report import Report

_KINDS = {
    "mp3": "audio",
    "m4a": "audio",
    "ogg": "audio",
    "wav": "audio",
    "flac": "audio",
    "mp4": "video",
    "webm": "video",
}


class Library:
    """Answers what an address in a text has become, and takes files in as they are asked for."""

    def __init__(
        self,
        *,
        report: Report,
        folder: MediaFolder | None,
        source_of: Callable[[str], str],
        at: Callable[[], datetime],
    ) -> None:
        self.report = report
        self.folder = folder
        self.source_of = source_of
        self.at = at
        self.hosts: set[str] = set()
        self.known: dict[str, SourceMedia] = {}
        self.keys: dict[str, str] = {}  # upload path -> key of the file
        self.held: dict[str, Held | None] = {}

    def learn(self, media: SourceMedia) -> None:
        """A file that the source lists. Later ones with the same path are the same file."""
        self.known[media.id] = media
        self.hosts.add(host_of(media.url))
        self.keys.setdefault(upload_path(media.url), media.id)

    def resolve(self, address: str) -> Held | None:
        """The file here that an address of the old site means, in whatever size."""
        target = of_asset(address)
        path = upload_path(target)
        if not path:
            return None
        key = self.keys.get(path) or self.keys.get(without_size(path))
        if key is None:
            if is_web_address(target) and host_of(target) not in self.hosts:
                return None  # a file of somebody else's site
            if not is_upload(target) and "." not in PurePosixPath(path).name:
                return None  # a page
            key = self._discover(path)
        if key not in self.held:
            self.held[key] = self._bring(
                key, path if key not in self.known else upload_path(self.known[key].url)
            )
        return self.held[key]

    def _discover(self, path: str) -> str:
        """A file that only a text names. All sizes of it are one when the folder holds the one they were made from."""
        whole = without_size(path)
        if whole != path and not (self.folder and self.folder.find(path)):
            path = whole
        key = f"file:{path}"[:300]
        self.keys[path] = key
        return key

    def _bring(self, key: str, path: str) -> Held | None:
        source = self.source_of(f"media:{key}")
        found = self._already(source)
        if found is not None:
            self.report.count("media", "unchanged")
            return found
        file = self.folder.find(path) if self.folder else None
        media = self.known.get(key)
        if file is None:
            self.report.skip(
                "media",
                "no folder with files was given (--media)"
                if self.folder is None
                else "it is not in the folder",
            )
            self.report.miss(media.url if media else path)
            return None
        return self._take(file, key, source, media)

    def _already(self, source: str) -> Held | None:
        target = queries.find_target(source, kind="media")
        row = db.session.get(Media, target) if target is not None else None
        return Held(row.id, row.src, row.kind, row.alt) if row is not None else None

    def _take(self, file: Path, key: str, source: str, media: SourceMedia | None) -> Held | None:
        alt = (media.alt or "") if media else ""
        if self.report.is_dry_run:
            self.report.count("media", "new")
            kind = _KINDS.get(file.suffix.lower().lstrip("."), "image")
            return Held(-1 - len(self.held), f"/media/planned-{len(self.held)}", kind, alt)
        try:
            received = receive_file(file, file.name)
            with transaction():
                row = services.bring_media(received, alt=alt, source=source, at=self.at())
                held = Held(row.id, row.src, row.kind, row.alt)
        except Refused as problem:
            self.report.skip("media", str(problem.message))
            self.report.miss(f"{media.url if media else key} ({problem.message})")
            return None
        except (Problem, OSError) as problem:
            self.report.skip("media", f"it could not be taken in ({type(problem).__name__})")
            self.report.miss(media.url if media else key)
            return None
        self.report.count("media", "new")
        return held
