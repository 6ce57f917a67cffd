"""What becomes of letters to somebody who is erased: there are no more."""

from sqlalchemy import delete

from campaigns.channels.models import AccountRecipient
from cms.core.database import db
from cms.people.events import PersonErased


def hear_erased(fact: PersonErased) -> None:
    """Somebody is erased: handler. Addresses that have no account are taken out by whoever looks after the list."""
    if fact.email is not None:
        db.session.execute(delete(AccountRecipient).where(AccountRecipient.address == fact.email))
