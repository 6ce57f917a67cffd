"""The rows that a transaction of the engine is about: fresh, locked, and only those that are still ours."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import BindParameter, Table, bindparam, select

from campaigns.channels.models import Account
from campaigns.deliveries.engine.claiming import Claim
from campaigns.deliveries.engine.holding import standing_holds
from campaigns.deliveries.engine.moment import read_moment
from campaigns.deliveries.locking import lock_holds
from campaigns.deliveries.models import Delivery, DeliveryStep, Hold
from campaigns.deliveries.services.noting import note_many
from cms.core.database import db
from cms.core.seams import announce
from cms.posts.models import Post

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_DELIVERIES = (
    select(
        Delivery.id,
        Delivery.lease,
        Delivery.state,
        Delivery.worker,
        Delivery.attempts,
        Delivery.post_id,
        Delivery.account_id,
        Delivery.campaign_id,
        Delivery.due_at,
        Delivery.planned_at,
        Delivery.latest_minutes,
        Delivery.ignores_quiet,
        Account.state.label("account_state"),
        Account.limited_until,
        Account.quiet_from,
        Account.quiet_until,
        Account.zone,
        Post.id.label("has_post"),
        Post.live_revision_id,
    )
    .join(Account, Account.id == Delivery.account_id)
    .outerjoin(Post, Post.id == Delivery.post_id)
    .where(Delivery.id.in_(_IDS))
    .order_by(Delivery.id)  # everybody locks them in this order
    .with_for_update(of=Delivery)
)
_STEP = cast(Table, DeliveryStep.__table__)
_STEPS = select(_STEP).where(_STEP.c.delivery_id.in_(_IDS))
_NEW_STEP = _STEP.insert()
_STEP_CHANGES = _STEP.update().where(
    _STEP.c.delivery_id == bindparam("of_delivery"), _STEP.c.key == bindparam("of_key")
)
_DELIVERY = cast(Table, Delivery.__table__)
_CHANGES = _DELIVERY.update().where(
    _DELIVERY.c.id == bindparam("of_id"), _DELIVERY.c.lease == bindparam("of_lease")
)


@dataclass(frozen=True)
class Rows:
    """What was read at one moment, for some claims. `began` is that moment by `time.monotonic`, or a little earlier."""

    began: float
    at: datetime
    holds: Sequence[Hold]
    _deliveries: Mapping[int, Any]  # with what may stop them: account's and post's columns
    _steps: Mapping[tuple[int, str], Any]
    facts: list[object] = field(default_factory=list)  # announced when all is written
    _changes: list[dict[str, Any]] = field(default_factory=list)
    _new_steps: list[dict[str, Any]] = field(default_factory=list)
    _step_changes: list[dict[str, Any]] = field(default_factory=list)
    _lines: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)

    def mine(self, claim: Claim) -> Any:
        """What is in the row now, if it is still ours, else None; and what stands beside it: `account_state`,
        `limited_until`, `quiet_from`, `quiet_until`, `zone`, `has_post`, `live_revision_id`."""
        row = self._deliveries.get(claim.delivery_id)
        return row if row is not None and (row.lease, row.state) == (claim.lease, claim.state) else None

    def change(self, claim: Claim, **columns: Any) -> None:
        """Change the row, which is ours, by `write_out`."""
        self._changes.append({"of_id": claim.delivery_id, "of_lease": claim.lease, **columns})

    def step(self, claim: Claim, key: str) -> Any:
        """One of its steps as it was read, if it was begun before."""
        return self._steps.get((claim.delivery_id, key))

    def begin_step(self, **columns: Any) -> None:
        """Write down a step that was not begun before, by `write_out`."""
        self._new_steps.append(columns)

    def change_step(self, claim: Claim, key: str, **columns: Any) -> None:
        """Change one that was, by `write_out`."""
        self._step_changes.append({"of_delivery": claim.delivery_id, "of_key": key, **columns})

    def note(self, delivery_id: int, kind: str, **detail: Any) -> None:
        """Add a line to its story, by `write_out`."""
        self._lines.append((delivery_id, kind, detail))

    def write_out(self) -> None:
        """Write what was said here and not written yet: what is alike of all of them in one statement each."""
        db.session.flush()
        _execute_alike(_CHANGES, self._changes)
        _execute_alike(_STEP_CHANGES, self._step_changes)
        _execute_alike(_NEW_STEP, self._new_steps)
        note_many(self._lines, at=self.at)
        for fact in self.facts:
            announce(fact)


def read_rows(claims: Sequence[Claim], *, asks: bool) -> Rows:
    """Read and lock; under the shared lock of holds, and with these, when any of them `asks` whether it may go out.
    Inside a transaction."""
    if asks:
        lock_holds(alone=False)
    began = time.monotonic()  # before the clock of the database is read
    at = read_moment()
    ids = sorted(one.delivery_id for one in claims)
    rows = {row.id: row for row in db.session.execute(_DELIVERIES, {"ids": ids})}
    steps = {(row.delivery_id, row.key): row for row in db.session.execute(_STEPS, {"ids": ids})}
    return Rows(began, at, standing_holds() if asks else (), rows, steps)


def _execute_alike(statement: Any, values: Sequence[dict[str, Any]]) -> None:
    """Those that name the same columns at once."""
    alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for one in values:
        alike[tuple(one)].append(one)
    for each in alike.values():
        db.session.execute(statement, each)
