"""Databases that stand beside the main one, and tables that no backup may hold. Rooms name theirs, see `app.py`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import current_app


@dataclass(frozen=True)
class Beside:
    """Rows that a room keeps without migrations: in a SQLite file of its own, or in PostgreSQL beside the others."""

    file: Path | None  # with SQLite
    prepare: Callable[[], object]  # makes its tables where they are missing


def databases_beside() -> Sequence[Beside]:
    """All of them."""
    found: Sequence[Beside] = current_app.extensions.get("parley_beside", ())
    return found


def never_kept() -> frozenset[str]:
    """Tables whose rows must be gone when their time is over, so no copy may outlive them."""
    found: frozenset[str] = current_app.extensions.get("parley_never_kept", frozenset())
    return found
