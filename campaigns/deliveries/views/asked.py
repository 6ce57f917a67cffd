"""What these views share: who acts, in which zone they type times, and doing one thing and saying how it went."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from cms.core.access import person
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, Problem
from cms.people import queries as people
from cms.people.models import Person

Answer = Response | str | tuple[str, int]


def me() -> Person:
    """Who is signed in; the rule has made sure that somebody is."""
    account = person()
    assert account is not None
    return account


def my_zone() -> str:
    """The zone that times are typed in: one's own, unless it was never set."""
    return people.zone_of(me())


def number(name: str) -> int | None:
    """A number of the address; what cannot be read counts as not said."""
    value = request.args.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else None


def day(name: str) -> date | None:
    """A day of the address."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def version() -> int | None:
    """The version of the row that the page was drawn from, where it says so: an act on another one is refused."""
    value = request.form.get("version", "")
    return int(value) if value.isdecimal() and len(value) < 10 else None


def chosen_ids(name: str = "delivery_id") -> list[int]:
    """Rows that were ticked, each once, in their order."""
    given = (value for value in request.form.getlist(name) if value.isdecimal() and len(value) < 10)
    return list(dict.fromkeys(int(value) for value in given))


def done(address: str, act: Callable[[], Any], said: str) -> Answer:
    """Do one thing in one transaction; what does not make sense is said on the page one comes back to."""
    try:
        with transaction():
            act()
    except (Conflict, Invalid) as problem:
        flash(sentence(problem), "bad")
    else:
        flash(said, "good")
    return redirect(address, 303)


def sentence(problem: Problem) -> str:
    """What went wrong, in one or more sentences."""
    return " ".join(str(one) for one in problem.errors.values()) or str(problem.message)
