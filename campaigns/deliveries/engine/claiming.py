"""Taking due rows, each for one worker only.

A claim is one conditional update. It gives the row a new `lease`, a number that grows with every claim and that every
later write of the worker must name, and `lease_until`, after which others may look after the row. One row per account
is taken at a time, so that an account with a thousand due rows does not hold up the others; accounts that are paused,
or that their network asked to wait, are not looked at, however many rows they have.

On SQLite, where all writers queue for one lock, rows are looked for before it is asked for: inside it there is only the
update, which takes those that nobody took meanwhile. On PostgreSQL they are locked as they are found.
"""

import os
import socket
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, text, true, update

from campaigns.channels.models import Account
from campaigns.deliveries.engine.moment import moment, read_moment
from campaigns.deliveries.engine.queueing import writing
from campaigns.deliveries.engine.waits import CLAIM
from campaigns.deliveries.models import Delivery
from cms.core.database import Instant, db

DUE = {
    "scheduled": Delivery.due_at,
    "finishing": Delivery.due_at,
    "unsure": Delivery.look_at,
    "sent": Delivery.wish_at,
}
MOST_LOOKED_AT = 200  # accounts in one claim
GOES_ON_AS = {"scheduled": "sending"}  # the others keep their state while a worker has them
_AT = bindparam("at", type_=Instant())


@dataclass(frozen=True)
class Claim:
    """A row that is ours until its lease ends. `state` is the one our writes expect it in."""

    delivery_id: int
    lease: int
    account_id: int
    channel: str
    state: str


def is_anything_due() -> bool:
    """Whether it is worth looking closer: one step into an index, asked twice a second by every worker."""
    found = db.session.scalar(
        select(Delivery.id)
        .where(text("state IN ('scheduled', 'finishing')"), Delivery.due_at <= moment())
        .limit(1)
    )
    db.session.rollback()
    return found is not None


def claim_due(
    state: str,
    places: int,
    *,
    but_accounts: Collection[int] = (),
    room_at: Callable[[str], int] | None = None,
) -> list[Claim]:
    """Take at most so many rows that are due in a state: `scheduled`, `finishing` or `unsure`; one of each account, and
    of each network (by its key) not more than there is room for."""
    return _claim(state, places, {"but": list(but_accounts)}, room_at)


def claim_wishes(places: int) -> list[Claim]:
    """Take sent rows that are to be edited or deleted at their network."""
    return _claim("sent", places, {}, None)


def worker_name() -> str:
    """This process, for people who read a delivery's story."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


def _claim(
    state: str, places: int, asked: dict[str, Any], room_at: Callable[[str], int] | None
) -> list[Claim]:
    if places <= 0:
        return []
    database = db.session.get_bind().dialect.name
    found = db.session.execute(_candidates(state, database, lock=False), {"at": read_moment(), **asked}).all()
    db.session.rollback()
    rows = _fitting(found, places, room_at)
    if not rows:  # the usual case: nobody waits for a write lock because we looked
        return []
    with writing():
        at = read_moment()
        if database != "sqlite":
            found = db.session.execute(_candidates(state, database, lock=True), {"at": at, **asked}).all()
            rows = _fitting(found, places, room_at)
        taken = db.session.execute(
            _taking(state),
            {"ids": list(rows), "at": at, "until": at + CLAIM, "name": worker_name()},
            execution_options={"synchronize_session": False},
        ).all()
    return [Claim(id, lease, rows[id][1], rows[id][2], GOES_ON_AS.get(state, state)) for id, lease in taken]


@cache
def _taking(state: str) -> Any:
    """The claim: of these rows, those that are still free and due."""
    return (
        update(Delivery)
        .where(
            Delivery.id.in_(bindparam("ids", expanding=True)),
            Delivery.state == state,
            Delivery.lease_until.is_(None),
            DUE[state] <= _AT,
        )
        .values(
            state=GOES_ON_AS.get(state, state),
            lease=Delivery.lease + 1,
            lease_until=bindparam("until", type_=Instant()),
            worker=bindparam("name"),
            crashes=Delivery.crashes + 1,  # taken back with the first word of how it ended
        )
        .returning(Delivery.id, Delivery.lease)
    )


@cache
def _candidates(state: str, database: str, *, lock: bool) -> Any:
    """Rows that may be claimed, with their account and its network. Asked with `at`, and `but` accounts."""
    return _wished(lock=lock) if state == "sent" else _one_of_each_account(state, database, lock=lock)


def _fitting(found: Sequence[Any], places: int, room_at: Callable[[str], int] | None) -> dict[int, Any]:
    """Those that there are places for, by number."""
    fitting: dict[int, Any] = {}
    of_channel: Counter[str] = Counter()
    for row in found:
        if len(fitting) < places and (room_at is None or of_channel[row[2]] < room_at(row[2])):
            fitting[row[0]] = row
            of_channel[row[2]] += 1
    return fitting


def _one_of_each_account(state: str, database: str, *, lock: bool) -> Select[Any]:
    """The first due row of each account that may work: one step into an index per account, whatever waits there."""
    accounts = (
        select(Account.id, Account.channel)
        .where(*_may_work(), Account.id.not_in(bindparam("but", expanding=True)))
        .order_by(func.random())  # when there are more accounts than places, each gets its turn
        .subquery()
    )
    first = (
        select(Delivery.id)
        .where(
            Delivery.account_id == accounts.c.id,
            Delivery.state == state,
            DUE[state] <= _AT,
            Delivery.lease_until.is_(None),
        )
        .order_by(DUE[state], Delivery.id)
        .limit(1)
    )
    if database == "postgresql":
        row = (first.with_for_update(skip_locked=True) if lock else first).lateral("first_due")
        return select(row.c.id, accounts.c.id, accounts.c.channel).join(row, true()).limit(MOST_LOOKED_AT)
    found = select(first.scalar_subquery().label("first_due"), accounts.c.id, accounts.c.channel).subquery()
    return select(found).where(found.c.first_due.is_not(None)).limit(MOST_LOOKED_AT)


def _wished(*, lock: bool) -> Any:
    query = (
        select(Delivery.id, Account.id, Account.channel)
        .join(Account, Account.id == Delivery.account_id)
        .where(Delivery.wish_at <= _AT, Delivery.lease_until.is_(None), *_may_work())
        .order_by(Delivery.wish_at)
        .limit(MOST_LOOKED_AT)
    )
    return query.with_for_update(skip_locked=True, of=Delivery) if lock else query


def _may_work() -> list[ColumnElement[bool]]:
    """Accounts that are not paused and not asked to wait. Removed ones too: what waits there is told about, not kept."""
    return [Account.state != "paused", or_(Account.limited_until.is_(None), Account.limited_until <= _AT)]
