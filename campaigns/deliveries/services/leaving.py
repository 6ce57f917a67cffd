"""What becomes of deliveries when their account is removed: nothing goes out any more, and nothing disappears."""

from flask_babel import gettext as _
from sqlalchemy import select, update

from campaigns.channels.events import AccountRemoved
from campaigns.deliveries.models import Delivery, Repeat
from campaigns.deliveries.services.noting import note
from cms.core.database import db

STOPPED = ("waiting", "scheduled", "held", "missed", "by_hand")


def follow_account_removed(fact: AccountRemoved) -> None:
    """What has not gone out is cancelled, with the reason; what its network was not done with is for a person to settle;
    repeats end; what was sent stays as it is. A delivery a worker has in hand ends as its network answers."""
    reason = _("The account “%(name)s” was removed.", name=fact.name)
    for delivery in _of(fact.account_id, STOPPED):
        delivery.state, delivery.code, delivery.reason = "cancelled", "account_removed", reason
        delivery.version += 1
        note(delivery.id, "cancelled", by=fact.by, at=fact.at, because="account_removed")
    for delivery in _of(fact.account_id, ("finishing",)):
        delivery.state, delivery.code, delivery.reason = "unsure", "account_removed", reason
        delivery.version += 1
        note(delivery.id, "unsure", by=fact.by, at=fact.at, because="account_removed")
    wished = update(Delivery).where(Delivery.account_id == fact.account_id, Delivery.wish != "")
    db.session.execute(wished.values(wish="", wish_at=None).execution_options(synchronize_session=False))
    standing = update(Repeat).where(Repeat.account_id == fact.account_id, Repeat.ended_at.is_(None))
    db.session.execute(standing.values(ended_at=fact.at).execution_options(synchronize_session=False))
    db.session.flush()


def _of(account_id: int, states: tuple[str, ...]) -> list[Delivery]:
    query = select(Delivery).where(Delivery.account_id == account_id, Delivery.state.in_(states))
    return list(db.session.scalars(query.order_by(Delivery.id).with_for_update()))
