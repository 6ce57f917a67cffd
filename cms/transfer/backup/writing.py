"""`parley backup`: rows as of one instant, then files, in one zip that ends with the SHA-256 of itself."""

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import Engine

from cms.core.errors import Invalid
from cms.core.schema import current_and_head
from cms.core.storage import Storage
from cms.transfer.archive.writing import PIECE, Progress, snapshot
from cms.transfer.backup import postgresql, sqlite
from cms.transfer.backup.beside import databases_beside, never_kept

FORMAT = "parley-backup"
VERSION = 1
ABOUT = "backup.json"  # the last entry
SEAL = 64  # characters at the end of the file: the SHA-256 of all before them
MAIN = "database/main.db"


def add(target: zipfile.ZipFile, name: str, pieces: Iterable[bytes], *, is_packed: bool = False) -> None:
    """One entry, written as it comes; compressed unless it is already."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
    with target.open(info, "w", force_zip64=True) as entry:
        for piece in pieces:
            entry.write(piece)


def write_backup(
    engine: Engine,
    storage: Storage,
    path: Path,
    *,
    base_url: str,
    at: datetime,
    progress: Progress,
    with_files: bool = True,
) -> None:
    """Write the file, whole or not at all, readable by its owner only. It may not be there already."""
    if path.exists():
        raise Invalid(f"{path} is there already. Give the backup a name of its own.")
    if not path.parent.is_dir():
        raise Invalid(f"There is no folder {path.parent}.")
    handle, unfinished = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    try:
        with zipfile.ZipFile(unfinished, "w") as target:
            kept = _add_sqlite if engine.dialect.name == "sqlite" else _add_postgresql
            about = kept(engine, target, path.parent, progress)
            if with_files:
                _add_files(storage, target, progress)
            usual = {"format": FORMAT, "version": VERSION, "database": engine.dialect.name}
            usual |= {"made_at": at.isoformat(), "base_url": base_url, "has_files": with_files}
            target.writestr(ABOUT, json.dumps({**usual, **about}, indent=1))
            target.comment = b"0" * SEAL
        _seal(Path(unfinished))
        os.replace(unfinished, path)
    finally:
        Path(unfinished).unlink(missing_ok=True)


def _add_sqlite(
    engine: Engine, target: zipfile.ZipFile, scratch: Path, progress: Progress
) -> dict[str, object]:
    """The main file first, then those beside it: they may know of more than it does, never of less."""
    main = Path(engine.url.database or "")
    beside = [one.file for one in databases_beside() if one.file is not None and one.file.exists()]
    for name, source in [(MAIN, main), *((f"database/{file.name}", file) for file in beside)]:
        with tempfile.TemporaryDirectory(prefix=".parley-backup-", dir=scratch) as folder:
            copy = Path(folder) / "copy.db"
            sqlite.copy_file(source, copy, without=never_kept())
            with copy.open("rb") as file:
                add(target, name, pieces_of(file))
        progress("databases", 1)
    with engine.connect() as connection:
        return {"schema": current_and_head(connection)[0], "beside": [file.name for file in beside]}


def _add_postgresql(
    engine: Engine, target: zipfile.ZipFile, scratch: Path, progress: Progress
) -> dict[str, object]:
    with snapshot(engine) as connection:
        tables = postgresql.tables(connection)
        for name in never_kept():
            tables.pop(name, None)
        for name, columns in tables.items():
            add(target, f"database/{name}.copy", postgresql.copy_out(connection, name, columns))
            progress("tables", 1)
        return {"schema": current_and_head(connection)[0], "tables": tables}


def _add_files(storage: Storage, target: zipfile.ZipFile, progress: Progress) -> None:
    """Rows come after their files and go before them, so the files of every row are still there."""
    for name in sorted(storage.names()):
        try:
            file = storage.open(name)
        except FileNotFoundError:  # thrown away since
            continue
        with file:
            add(target, f"media/{name}", pieces_of(file), is_packed=True)
        progress("files", 1)


def sealed_with(path: Path) -> tuple[str, str]:
    """The seal of a backup, and what it should be: the SHA-256 of all bytes before it."""
    digest, left = hashlib.sha256(), path.stat().st_size - SEAL
    with path.open("rb") as file:
        while left > 0 and (piece := file.read(min(PIECE, left))):
            digest.update(piece)
            left -= len(piece)
        return file.read().decode("ascii", "replace"), digest.hexdigest()


def _seal(path: Path) -> None:
    """Exchange the zip's comment, which is the end of the file, for the sum of all before it; to the disk."""
    _before, seal = sealed_with(path)
    with path.open("r+b") as file:
        file.seek(-SEAL, os.SEEK_END)
        file.write(seal.encode())
        file.flush()
        os.fsync(file.fileno())


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """A file a piece at a time."""
    while piece := file.read(PIECE):
        yield piece


def put_in_place(unfinished: Path, path: Path) -> None:
    """Give a finished database file its name, without what belonged to one that was there."""
    for tail in ("-wal", "-shm"):
        path.with_name(path.name + tail).unlink(missing_ok=True)
    shutil.move(unfinished, path)
