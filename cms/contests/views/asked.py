"""What these views share."""

from collections.abc import Callable

from flask import flash, redirect
from werkzeug.wrappers import Response

from cms.contests.models import Contest
from cms.contests.queries import find_contest
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


def public_contest(slug: str) -> Contest:
    """The contest that readers know under this address."""
    contest = find_contest(slug)
    if contest is None:
        raise NotFound
    return contest


def done(act: Callable[[], object], said: str, to: str) -> Response:
    """Do it in one transaction, say so, or say what stood in the way, and go on."""
    try:
        with transaction():
            act()
    except (Conflict, Invalid) as problem:
        flash(str(next(iter(problem.errors.values()), problem.message)), "bad")
    else:
        flash(said, "good")
    return redirect(to, 303)
