"""What these views share: who acts, keys of lists, and doing one thing to a post."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from cms.core.access import person
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import config
from cms.people.models import Person
from cms.posts.queries.desk import Key

Answer = Response | str | tuple[str, int]
Row = TypeVar("Row")
PAGE_LENGTH = 30


def me() -> Person:
    """Who is signed in; the rule has made sure that somebody is."""
    account = person()
    assert account is not None
    return account


def my_zone() -> str:
    """The zone that times are typed and read in: one's own, unless it was never set."""
    own = me().timezone
    return own if own and own != "UTC" else config().timezone


def before() -> Key | None:
    """Where the page of a list begins: `?before=1700000000123456-12`."""
    micros, _, number = request.args.get("before", "").partition("-")
    if not (micros.isdecimal() and number.isdecimal() and len(micros) < 18 and len(number) < 19):
        return None
    seconds, rest = divmod(int(micros), 1_000_000)
    try:
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest), int(number)
    except (OverflowError, OSError, ValueError):
        return None


def paged(
    rows: Sequence[Row], key: Callable[[Row], tuple[datetime | None, int]]
) -> tuple[Sequence[Row], str | None]:
    """One page of rows (one more was asked for), and the address of the next when there is one."""
    if len(rows) <= PAGE_LENGTH:
        return rows, None
    shown = rows[:PAGE_LENGTH]
    at, number = key(shown[-1])
    assert at is not None
    micros = int(at.timestamp()) * 1_000_000 + at.microsecond
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name != "before"}
    return shown, url_for(
        str(request.endpoint), **{**(request.view_args or {}), **kept}, before=f"{micros}-{number}"
    )


def done(post_id: int, act: Callable[[Person], object], said: str, *, to: str | None = None) -> Response:
    """Do one thing in a transaction, say it on the next page; what does not make sense is said there instead."""
    by = me()
    try:
        with transaction():
            act(by)
    except (Invalid, Conflict) as problem:
        flash(str(next(iter(problem.errors.values()), problem.message)), "bad")
        to = None
    else:
        flash(said, "good")
    return redirect(to or url_for("posts.edit_post", post_id=post_id), 303)
