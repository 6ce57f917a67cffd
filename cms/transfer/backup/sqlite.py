"""Copies of SQLite files while they are written to, through SQLite itself: never by reading the file."""

from collections.abc import Iterable
from pathlib import Path

import pysqlite3.dbapi2 as sqlite


def copy_file(source: Path, target: Path, *, without: Iterable[str] = ()) -> None:
    """A copy as of one instant, in one file, with the named tables emptied for good. Writers do not wait for it."""
    with _opened(source) as reading, _opened(target) as copy:
        reading.backup(copy)
        copy.execute("PRAGMA secure_delete = ON")
        there = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for name in there.intersection(without):
            copy.execute(f'DELETE FROM "{name}"')  # noqa: S608 - a table of ours
        copy.execute("PRAGMA journal_mode = DELETE")


def is_sound(path: Path) -> bool:
    """Whether SQLite finds nothing wrong in a file, and no row points nowhere."""
    with _opened(path) as connection:
        said = connection.execute("PRAGMA integrity_check").fetchall()
        return bool(said == [("ok",)] and not connection.execute("PRAGMA foreign_key_check").fetchall())


class _opened:
    """A connection without transactions of its own, closed at the end."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite.connect(str(path), timeout=30, isolation_level=None)

    def __enter__(self) -> sqlite.Connection:
        return self.connection

    def __exit__(self, *problem: object) -> None:
        self.connection.close()
