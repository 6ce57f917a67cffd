"""Who is the same person, for as long as a window lasts, without keeping anything about them.

A visitor is a keyed hash of network address and user agent under a random salt. The salt is made for one window (a
month, or a day) and destroyed when it ends: from then on nobody, and no backup made later, can tell whether two
visitors of different windows are one person, or try which address a number belongs to. Windows are in UTC.
"""

import ipaddress
import logging
import secrets
import socket
import threading
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import SQLAlchemyError

from campaigns.engagement.models import VisitorSalt
from cms.core import clock
from cms.core.database import db

AHEAD = timedelta(
    hours=1
)  # how long before a window begins its salt is made, so that every process has it in time
REFRESH_SECONDS = 60.0
log = logging.getLogger(__name__)


def window_at(at: datetime, length: str) -> int:
    """The window that an instant lies in: `202611` for a month, `20261128` for a day."""
    month = at.year * 100 + at.month
    return month * 100 + at.day if length == "day" else month


def windows_needed(at: datetime, length: str) -> Iterator[int]:
    """The present window, and the next one when it is near."""
    yield from dict.fromkeys((window_at(at, length), window_at(at + AHEAD, length)))


def keep_salts(*, at: datetime, length: str) -> dict[str, int]:
    """Make the salts that are needed, destroy those that are not; inside a transaction. Says what it did."""
    needed = set(windows_needed(at, length))
    have = set(db.session.scalars(select(VisitorSalt.window)))
    db.session.add_all(VisitorSalt(window=one, salt=secrets.token_bytes(32)) for one in sorted(needed - have))
    if have - needed:
        db.session.execute(delete(VisitorSalt).where(VisitorSalt.window.in_(have - needed)))
    done = {"made": len(needed - have), "destroyed": len(have - needed)}
    return {name: count for name, count in done.items() if count}


class Salts:
    """The salts that this process knows. Asking for a visitor never asks the database."""

    def __init__(self, length: str) -> None:
        self.length = length
        self.known: Mapping[int, bytes] = {}  # by window; another object whenever they were read anew

    def at(self, at: datetime) -> bytes | None:
        """The salt of that moment, where it is known."""
        return self.known.get(window_at(at, self.length))

    def visitor(self, address: str, agent: str, *, at: datetime) -> int:
        """A number for this person in this window; 0 while the salt is not known, or without an address."""
        return visitor_of(self.at(at), address, agent)

    def network(self, address: str, *, at: datetime) -> str:
        """Eight letters for the /24 (of IPv6 the /48) that an address lies in; empty when nothing is known."""
        salt, network = self.at(at), _network(address)
        if salt is None or not network:
            return ""
        return blake2b(_around(network), key=salt, digest_size=4).hexdigest()

    def refresh(self, engine: Engine) -> None:
        """Read the salts anew, and forget those that are gone. Keeps what it has while the database is away."""
        try:
            with engine.connect() as connection:
                rows = connection.execute(select(VisitorSalt.window, VisitorSalt.salt)).all()
        except SQLAlchemyError:
            log.warning("the salts of visitors cannot be read; people are counted with those that are known")
            oldest = window_at(clock.now(), self.length)
            self.known = {window: salt for window, salt in self.known.items() if window >= oldest}
            return
        self.known = {window: bytes(salt) for window, salt in rows}

    def keep_fresh(self, engine: Engine, *, every: float = REFRESH_SECONDS) -> None:
        """Look again now and then, in a thread of its own, for as long as the process lives."""
        self.refresh(engine)

        def go_on() -> None:
            while not threading.Event().wait(every if self.known else 1.0):
                self.refresh(engine)

        threading.Thread(target=go_on, name="salts", daemon=True).start()


def visitor_of(salt: bytes | None, address: str, agent: str) -> int:
    """A number for who asks from there with this agent, under that salt; 0 without a salt or an address."""
    network = _network(address)
    if salt is None or not network:
        return 0
    said = f"{network}\n{agent[:400]}".encode(errors="replace")
    return (int.from_bytes(blake2b(said, key=salt, digest_size=8).digest()) >> 1) or 1


def _network(address: str) -> str:
    """An IPv4 address as it is; of IPv6 the first 64 bits, as the rest changes by itself."""
    if ":" not in address:  # most are, and this is a tenth of the price of reading them below
        try:
            socket.inet_pton(socket.AF_INET, address)
        except (OSError, ValueError):
            return ""
        return address
    return _network_of_ipv6(address)


@lru_cache(maxsize=8192)
def _network_of_ipv6(address: str) -> str:
    try:
        read = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return ""
    if read.ipv4_mapped is not None:
        return str(read.ipv4_mapped)
    return str(ipaddress.ip_network((read, 64), strict=False).network_address)


@lru_cache(maxsize=8192)
def _around(network: str) -> bytes:
    return str(ipaddress.ip_network((network, 48 if ":" in network else 24), strict=False)).encode()
