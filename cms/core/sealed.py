"""Columns that hold encrypted secrets, wherever they are: looked at by the doctor, written anew with the newest key.

Rooms name theirs; `wiring.py` writes the list out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from sqlalchemy import inspect, select, update
from sqlalchemy.orm import InstrumentedAttribute

from cms.core.database import db, transaction
from cms.core.secrets import UnreadableSecret, decrypt, is_newest, rotate

BATCH = 200


@dataclass(frozen=True)
class Sealed:
    """A column of secrets; an empty one holds none."""

    name: str  # in the doctor's words: "credentials of accounts"
    column: InstrumentedAttribute[str]

    @property
    def key(self) -> Any:
        """The column that names a row."""
        return inspect(self.column.class_).primary_key[0]


@dataclass(frozen=True)
class Count:
    """How many secrets there are, and how many of them need something."""

    all: int = 0
    old: int = 0  # readable, and not written with the newest key
    unreadable: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.all + other.all, self.old + other.old, self.unreadable + other.unreadable)


def install(app: Flask, columns: Iterable[Sealed]) -> None:
    """Tell the application which there are."""
    app.extensions["parley_sealed"] = tuple(columns)


def columns() -> Sequence[Sealed]:
    """Every column of secrets."""
    found: Sequence[Sealed] = current_app.extensions.get("parley_sealed", ())
    return found


def count(sealed: Sealed) -> Count:
    """Look at every secret of a column."""
    found = Count()
    for batch in _batches(sealed):
        for _key, token in batch:
            found += _count(token)
    return found


def rotate_all(sealed: Sealed) -> Count:
    """Write every secret of a column anew with the newest key; gives what there was before.

    A secret that somebody replaces meanwhile is left as they wrote it, and one that no key opens as it is.
    """
    found = Count()
    for batch in _batches(sealed):
        counted = [(key, token, _count(token)) for key, token in batch]
        with transaction():
            for key, token, one in counted:
                if one.old:
                    row = update(sealed.column.class_).where(sealed.key == key, sealed.column == token)
                    anew = row.values({sealed.column: rotate(token)})
                    db.session.execute(anew.execution_options(synchronize_session=False))
        found = sum((one for _key, _token, one in counted), found)
    return found


def _count(token: str) -> Count:
    if is_newest(token):
        return Count(all=1)
    try:
        decrypt(token)
    except UnreadableSecret:
        return Count(all=1, unreadable=1)
    return Count(all=1, old=1)


def _batches(sealed: Sealed) -> Iterator[list[tuple[Any, str]]]:
    last = None
    while True:
        query = select(sealed.key, sealed.column).where(sealed.column != "").order_by(sealed.key)
        if last is not None:
            query = query.where(sealed.key > last)
        batch = [(row[0], row[1]) for row in db.session.execute(query.limit(BATCH))]
        db.session.rollback()
        if not batch:
            return
        yield batch
        last = batch[-1][0]
