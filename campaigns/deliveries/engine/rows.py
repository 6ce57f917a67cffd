"""The rows that a transaction of the engine is about: fresh, locked, and only those that are still ours."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import BindParameter, Table, bindparam, select
from sqlalchemy.orm import defer

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
        Delivery,
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
    .options(defer(Delivery.payload))
    .with_for_update(of=Delivery)
    .execution_options(populate_existing=True)
)
_STEPS = (
    select(DeliveryStep).where(DeliveryStep.delivery_id.in_(_IDS)).execution_options(populate_existing=True)
)
_NEW_STEP = cast(Table, DeliveryStep.__table__).insert()


@dataclass(frozen=True)
class Rows:
    """What was read at one moment, for some claims. `began` is that moment by `time.monotonic`, or a little earlier."""

    began: float
    at: datetime
    holds: Sequence[Hold]
    _deliveries: Mapping[int, Any]  # with what may stop them: account's and post's columns
    _steps: Mapping[tuple[int, str], DeliveryStep]
    facts: list[object] = field(default_factory=list)  # announced when all is written
    _new_steps: list[dict[str, Any]] = field(default_factory=list)
    _lines: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)

    def mine(self, claim: Claim) -> Delivery | None:
        """The row, if it is still ours."""
        row = self._deliveries.get(claim.delivery_id)
        if row is None:
            return None
        delivery: Delivery = row.Delivery
        return delivery if (delivery.lease, delivery.state) == (claim.lease, claim.state) else None

    def around(self, claim: Claim) -> Any:
        """What stands beside it: `account_state`, `limited_until`, `quiet_from`, `quiet_until`, `zone`, `has_post`,
        `live_revision_id`."""
        return self._deliveries[claim.delivery_id]

    def step(self, claim: Claim, key: str) -> DeliveryStep | None:
        """One of its steps, if it was begun before."""
        return self._steps.get((claim.delivery_id, key))

    def begin_step(self, **columns: Any) -> None:
        """Write down a step that was not begun before, by `write_out`."""
        self._new_steps.append(columns)

    def note(self, delivery_id: int, kind: str, **detail: Any) -> None:
        """Add a line to its story, by `write_out`."""
        self._lines.append((delivery_id, kind, detail))

    def write_out(self) -> None:
        """Write what was changed here and not written yet: what is new of all of them in one statement each."""
        db.session.flush()
        if self._new_steps:
            db.session.execute(_NEW_STEP, self._new_steps)
        note_many(self._lines, at=self.at)
        for fact in self.facts:
            announce(fact)


def read_rows(claims: Sequence[Claim]) -> Rows:
    """Read and lock, under the shared lock of holds. Inside a transaction."""
    lock_holds(alone=False)
    began = time.monotonic()  # before the clock of the database is read
    at = read_moment()
    ids = sorted(one.delivery_id for one in claims)
    rows = {row.Delivery.id: row for row in db.session.execute(_DELIVERIES, {"ids": ids})}
    steps = db.session.scalars(_STEPS, {"ids": ids})
    return Rows(began, at, standing_holds(), rows, {(one.delivery_id, one.key): one for one in steps})
