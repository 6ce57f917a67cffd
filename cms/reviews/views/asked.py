"""What these views share: who acts, keys of lists, and doing one thing to a review."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from cms.core.access import person
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.people.models import Person
from cms.reviews.queries.queue import Key

Answer = Response | str | tuple[str, int]


def me() -> Person:
    """Who is signed in; the rule has made sure that somebody is."""
    account = person()
    assert account is not None
    return account


def after() -> Key | None:
    """Where the page of a list begins: `?after=1700000000123456-12`."""
    micros, _, number = request.args.get("after", "").partition("-")
    if not (micros.isdecimal() and number.isdecimal() and len(micros) < 18 and len(number) < 10):
        return None
    seconds, rest = divmod(int(micros), 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest), int(number)


def written(at: datetime | None, number: int) -> str:
    """A key as it stands in an address."""
    assert at is not None
    return f"{int(at.timestamp()) * 1_000_000 + at.microsecond}-{number}"


def done(act: Callable[[Person], object], said: str, *, to: str) -> Response:
    """Do one thing in a transaction, and say it on the next page; what does not make sense is said there instead."""
    by = me()
    try:
        with transaction():
            act(by)
    except (Invalid, Conflict) as problem:
        flash(str(next(iter(problem.errors.values()), problem.message)), "bad")
    else:
        flash(said, "good")
    return redirect(to, 303)


def review_url(post_id: int, **more: Any) -> str:
    """The page of a review."""
    return url_for("reviews.show_review", post_id=post_id, **more)


def asked_number(name: str) -> int | None:
    """A number that came with a form, if it is one."""
    value = request.form.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else None
