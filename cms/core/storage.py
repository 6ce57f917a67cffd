"""Where files live: a folder here by default, or whatever fsspec can reach (S3, …) by one setting.

A file appears whole or not at all, and is never changed afterwards: other content gets another name. Names
look like `3f/a2/3fa2….jpg`; nothing else is accepted, so no name can lead out of the folder.
"""

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, cast

from flask_babel import lazy_gettext as _
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from cms.core.errors import Problem
from cms.core.pages import config

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}(/[a-z0-9][a-z0-9._-]{0,99}){0,4}")
_UNFINISHED = ".unfinished-"
LEAST_FREE = 0.05  # share of the disk that uploads leave alone, so that publishing goes on
LEAST_FREE_BYTES = 1024**3  # or this much, whichever is less


class NoRoom(Problem):
    """The disk is full, or nearly."""

    status = 507
    message = _("There is no room left for uploads. Please tell whoever runs this site.")


class BadName(ValueError):
    """Not a name that `put` could have given."""


def storage() -> "Storage":
    """The file store of the running application."""
    return _open(config().storage_url)


def content_name(content_hash: str, tail: str) -> str:
    """`3fa2…` and `-9c1e.jpg` become `3f/a2/3fa2…-9c1e.jpg`: two levels, so that no folder grows large."""
    return f"{content_hash[:2]}/{content_hash[2:4]}/{content_hash}{tail}"


class Storage:
    """Files by name. Built from an address such as `/srv/media`, `file:///srv/media` or `s3://bucket/media`."""

    def __init__(self, url: str) -> None:
        try:
            self._files, self._root = url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise Problem(f"PARLEY_STORAGE_URL names a place that cannot be reached: {error}.") from error
        self._is_local = isinstance(self._files, LocalFileSystem)

    def put(self, name: str, data: bytes | Path) -> None:
        """Store bytes, or a copy of a file, under a name: whole or not at all, and on the disk when this returns."""
        path = self._path(name)
        if self._is_local:
            _put_local(Path(path), data)
        elif isinstance(data, Path):
            self._files.put_file(str(data), path)
        else:
            self._files.pipe_file(path, data)

    def open(self, name: str) -> BinaryIO:
        """The file, open for reading and seekable. Raises `FileNotFoundError`."""
        try:
            return cast(BinaryIO, self._files.open(self._path(name), "rb"))
        except (BadName, IsADirectoryError, NotADirectoryError) as error:
            raise FileNotFoundError(name) from error

    def read(self, name: str) -> bytes:
        """The whole file. Raises `FileNotFoundError`."""
        with self.open(name) as file:
            return file.read()

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        try:
            return bool(self._files.isfile(self._path(name)))
        except BadName:
            return False

    def size(self, name: str) -> int:
        """Its length in bytes. Raises `FileNotFoundError`."""
        return int(self._files.size(self._path(name)))

    def modified_at(self, name: str) -> datetime:
        """When it was stored. Raises `FileNotFoundError`."""
        at: datetime = self._files.modified(self._path(name))
        return at if at.tzinfo else at.replace(tzinfo=UTC)

    def delete(self, name: str) -> None:
        """Remove it; nothing happens when it is not there."""
        with suppress(FileNotFoundError):
            self._files.rm_file(self._path(name))

    def names(self) -> Iterator[str]:
        """Every file there is, in no particular order; unfinished ones are left out."""
        prefix = self._root.rstrip("/") + "/"
        for _folder, _folders, files in self._files.walk(self._root, detail=True):
            for entry in files.values():
                name = entry["name"].removeprefix(prefix)
                if _NAME.fullmatch(name):
                    yield name

    def sweep_unfinished(self, before: datetime) -> int:
        """Remove what a crash left half written before that moment; gives how many."""
        if not self._is_local:
            return 0
        stale = [p for p in Path(self._root).rglob(f"{_UNFINISHED}*") if _modified(p) < before]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)

    def refuse_when_full(self) -> None:
        """Raise `NoRoom` before the disk is so full that other things stop working."""
        if self._is_local and Path(self._root).exists():
            disk = shutil.disk_usage(self._root)
            if disk.free < min(disk.total * LEAST_FREE, LEAST_FREE_BYTES):
                raise NoRoom

    def _path(self, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise BadName(name)
        return f"{self._root.rstrip('/')}/{name}"


@lru_cache(maxsize=8)
def _open(url: str) -> Storage:
    return Storage(url)


def _put_local(path: Path, data: bytes | Path) -> None:
    """Beside its final place, to the disk, renamed, and the folder to the disk as well."""
    try:
        _make_folders(path.parent)
        handle, unfinished = tempfile.mkstemp(prefix=_UNFINISHED, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                _copy(data, file)
                file.flush()
                os.fsync(file.fileno())
            Path(unfinished).chmod(0o644)
            os.replace(unfinished, path)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoom from error
        raise


def _copy(data: bytes | Path, file: Any) -> None:
    if isinstance(data, Path):
        with data.open("rb") as source:
            shutil.copyfileobj(source, file, 1024 * 1024)
    else:
        file.write(data)


def _make_folders(folder: Path) -> None:
    if not folder.exists():
        _make_folders(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _modified(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)
