"""E-mail addresses as we store and compare them."""

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _

from cms.core.errors import Invalid


class BadEmail(Invalid):
    """It is not an address that mail could be sent to."""

    def __init__(self) -> None:
        sentence = _("This is not an e-mail address. It looks like name@example.com.")
        super().__init__(sentence, errors={"email": sentence})


def mailbox(email: str) -> str:
    """A stored address without what its owner may vary: what follows a plus sign, and the dots of Gmail."""
    box, _at, domain = email.casefold().partition("@")
    box = box.partition("+")[0]
    if domain in ("gmail.com", "googlemail.com"):
        box, domain = box.replace(".", ""), "gmail.com"
    return f"{box}@{domain}"


def normal(text: str) -> str:
    """The address in its stored form, in lower case; raises `BadEmail`."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise BadEmail from error
    address = found.normalized.casefold()
    if len(address) > 254:
        raise BadEmail
    return address
