"""Limits on how often something may be tried, counted in the database so that every process counts together.

    with transaction():
        throttle(f"sign-in {email}", limit=10, per=minutes(5))

Keys are stored hashed with our secret: the table holds neither addresses nor e-mails.
"""

import ipaddress
from datetime import timedelta

from flask import request
from flask_babel import lazy_gettext as _
from sqlalchemy import delete, func, select, text

from cms.core import clock
from cms.core.database import db
from cms.core.errors import Problem
from cms.core.models import Attempt
from cms.core.secrets import keyed_hash

LONGEST = timedelta(days=1)  # no limit looks back further; older rows are removed


class TooOften(Problem):
    """The limit is reached; `retry_after` says in how many seconds there is room again."""

    status = 429
    message = _("That was too often. Please wait a little and try again.")

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after


def throttle(key: str, limit: int, per: timedelta) -> None:
    """Count one try of `key`, inside a transaction; raises `TooOften` when `limit` were made within `per`.

    A refused try is not counted, so waiting always helps.
    """
    assert per <= LONGEST
    hashed, now = keyed_hash(key), clock.now()
    if db.session.get_bind().dialect.name == "postgresql":  # SQLite has one writer; here tries must queue too
        db.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": hashed})
    window = select(func.count(), func.min(Attempt.at)).where(Attempt.key == hashed, Attempt.at > now - per)
    count, oldest = db.session.execute(window).one()
    if count >= limit:
        raise TooOften(max(1, int((oldest + per - now).total_seconds())))
    db.session.add(Attempt(key=hashed, at=now))
    db.session.flush()


def forgive(key: str) -> None:
    """Forget the tries of `key`, inside a transaction: the right password was given."""
    db.session.execute(delete(Attempt).where(Attempt.key == keyed_hash(key)))


def give_back(key: str) -> None:
    """Take back the last try of `key`, inside a transaction: it turned out to be none that the limit is meant for."""
    last = select(func.max(Attempt.id)).where(Attempt.key == keyed_hash(key)).scalar_subquery()
    db.session.execute(delete(Attempt).where(Attempt.id == last))


def network() -> str:
    """The visitor's network, IPv4 /24 or IPv6 /64; the address is only what our own proxies say it is."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 64), strict=False))


def remove_old_attempts() -> int:
    """Drop rows that no limit looks at any more, inside a transaction; gives their number."""
    gone = db.session.execute(delete(Attempt).where(Attempt.at < clock.now() - LONGEST))
    return int(gone.rowcount)  # type: ignore[attr-defined]
