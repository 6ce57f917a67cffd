"""`parley restore`: a backup into a database that holds nothing. It is looked through before anything is written."""

import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine, create_engine, inspect

from cms.core import schema
from cms.core.database import Base, db, engine_options, transaction, working_on
from cms.core.errors import Invalid
from cms.core.seams import announce
from cms.core.storage import Storage
from cms.people import audit
from cms.transfer.archive.filling import NotEmpty, any_order, move_counters
from cms.transfer.archive.writing import PIECE, Progress
from cms.transfer.backup import postgresql, sqlite
from cms.transfer.backup.beside import databases_beside
from cms.transfer.backup.writing import ABOUT, FORMAT, MAIN, VERSION, pieces_of, put_in_place, sealed_with
from cms.transfer.events import DatabaseRestored


class BadBackup(Invalid):
    """The file is no backup, or not as it was written."""


class Backup:
    """An opened backup. Every byte of it was looked at when it is open."""

    def __init__(self, path: Path) -> None:
        seal, expected = sealed_with(path)
        try:
            self._zip = zipfile.ZipFile(path)
            self.about: dict[str, Any] = json.loads(self._zip.read(ABOUT))
            is_known = (self.about["format"], self.about["version"]) == (FORMAT, VERSION)
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, RuntimeError) as error:
            raise BadBackup(f"{path} is no backup, or it is damaged. Nothing was restored.") from error
        if not is_known:
            raise BadBackup(f"{path} is no backup that this Parley can read.")
        if seal != expected:
            raise BadBackup(f"{path} is damaged. Nothing was restored.")

    def files(self) -> list[str]:
        """The names of the uploads it holds."""
        names = self._zip.namelist()
        return [name.removeprefix("media/") for name in names if name.startswith("media/")]

    def copy(self, name: str, path: Path) -> None:
        """Write an entry to a file."""
        with self.open(name) as entry, path.open("wb") as file:
            shutil.copyfileobj(entry, file, PIECE)

    def open(self, name: str) -> IO[bytes]:
        """An entry, open for reading."""
        return self._zip.open(name)


def restore_backup(
    engine: Engine, storage: Storage, backup: Backup, *, at: datetime, progress: Progress
) -> None:
    """Put everything where it was, and say so in the same step: what was due meanwhile waits for a person.

    Raises `NotEmpty`, and `BadBackup` for one of another kind of database.
    """
    if backup.about["database"] != engine.dialect.name:
        raise BadBackup(
            f"This backup is of {backup.about['database']}, and PARLEY_DATABASE_URL names {engine.dialect.name}. "
            "To change from one to the other use `parley export` and `parley import archive`."
        )
    restore: Callable[[Engine, Backup, Callable[[], None]], None] = (
        _restore_sqlite if engine.dialect.name == "sqlite" else _restore_postgresql
    )
    for name in backup.files():
        if not storage.exists(name):
            with tempfile.TemporaryDirectory(prefix="parley-restore-") as folder:
                backup.copy(f"media/{name}", Path(folder) / "file")
                storage.put(name, Path(folder) / "file")
        progress("files", 1)

    def tell() -> None:
        detail = {"made_at": backup.about["made_at"]}
        audit.record("backup.restored", "site", by=None, at=at, detail=detail)
        announce(DatabaseRestored(at=at))

    restore(engine, backup, tell)


def _restore_sqlite(engine: Engine, backup: Backup, tell: Callable[[], None]) -> None:
    """Everything happens to a file beside the place it is for; only when it is done it gets its name."""
    place = Path(engine.url.database or "")
    _refuse_rows_in(engine, place)
    beside = {one.file.name: one.file for one in databases_beside() if one.file is not None}
    with tempfile.TemporaryDirectory(prefix=".parley-restore-", dir=place.parent) as folder:
        main = Path(folder) / "main.db"
        backup.copy(MAIN, main)
        if not sqlite.is_sound(main):
            raise BadBackup("SQLite finds the database in this backup damaged. Nothing was restored.")
        url = f"sqlite:///{main}"
        restored = create_engine(url, **engine_options(url))
        schema.migrate(restored)
        with working_on(restored), transaction():
            tell()
        restored.dispose()
        sqlite.copy_file(main, Path(folder) / "done.db")  # with what is still in the log beside the file
        for name in set(backup.about["beside"]) & beside.keys():
            backup.copy(f"database/{name}", Path(folder) / name)
            put_in_place(Path(folder) / name, beside[name])
        engine.dispose()
        put_in_place(Path(folder) / "done.db", place)


def _refuse_rows_in(engine: Engine, place: Path) -> None:
    if not place.exists():
        return
    with engine.connect() as connection:
        there = [name for name in ("people", "posts") if inspect(connection).has_table(name)]
        if any(connection.exec_driver_sql(f"SELECT 1 FROM {name} LIMIT 1").first() for name in there):  # noqa: S608
            raise NotEmpty


def _restore_postgresql(engine: Engine, backup: Backup, tell: Callable[[], None]) -> None:
    """In one transaction, with what is said about it; a backup of an older schema is migrated after that."""
    with engine.connect() as connection:
        before, _head = schema.current_and_head(connection)
        if not postgresql.is_empty(connection):
            raise NotEmpty
    if before is None:
        schema.migrate(engine, to=backup.about["schema"])
    elif before != backup.about["schema"]:
        raise BadBackup(
            f"This backup has schema {backup.about['schema']}, and this database {before}. "
            "Restore into a database without tables; it is migrated afterwards."
        )
    for one in databases_beside():
        one.prepare()
    is_older = backup.about["schema"] != _head
    with transaction():
        connection = db.session.connection()
        here = postgresql.tables(connection)
        with any_order(connection):
            for name in here.keys() - Base.metadata.tables.keys():  # what others filled when they were made
                connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608 - a table of ours
            for name, columns in backup.about["tables"].items():
                if not set(columns) <= set(here.get(name, ())):
                    raise BadBackup(f"This backup holds a table that this Parley does not know: {name}.")
                with backup.open(f"database/{name}.copy") as entry:
                    postgresql.copy_in(connection, name, columns, pieces_of(entry))
        move_counters(connection)
        if not is_older:
            tell()
    if is_older:
        schema.migrate(engine)
        with transaction():
            tell()
