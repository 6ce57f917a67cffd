"""What must be true after anything that these tests do."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select

from campaigns.channels.messages import Message
from campaigns.channels.models import Account
from campaigns.deliveries.models import Delivery
from cms.core.database import db
from tests.delivery.board import Board
from tests.delivery.making import let_pass
from tests.delivery.processes import Workers

AT_REST = ("sent", "refused", "unsure", "missed", "held", "by_hand", "cancelled")


def settle_down(workers: Workers, rounds: int = 40) -> None:
    """Let time pass and healthy workers work, until nothing is left that a worker would do."""
    for _ in range(rounds):
        assert workers.run() == 0
        db.session.rollback()
        waiting = select(Delivery.id).where(
            Delivery.state.not_in(AT_REST) | Delivery.look_at.is_not(None) | Delivery.lease_until.is_not(None)
        )
        if db.session.scalar(waiting.limit(1)) is None:
            return
        let_pass(400)
    raise AssertionError("it does not settle")


def ends() -> Counter[str]:
    """How many deliveries are in each state."""
    db.session.rollback()
    return Counter(db.session.scalars(select(Delivery.state)))


def check(networks: Iterable[Board]) -> None:
    """At most one acceptance of each part; all parts of what is sent; a person told of what is not; nothing between."""
    accepted = Counter(one.key for network in networks for one in network.ledger)
    assert [key for key, times in accepted.items() if times > 1] == []
    db.session.rollback()
    rows = db.session.execute(select(Delivery, Account.channel).join(Account)).all()
    for delivery, channel in rows:
        known = (delivery.id, channel, delivery.state, delivery.code)
        assert delivery.state in AT_REST, known
        assert delivery.lease_until is None, known
        assert delivery.payload is not None
        parts = len(Message.from_json(delivery.payload).parts)
        there = [accepted[f"{delivery.key}:part:{number}"] for number in range(1, parts + 1)]
        if delivery.state == "sent":
            assert there == [1] * parts, known
        elif delivery.state == "unsure":
            assert (delivery.look_at, delivery.told_at is not None) == (None, True), known
        elif delivery.state == "refused":
            assert delivery.told_at is not None, known
        elif delivery.state in ("cancelled", "held", "missed"):
            assert there == [0] * parts, known
