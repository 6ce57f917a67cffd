"""What a send needs, read before its first call: the adapter, the message, the steps, and which of them are made.

Nothing here writes, and no transaction stays open: composing a message may convert pictures.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import BindParameter, bindparam, select

from campaigns.channels.adapter import Adapter, Data, Field, Paused, Refused, Seat, Step
from campaigns.channels.catalogue import find_adapter
from campaigns.channels.messages import Message
from campaigns.channels.models import Account
from campaigns.channels.seats import seat_of
from campaigns.deliveries.composing import compose
from campaigns.deliveries.engine.claiming import Claim
from campaigns.deliveries.models import Delivery, DeliveryStep
from cms.core.database import db
from cms.core.errors import Problem
from cms.core.secrets import UnreadableSecret

log = logging.getLogger(__name__)
COMPOSING = 4  # at the same time: it converts pictures, and holds a connection
_composing = threading.BoundedSemaphore(COMPOSING)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_SAID = select(Delivery.id, Delivery.payload, Delivery.revision_id).where(Delivery.id.in_(_IDS))
_STEPS = select(DeliveryStep.delivery_id, DeliveryStep.key, DeliveryStep.state, DeliveryStep.result).where(
    DeliveryStep.delivery_id.in_(_IDS)
)
_ACCOUNTS = select(Account).where(Account.id.in_(_IDS), Account.state != "removed")


@dataclass(frozen=True)
class Work:
    """A send in hand. `is_new` says that its message is not on disk yet."""

    claim: Claim
    adapter: Adapter
    seat: Seat
    message: Message
    revision_id: int | None
    is_new: bool
    steps: Sequence[Step]
    made: set[str]  # keys of the steps that are made
    before: dict[str, Data]  # their results, and what networks said of those they are not done with

    @property
    def next_step(self) -> Step | None:
        """The first that is not made."""
        return next((one for one in self.steps if one.key not in self.made), None)

    def is_asking(self, step: Step) -> bool:
        """Whether the network took it already, and calling it again only asks how it stands."""
        return step.key in self.before and step.key not in self.made and not step.in_shares

    def is_last(self, step: Step) -> bool:
        """Whether nothing is left when this one is made."""
        return self.made | {step.key} >= {one.key for one in self.steps}

    def seat_until(self, deadline: float, so_far: Callable[[Data], None] = lambda data: None) -> Seat:
        """The seat for one call: nothing leaves it after the deadline (of `time.monotonic`), not even when this process
        was frozen in between. Whoever looks after the row waits for longer than that."""
        return replace(self.seat, http=self.seat.http.until(deadline), so_far=so_far)


@dataclass(frozen=True)
class OnHand:
    """What is on disk of a claimed delivery. The account is detached, and None when it was removed."""

    claim: Claim
    payload: str | None
    revision_id: int | None
    account: Account | None
    steps: Sequence[tuple[str, str, Data | None]]  # key, state, result


def read_on_hand(claims: Sequence[Claim]) -> list[OnHand]:
    """Read what these need, all at once. No transaction stays open."""
    ids = [one.delivery_id for one in claims]
    said = {row.id: row for row in db.session.execute(_SAID, {"ids": ids})}
    steps: defaultdict[int, list[tuple[str, str, Data | None]]] = defaultdict(list)
    for row in db.session.execute(_STEPS, {"ids": ids}):
        steps[row.delivery_id].append((row.key, row.state, row.result))
    accounts = _read_accounts({one.account_id for one in claims})
    return [
        OnHand(
            one,
            said[one.delivery_id].payload,
            said[one.delivery_id].revision_id,
            accounts.get(one.account_id),
            steps[one.delivery_id],
        )
        for one in claims
    ]


def prepare(known: OnHand) -> Work | Refused | Paused:
    """Everything a claimed delivery needs; or why it cannot go out, which no network was asked for."""
    claim = known.claim
    adapter = find_adapter(claim.channel)
    if adapter is None:
        return Refused(_("There is no such network any more: %(key)s", key=claim.channel), code="no_network")
    if known.account is None:
        return Refused(_("This account was removed."), code="account_removed")
    try:
        seat = seat_of(known.account)
    except UnreadableSecret:
        return Paused(_("The credentials of this account cannot be read."), code="secrets")
    finally:
        db.session.rollback()
    missing = missing_field(adapter, seat)
    if missing is not None:
        reason = _("A setting of this account is missing: %(name)s", name=missing.label)
        return Paused(reason, code="setting_missing")
    try:
        message, revision_id = _message(known)
        steps = adapter.steps(message, seat.settings)
    except Problem as problem:
        return Refused(str(problem.message), code=problem_code(problem))
    except Exception:  # a row that nobody can read: it is parked, and the others go on
        log.exception("delivery %d cannot be composed", claim.delivery_id)
        return Refused(_("This delivery cannot be read, or not be composed."), code="unreadable")
    finally:
        db.session.rollback()
    made, before = _results(known)
    return Work(claim, adapter, seat, message, revision_id, known.payload is None, steps, made, before)


def missing_field(adapter: Adapter, seat: Seat) -> Field | None:
    """The first required setting that the account lacks, as when its network asks for more than it did."""
    given = {**seat.settings, **seat.secrets}
    return next((one for one in adapter.fields if one.is_required and not given.get(one.name)), None)


def problem_code(problem: Problem) -> str:
    """Of a problem, for programs: `post_gone`."""
    name = type(problem).__name__
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in name).strip("_")[:64]


def _read_accounts(ids: Collection[int]) -> dict[int, Account]:
    found = db.session.scalars(_ACCOUNTS, {"ids": list(ids)}).all()
    for account in found:
        db.session.expunge(account)  # it is read by another thread
    db.session.rollback()
    return {one.id: one for one in found}


def _message(known: OnHand) -> tuple[Message, int | None]:
    if known.payload is not None:
        return Message.from_json(known.payload), known.revision_id
    with _composing:
        made = compose(known.claim.delivery_id)
        db.session.rollback()
    return made.message, made.revision_id


def _results(known: OnHand) -> tuple[set[str], dict[str, Data]]:
    """Which steps are made; and the results of these, and of those that the network is not done with."""
    made = {key for key, state, _result in known.steps if state == "done"}
    return made, {
        key: result or {} for key, _state, result in known.steps if key in made or result is not None
    }
