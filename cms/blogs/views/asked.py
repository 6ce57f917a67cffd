"""What these views share: who acts, and doing one thing."""

from collections.abc import Callable

from flask import flash, redirect
from werkzeug.wrappers import Response

from cms.core.access import person
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.people.models import Person

Answer = Response | str | tuple[str, int]


def me() -> Person:
    """Who is signed in; the rule has made sure that somebody is."""
    by = person()
    assert by is not None
    return by


def done(act: Callable[[Person], object], said: str, *, to: str) -> Response:
    """Do one thing in a transaction and say it on the next page; what does not make sense is said there instead."""
    by = me()
    try:
        with transaction():
            act(by)
    except (Invalid, Conflict) as problem:
        flash(str(next(iter(problem.errors.values()), problem.message)), "bad")
    else:
        flash(said, "good")
    return redirect(to, 303)
