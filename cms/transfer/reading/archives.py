"""Zip files from strangers, unpacked into a folder of our own: no way out of it, and no bomb."""

import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from cms.transfer.reading.vocabulary import UnreadableSource

MOST_FILES = 50_000
LARGEST_WHOLE = 4 * 1024**3  # bytes, unpacked
GREATEST_RATIO = 200  # of unpacked to packed bytes, beyond the first megabyte
_CHUNK = 1024 * 1024


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """A temporary folder with what the zip holds. Raises `UnreadableSource`; nothing stays behind."""
    with TemporaryDirectory(prefix="parley-import-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                _unpack(archive, Path(folder), path)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
            raise UnreadableSource(
                f"{path.name} is not a readable zip file. Nothing was imported."
            ) from error
        yield Path(folder)


def _unpack(archive: zipfile.ZipFile, folder: Path, path: Path) -> None:
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise UnreadableSource(f"{path.name} holds more than {MOST_FILES:,} files. Nothing was imported.")
    for entry in entries:
        if not _is_inside(entry.filename) or stat.S_ISLNK(entry.external_attr >> 16):
            raise UnreadableSource(
                f"{path.name} holds a name that leads out of its folder ({entry.filename[:80]!r}). Nothing was imported."
            )
    whole = 0
    for entry in entries:
        if entry.is_dir():
            continue
        target = folder / entry.filename
        target.parent.mkdir(parents=True, exist_ok=True)
        allowed = min(LARGEST_WHOLE - whole, max(_CHUNK, entry.compress_size * GREATEST_RATIO))
        whole += _copy(archive, entry, target, allowed, path)


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, allowed: int, path: Path) -> int:
    """Count what really comes out; what the zip says about itself may be a lie."""
    size = 0
    with archive.open(entry) as source, target.open("wb") as copy:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > allowed:
                raise UnreadableSource(
                    f"{path.name} unpacks to far more than a blog needs. Nothing was imported."
                )
            copy.write(chunk)
    return size


def _is_inside(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/"))
    return not parts.is_absolute() and ".." not in parts.parts and ":" not in name and "\x00" not in name
