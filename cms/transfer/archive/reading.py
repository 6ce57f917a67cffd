"""`parley import archive`: a folder that `parley export` wrote, into an empty database."""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.exc import DataError, IntegrityError

from cms.core.database import db
from cms.core.errors import Invalid
from cms.core.schema import current_and_head
from cms.core.seams import announce
from cms.core.storage import Storage
from cms.people import audit
from cms.transfer.archive.contents import FORMAT, VERSION, Contents
from cms.transfer.archive.filling import Row, any_order, insert_rows, move_counters, refuse_filled
from cms.transfer.archive.lines import from_line
from cms.transfer.archive.writing import PIECE, Progress
from cms.transfer.events import DatabaseRestored

_NAME = re.compile(r"[a-z0-9][a-z0-9._/-]*")


class BadArchive(Invalid):
    """The folder is no archive, or not as it was written."""


def read_about(folder: Path) -> dict[str, Any]:
    """What `archive.json` says. Raises `BadArchive` when it is missing, or of a kind this program does not know."""
    try:
        told = json.loads((folder / "archive.json").read_text(encoding="utf-8"))
        is_ours = told["format"] == FORMAT
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadArchive(f"{folder} is no archive: it has no archive.json that says so.") from error
    if not is_ours:
        raise BadArchive(f"{folder} is no archive of Parley.")
    if told["version"] != VERSION:
        raise BadArchive(
            f"This archive has version {told['version']}, and this Parley reads version {VERSION}."
        )
    return dict(told)


def put_files(folder: Path, storage: Storage, told: dict[str, Any], progress: Progress) -> None:
    """Store every file that is not there yet, after looking whether it is as it was written."""
    for line in _lines(folder / "files.jsonl", told["files"]):
        entry = json.loads(line)
        path = folder / "media" / entry["name"]
        if not _NAME.fullmatch(entry["name"]) or ".." in entry["name"] or not path.is_file():
            raise _damaged(path)
        if _digest(path) != entry["sha256"]:
            raise _damaged(path)
        if not storage.exists(entry["name"]):
            storage.put(entry["name"], path)
        progress("files", 1)


def fill(folder: Path, told: dict[str, Any], held: Contents, *, at: datetime, progress: Progress) -> None:
    """Put every row there, inside a transaction; nothing is kept when one of them does not fit.

    Says `DatabaseRestored`, so that nothing that was due meanwhile happens by itself. Raises `BadArchive` and `NotEmpty`.
    """
    connection = db.session.connection()
    ours, _head = current_and_head(connection)
    if told["schema"] != ours:
        raise BadArchive(
            f"This archive was written with schema {told['schema']}, and this database has {ours}. Read it with the "
            "Parley that wrote it, and upgrade that one."
        )
    if unknown := sorted(told["tables"].keys() - {table.name for table in held.tables}):
        raise BadArchive(f"This archive holds tables that nobody knows here: {', '.join(unknown)}.")
    refuse_filled(connection, held.tables)
    try:
        _fill(connection, folder, told, held, progress)
    except (IntegrityError, DataError) as error:
        raise BadArchive(f"The rows of this archive do not fit: {error.orig}") from error
    db.session.expire_all()
    audit.record("archive.imported", "site", by=None, at=at, detail={"from": told["base_url"]})
    announce(DatabaseRestored(at=at))


def _fill(
    connection: Connection, folder: Path, told: dict[str, Any], held: Contents, progress: Progress
) -> None:
    with any_order(connection):
        for table in held.tables:
            if table.name in told["tables"]:
                rows = _rows(
                    folder / "tables" / f"{table.name}.jsonl", told["tables"][table.name], table, held
                )
                for count in insert_rows(connection, table, rows):
                    progress("rows", count)
    move_counters(connection)


def _rows(path: Path, expected: dict[str, Any], table: Table, held: Contents) -> Iterator[Row]:
    columns = {one.name: one for one in held.columns(table)}
    blanks = held.blanks(table)
    for number, line in enumerate(_lines(path, expected), 1):
        try:
            yield {**blanks, **from_line(columns, line)}
        except (ValueError, TypeError, ArithmeticError) as error:
            raise BadArchive(f"Line {number} of {path} is no row of its table.") from error


def _lines(path: Path, expected: dict[str, Any]) -> Iterator[str]:
    """The lines of a file; raises `BadArchive` at its end when they are not those that were written."""
    digest, count = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            for line in file:
                digest.update(line)
                count += 1
                yield line.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(path) from error
    if (count, digest.hexdigest()) != (expected["count"], expected["sha256"]):
        raise _damaged(path)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _damaged(path: Path) -> BadArchive:
    return BadArchive(f"{path} is not as it was written. Nothing was brought in.")
