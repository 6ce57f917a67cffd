"""What waits to go to accounts, for the pages about them."""

from collections.abc import Collection

from sqlalchemy import func, select

from campaigns.channels.waiting import Waiting
from campaigns.deliveries.models import Delivery
from cms.core.database import db

TO_COME = ("waiting", "scheduled", "held", "by_hand")
ON_THEIR_WAY = ("sending", "finishing", "unsure")


def waiting_by_account(account_ids: Collection[int]) -> dict[int, Waiting]:
    """How much has not gone out yet, and when the first and the last of it are planned; in one query."""
    query = (
        select(
            Delivery.account_id, func.count(), func.min(Delivery.planned_at), func.max(Delivery.planned_at)
        )
        .where(Delivery.account_id.in_(account_ids), Delivery.state.in_(TO_COME))
        .group_by(Delivery.account_id)
    )
    return {
        account_id: Waiting(number, first, last)
        for account_id, number, first, last in db.session.execute(query)
    }


def leaving(account_id: int) -> tuple[int, int]:
    """How many would be cancelled if an account were removed, and how many would be for a person to settle."""
    query = (
        select(Delivery.state, func.count())
        .where(Delivery.account_id == account_id, Delivery.state.in_((*TO_COME, "missed", *ON_THEIR_WAY)))
        .group_by(Delivery.state)
    )
    counts = {row[0]: row[1] for row in db.session.execute(query)}
    on_their_way = sum(counts.get(one, 0) for one in ON_THEIR_WAY)
    return sum(counts.values()) - on_their_way, on_their_way
