"""Whether this database is the one that was sent from: not restored from an older copy, and not copied elsewhere.

Such a database has rows due that were sent since, and nothing in it says so. So a mark stands in two places, in the
database and in the data folder beside it. Every transaction that writes intents moves the one in the database on, and
before a call is made the folder knows that number. When the database's is not ahead of the folder's, or there is none
for this folder, everything is put on hold as a person would hold it; what is due waits for a person, row by row.
"""

import fcntl
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import select, update

from campaigns.deliveries.engine.moment import read_moment
from campaigns.deliveries.engine.queueing import writing
from campaigns.deliveries.locking import lock_holds
from campaigns.deliveries.models import Hold, SendingMark
from campaigns.deliveries.services.telling import runners
from cms.core.database import db
from cms.core.pages import config
from cms.notices import services as notices
from cms.people import audit
from cms.transfer.events import DatabaseRestored

FILE = "sent-from.json"  # in the data folder


@dataclass(frozen=True)
class Mark:
    """Of one data folder: its name, and how many times intents were written from it, as far as is known here."""

    folder: str
    number: int


def known_mark() -> Mark:
    """The folder's. One that has none is introduced to the database, in a transaction of its own."""
    return _read() or _introduce()


class WentBack(Exception):
    """The database's mark is not where it must be. Nothing may be committed; `hold_everything`, and ask again."""


def move_on(known: Mark) -> Mark:
    """Inside the transaction of intents, as its last statement, because all workers of this folder wait for each other
    here: one further. Give what this gave to `remember` once it is committed, before any call. Raises `WentBack`."""
    number = db.session.scalar(
        update(SendingMark)
        .where(SendingMark.folder == known.folder)
        .values(number=SendingMark.number + 1)
        .returning(SendingMark.number)
        .execution_options(synchronize_session=False)
    )
    if number is None or number <= known.number:
        raise WentBack
    return Mark(known.folder, number)


def hold_everything(known: Mark) -> Mark:
    """Inside a transaction, after `WentBack`: everything waits for a person. Give what this gave to `remember`."""
    lock_holds(alone=True)
    mark = _agree(known)
    _hold_everything(
        _("This database went back to an earlier day: it was restored, or copied."), at=read_moment()
    )
    return mark


def remember(mark: Mark) -> None:
    """Write it to the folder, to last."""
    path = _path()
    fresh = path.with_name(f"{path.name}.{os.getpid()}-{uuid.uuid4().hex[:8]}")
    with fresh.open("w") as file:
        json.dump(asdict(mark), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def follow_restored(fact: DatabaseRestored) -> None:
    """The rows of this database were just put there. Nothing goes out until a person lifts the hold, once."""
    known = _read()
    lock_holds(alone=True)
    mark = _agree(known or _new())
    if known is None:
        remember(mark)
    _hold_everything(_("This database was restored."), at=fact.at)


def release(*, at: datetime) -> int:
    """Inside a transaction: this machine may send from this database, as whoever runs this command says. Gives how many
    holds of ours ended. What was due meanwhile stays held: each is decided on by itself."""
    known = _read()
    lock_holds(alone=True)
    mark = _agree(known or _new())
    if known is None:
        remember(mark)
    ended = db.session.scalars(
        update(Hold)
        .where(Hold.scope == "everything", Hold.held_by_id.is_(None), Hold.lifted_at.is_(None))
        .values(lifted_at=at)
        .returning(Hold.id)
        .execution_options(synchronize_session=False)
    ).all()
    for id in ended:
        audit.record("delivery.hold_lifted", "site:deliveries", by=None, at=at, detail={"hold": id})
    return len(ended)


def _hold_everything(reason: str, *, at: datetime) -> None:
    """Inside a transaction: nothing goes out until a person lifts it, unless that is so already."""
    lock_holds(alone=True)
    standing = select(Hold.id).where(Hold.scope == "everything", Hold.lifted_at.is_(None))
    if db.session.scalar(standing.limit(1)) is not None:
        return
    row = Hold(scope="everything", reason=reason, held_at=at)
    db.session.add(row)
    db.session.flush()
    audit.record("delivery.hold", "site:deliveries", by=None, at=at, detail={"hold": row.id})
    notices.notify("delivery.guarded", to=runners(), subject=f"hold:{row.id}", by=None, at=at)


def _introduce() -> Mark:
    """A database that nobody sent from takes any folder. One that others sent from is a copy, or this machine is new:
    only a person knows."""
    with _alone():
        found = _read()
        if found is not None:
            return found
        with writing():
            is_new = db.session.scalar(select(SendingMark.folder).limit(1)) is None
            found = _agree(_new())
            if not is_new:
                reason = _(
                    "This machine never sent from this database: it was copied, or the machine is new."
                )
                _hold_everything(reason, at=read_moment())
        remember(found)
        return found


def _agree(known: Mark) -> Mark:
    """From now on the database and this folder belong together."""
    row = db.session.get(SendingMark, known.folder, populate_existing=True)
    if row is None:
        row = SendingMark(folder=known.folder, number=0)
        db.session.add(row)
    row.number = max(row.number, known.number) + 1
    db.session.flush()
    return Mark(known.folder, row.number)


def _new() -> Mark:
    return Mark(str(uuid.uuid4()), 0)


@contextmanager
def _alone() -> Iterator[None]:
    """One process of this folder at a time."""
    with _path().with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _read() -> Mark | None:
    try:
        return Mark(**json.loads(_path().read_text()))
    except FileNotFoundError:
        return None


def _path() -> Path:
    return config().data / FILE
