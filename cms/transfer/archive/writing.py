"""`parley export`: every table as it was at one instant, and every file, in a new folder."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, Engine, Table, func, select

from cms.core.errors import Invalid
from cms.core.schema import current_and_head
from cms.core.storage import Storage
from cms.transfer.archive.contents import FORMAT, VERSION, Contents
from cms.transfer.archive.lines import selected, to_line

AT_ONCE = 1_000  # rows held at a time
PIECE = 1024 * 1024  # bytes of a file held at a time
Progress = Callable[[str, int], None]  # called with what is done and how many of it, after each step


@dataclass(frozen=True)
class Sum:
    """What was written to one file: rows or bytes, and the SHA-256 of the file."""

    count: int
    sha256: str


def write_archive(
    engine: Engine,
    storage: Storage,
    folder: Path,
    *,
    held: Contents,
    base_url: str,
    at: datetime,
    progress: Progress,
) -> dict[str, Any]:
    """Write the folder, whole or not at all; gives what `archive.json` says. It may not exist, or must be empty."""
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Invalid(f"{folder} is there already, and is not an empty folder.")
    shutil.rmtree(unfinished, ignore_errors=True)
    (unfinished / "tables").mkdir(parents=True)
    try:
        with snapshot(engine) as connection:
            schema, _head = current_and_head(connection)
            tables = {
                table.name: asdict(_write_table(connection, table, held, unfinished / "tables", progress))
                for table in held.tables
            }
            files = _write_files(storage, unfinished, progress)
        told = {
            "format": FORMAT,
            "version": VERSION,
            "schema": schema,
            "made_at": at.isoformat(),
            "base_url": base_url,
            "tables": tables,
            "files": asdict(files),
            "left_out": dict(sorted(held.left_out.items())),
            "blanked": sorted(".".join(one) for one in held.blanked),
        }
        (unfinished / "archive.json").write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
        if folder.exists():
            folder.rmdir()
        os.replace(unfinished, folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return told


def count_rows(engine: Engine, held: Contents) -> int:
    """About how many rows there are to write, for a bar that fills."""
    with engine.connect() as connection:
        return sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in held.tables)


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is now, whatever others write meanwhile; nobody waits for it."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield connection


def _write_table(
    connection: Connection, table: Table, held: Contents, folder: Path, progress: Progress
) -> Sum:
    columns, count, digest = held.columns(table), 0, hashlib.sha256()
    query = select(*map(selected, columns)).order_by(*table.primary_key.columns)
    rows = connection.execution_options(stream_results=True).execute(query)
    with (folder / f"{table.name}.jsonl").open("wb") as file:
        for batch in rows.partitions(AT_ONCE):
            lines = "".join(to_line(columns, row) + "\n" for row in batch).encode()
            file.write(lines)
            digest.update(lines)
            count += len(batch)
            progress("rows", len(batch))
    return Sum(count, digest.hexdigest())


def _write_files(storage: Storage, folder: Path, progress: Progress) -> Sum:
    """Every file under its name, and `files.jsonl` that lists them. One that is thrown away meanwhile is not there."""
    digest, count = hashlib.sha256(), 0
    with (folder / "files.jsonl").open("wb") as listing:
        for name in sorted(storage.names()):
            try:
                source = storage.open(name)
            except FileNotFoundError:
                continue
            with source:
                size, sha256 = _copy(source, folder / "media" / name)
            line = json.dumps({"name": name, "bytes": size, "sha256": sha256}).encode() + b"\n"
            listing.write(line)
            digest.update(line)
            count += 1
            progress("files", 1)
    return Sum(count, digest.hexdigest())


def _copy(source: BinaryIO, path: Path) -> tuple[int, str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        while piece := source.read(PIECE):
            file.write(piece)
            digest.update(piece)
            size += len(piece)
    return size, digest.hexdigest()
