"""Lists that go on: where a page begins, and the address of the next one.

A list is ordered by an instant and a number, both descending, and a page begins after the last row of the one before:
what is added meanwhile moves nothing.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask import request, url_for

Row = TypeVar("Row")
Key = tuple[datetime, int]


def before() -> Key | None:
    """Where the asked page begins: `?before=1700000000123456-12`; None at the newest, and for anything else."""
    micros, _, number = request.args.get("before", "").partition("-")
    if not (micros.isdecimal() and number.isdecimal() and len(micros) < 18 and len(number) < 11):
        return None
    seconds, rest = divmod(int(micros), 1_000_000)
    try:
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest), int(number)
    except (OverflowError, OSError, ValueError):
        return None


def paged(rows: Sequence[Row], key: Callable[[Row], Key], *, length: int) -> tuple[Sequence[Row], str | None]:
    """One page of rows (one more was asked for), and the address of the next when there is one."""
    if len(rows) <= length:
        return rows, None
    shown = rows[:length]
    at, number = key(shown[-1])
    micros = int(at.timestamp()) * 1_000_000 + at.microsecond
    kept: dict[str, Any] = {name: values for name, values in request.args.lists() if name != "before"}
    address = {**(request.view_args or {}), **kept, "before": f"{micros}-{number}"}
    return shown, url_for(str(request.endpoint), **address)
