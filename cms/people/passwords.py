"""Passwords: argon2id, bounded in how many are worked on at once, with the same work for known and unknown.

Call these with no transaction open: one hash takes about a tenth of a second.
"""

import os
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from cms.core.errors import Invalid, Problem

SHORTEST, LONGEST = 8, 256
# The OWASP minimum: 19 MiB, two passes, one lane. Raising these makes old hashes be renewed at the next sign-in.
_hasher = PasswordHasher(
    time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16, type=Type.ID
)
_slots = threading.BoundedSemaphore(max(1, os.cpu_count() or 1))
PATIENCE = 10  # seconds to wait for a slot
work_done = [0]  # hashes made or compared by this process; tests and figures read it


class Busy(Problem):
    """Too many sign-ins at once."""

    status = 503
    message = lazy_gettext("The site is busy or being looked after. Please try again in a moment.")


class WeakPassword(Invalid):
    """The password cannot be taken; the message says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, errors={"password": sentence})


def check(password: str, *, about: tuple[str, ...] = ()) -> None:
    """Refuse a password that is too short, too long, widely known, or just one of the words in `about`."""
    normal = unicodedata.normalize("NFC", password)
    if not SHORTEST <= len(normal) <= LONGEST:
        raise WeakPassword(_("A password has 8 to 256 characters."))
    folded = normal.casefold()
    known = folded in common() or folded.rstrip("0123456789!?.@#$") in common()
    own = {word.casefold() for one in about for word in (one, *one.split("@"), "".join(one.split()))}
    if known or folded in own or len(set(folded)) < 3:
        raise WeakPassword(
            _("This password is among the first that anybody would try. Please choose another.")
        )


def make_hash(password: str) -> str:
    """What is stored of a password."""
    with _slot():
        return _hasher.hash(_bytes(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether this is the password. Without a stored hash the same work is done for nothing."""
    decoy = _decoy()
    with _slot():
        try:
            _hasher.verify(stored or decoy, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None and len(password) <= LONGEST


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


@lru_cache(maxsize=1)
def common() -> frozenset[str]:
    """Passwords that everybody tries first, in lower case."""
    text = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.split() if line)


def _bytes(password: str) -> bytes:
    return unicodedata.normalize("NFC", password[: LONGEST + 1]).encode("utf-8", "surrogatepass")


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _hasher.hash(os.urandom(16))


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(timeout=PATIENCE):
        raise Busy
    try:
        work_done[0] += 1
        yield
    finally:
        _slots.release()
