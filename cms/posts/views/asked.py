"""What these views share: who acts, in which zone, and doing one thing to a post."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from cms.core.access import person
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.people import queries as people
from cms.people.models import Person

Answer = Response | str | dict[str, Any] | tuple[str | dict[str, Any], int]
PAGE_LENGTH = 30


def me() -> Person:
    """Who is signed in; the rule has made sure that somebody is."""
    account = person()
    assert account is not None
    return account


def my_zone() -> str:
    """The zone that times are typed and read in."""
    return people.zone_of(me())


def wants_json() -> bool:
    """Whether a script asks, rather than a form."""
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"


@lru_cache(maxsize=1)
def zone_names() -> list[str]:
    """Every zone there is, to choose from; looked up once, because it reads a folder of files."""
    return sorted(available_timezones())


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
