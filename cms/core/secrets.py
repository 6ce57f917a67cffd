"""Secrets at rest, and secrets that are only compared.

What we must read again (a second-step secret, a channel's credentials) is encrypted with the newest of
`PARLEY_KEYS` and readable with any of them. What we only recognise (a session, a link, an API token) is random
enough that its plain hash gives nothing away, so only the hash is stored.
"""

import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from cms.core.errors import Problem
from cms.core.pages import config


class UnreadableSecret(Problem):
    """None of the keys opens it."""

    message = "A stored secret cannot be read: PARLEY_KEYS lacks the key it was written with."


def encrypt(text: str) -> str:
    """The text as only holders of our keys can read it."""
    return _box().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """What `encrypt` was given."""
    try:
        return _box().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise UnreadableSecret from error


def rotate(token: str) -> str:
    """The same secret written with the newest key."""
    try:
        return _box().rotate(token.encode()).decode()
    except InvalidToken as error:
        raise UnreadableSecret from error


def is_newest(token: str) -> bool:
    """Whether it was written with the newest key."""
    try:
        Fernet(config().keys[0]).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def new_token(prefix: str = "") -> str:
    """256 random bits, fit for an address or a header."""
    return prefix + secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """What is stored of a random token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def keyed_hash(text: str) -> str:
    """A hash that nobody without our secret key can try guesses on: for addresses, networks and short codes."""
    key = config().secret_key.encode()
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in config().keys])
