"""What this room holds about somebody: the letters that they get; see `cms.people.held`."""

from sqlalchemy import select

from campaigns.channels.models import Account, AccountRecipient
from cms.people.held import Held
from cms.people.models import Person

HELD = [
    Held(
        "letters",
        lambda who: (
            select(
                Account.name, AccountRecipient.address, AccountRecipient.added_at, AccountRecipient.ended_at
            )
            .join(Account, Account.id == AccountRecipient.account_id)
            .join(Person, Person.email == AccountRecipient.address)
            .where(Person.id == who)
            .order_by(AccountRecipient.id)
        ),
    ),
]
