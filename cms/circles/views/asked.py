"""What views here need to know: who asks, and how they stand to the circle that the address names."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask_babel import gettext

from cms.circles.queries import gate
from cms.circles.rules import Standing
from cms.core.access import SignInNeeded, person
from cms.core.errors import Invalid, NotAllowed
from cms.people.models import Person
from cms.people.queries import find_person


def in_circle(rule: Callable[[Standing], bool]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Call the view with the person's standing in the circle named by `slug`, when the rule agrees.

    A visitor is asked to sign in before anything is looked up, and a circle that does not exist for somebody is
    404 whether or not there is one.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(slug: str, **rest: Any) -> Any:
            by = person()
            if by is None:
                raise SignInNeeded
            standing = gate.find_standing(slug, by)
            if not rule(standing):
                raise NotAllowed
            return view(standing, **rest)

        guarded.parley_access = f"{rule.__module__}.{rule.__name__}"  # type: ignore[attr-defined]
        return guarded

    return decorate


def named(field: str, text: str | None) -> Person:
    """The person with this handle, who has an account; else a sentence beside the field."""
    found = find_person((text or "").strip().lstrip("@"))
    if found is None or not found.is_active:
        raise Invalid(errors={field: gettext("Nobody with an account has this handle.")})
    return found


def number(text: str | None) -> int | None:
    """A number of a row as a form has it."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


def me() -> Person:
    """Who is signed in; the rule has made sure that somebody is."""
    by = person()
    assert by is not None
    return by
