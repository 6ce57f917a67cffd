"""Who an account writes letters to, and the address in each letter that ends them (RFC 8058).

The address is signed and says nothing but a number: whoever has the letter may end it, without signing in.
"""

from collections.abc import Sequence

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from campaigns.channels.models import AccountRecipient
from cms.core.config import LOCALES
from cms.core.database import db
from cms.core.pages import absolute, config

DECOY = (
    "/e/more"  # a link that people cannot see, in letters and on public pages: who follows it is a machine
)
PICTURE, ENDING = "/e/letter/", ".gif"  # around the code of a letter's link: says that somebody opened it


def everybody(account_id: int, language: str = "") -> Sequence[tuple[int, str, str]]:
    """Those who get letters: number, address, and the address that ends them."""
    query = select(AccountRecipient.id, AccountRecipient.address).where(
        AccountRecipient.account_id == account_id, AccountRecipient.ended_at.is_(None)
    )
    found = db.session.execute(query.order_by(AccountRecipient.id)).all()
    return [(number, address, stop_address(number, language)) for number, address in found]


def stop_address(recipient_id: int, language: str = "") -> str:
    """Where one recipient ends their letters."""
    locale = language if language in LOCALES else config().locale
    return absolute(f"/{locale}/u/{_signer().dumps(recipient_id)}")


def read_token(token: str) -> int | None:
    """Whose letters an address ends; None when we did not write it."""
    try:
        number = _signer().loads(token)
    except BadSignature:
        return None
    return number if isinstance(number, int) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(config().secret_key, salt="letters of an account")
