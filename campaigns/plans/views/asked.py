"""What these views share: who acts, and what the form offers."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from flask import current_app, flash, redirect
from werkzeug.wrappers import Response

from cms.core.access import person
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.people.models import Person

Answer = Response | str | tuple[str, int]


def me() -> Person:
    """Who is signed in; the rule has made sure that somebody is."""
    account = person()
    assert account is not None
    return account


@lru_cache(maxsize=1)
def zone_names() -> list[str]:
    """Every zone there is, to choose from; looked up once, because it reads a folder of files."""
    return sorted(available_timezones())


def networks() -> Mapping[str, str]:
    """The networks money can be spent on, by key; told by the room below that knows them."""
    told: Callable[[], Mapping[str, Any]] = current_app.extensions["parley_networks"]
    return {key: str(name) for key, name in told().items()}


def done(act: Callable[[Person], object], said: str, *, to: str) -> Response:
    """Do one thing in a transaction and say it on the next page; what does not make sense is said there instead."""
    by = me()
    try:
        with transaction():
            act(by)
    except (Invalid, Conflict, NotFound) as problem:
        flash(str(next(iter(problem.errors.values()), problem.message)), "bad")
    else:
        flash(said, "good")
    return redirect(to, 303)
