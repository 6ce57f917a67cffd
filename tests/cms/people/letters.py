"""Reading the mail that tests caused."""

import re

from sqlalchemy import select

from cms.core.database import db
from cms.core.models import OutgoingMail


def letters_to(email: str) -> list[OutgoingMail]:
    """Messages to this address, oldest first."""
    return list(
        db.session.scalars(
            select(OutgoingMail).where(OutgoingMail.recipient == email).order_by(OutgoingMail.id)
        ).all()
    )


def link_in(letter: OutgoingMail) -> str:
    """The path of the link in a message, without host and language."""
    found = re.search(r"http://localhost/(?:en|zh)(/\S+)", letter.text)
    assert found is not None, letter.text
    return found[1]
