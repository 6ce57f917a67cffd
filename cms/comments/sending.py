"""The mark a form of ours carries: for what, when it was opened, and a number by which sending it twice is known.

It says nothing about a person, and stands beside the CSRF token, which says that the form was ours.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from itsdangerous import BadSignature, URLSafeSerializer

from cms.comments.holding import Signals
from cms.core.pages import config

LASTS = timedelta(days=1)


@dataclass(frozen=True)
class Sent:
    """What the mark of a form says: how it came, and its number."""

    signals: Signals
    once: str


def make_mark(subject: str, *, at: datetime) -> str:
    """For a form about a subject (`post:12`), opened now."""
    mark: str = _signer().dumps([subject, secrets.token_urlsafe(9), round(at.timestamp(), 1)])
    return mark


def read_mark(mark: str, subject: str, *, trap: str, at: datetime) -> Sent | None:
    """None for a mark that we did not write, that was for something else, or is older than a day: ask to send again."""
    try:
        meant, number, opened = _signer().loads(mark)
        age = at.timestamp() - float(opened)
    except (BadSignature, ValueError, TypeError):
        return None
    if meant != subject or not 0 <= age <= LASTS.total_seconds():
        return None
    once = blake2b(str(number).encode(), digest_size=16).hexdigest()
    return Sent(Signals(age=age, is_trap_filled=bool(trap.strip())), once)


def visitors_token(comment_id: int) -> str:
    """Lets who wrote without an account see what became of it, and take it away."""
    token: str = _signer("a visitor's comment").dumps(comment_id)
    return token


def visitors_comment(token: str) -> int | None:
    """Which comment a visitor's token is about."""
    try:
        number = _signer("a visitor's comment").loads(token)
    except BadSignature:
        return None
    return number if isinstance(number, int) else None


def _signer(salt: str = "a comment form") -> URLSafeSerializer:
    return URLSafeSerializer(config().secret_key, salt=salt)
