"""Cursors: where the next page of a list begins. Programs hand them back and never look inside."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from flask_babel import gettext as _

from cms.core.errors import Invalid

LONGEST = 400
Row = TypeVar("Row")


def write_cursor(kind: str, key: str | int) -> str:
    """The cursor after this key, for lists of this kind only."""
    return base64.urlsafe_b64encode(f"{kind}:{key}".encode()).decode().rstrip("=")


def cut(
    kind: str, found: Sequence[Row], limit: int, key: Callable[[Row], str | int]
) -> tuple[Sequence[Row], str | None]:
    """A page of what was found, and the cursor of the next; `found` has one row more than a page when there is one."""
    rows = found[:limit]
    return rows, write_cursor(kind, key(rows[-1])) if len(found) > limit else None


def read_cursor(kind: str, cursor: str | None) -> str | None:
    """The key a cursor stands for; None at the beginning. Raises `Invalid` for anything we did not write."""
    if cursor is None:
        return None
    try:
        plain = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise _refusal() from error
    found, _colon, key = plain.partition(":")
    if found != kind or not key or write_cursor(kind, key) != cursor:
        raise _refusal()
    return key


def read_number(kind: str, cursor: str | None) -> int | None:
    """The number a cursor stands for."""
    key = read_cursor(kind, cursor)
    if key is None:
        return None
    if not (key.isascii() and key.isdecimal() and len(key) <= 10 and int(key) < 2**31):
        raise _refusal()
    return int(key)


def _refusal() -> Invalid:
    sentence = _("This is not a cursor of this list. Take it from the “next” of the page before, as it is.")
    return Invalid(errors={"cursor": sentence})
