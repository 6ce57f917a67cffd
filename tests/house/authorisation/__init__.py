"""Who may do what: one row for every route and method, walked with real requests by `test_authorisation.py`.

**Adding a route.** Open (or make) `tests/house/authorisation/BLUEPRINT.py`, named as the route's blueprint, and
add a line to its `ROWS`, keyed by endpoint and method. The value says who gets through and which address to try:

    ROWS = {
        "posts.list_posts GET": staff("/desk/posts"),
        "posts.show_form GET": only("author", "editor", "admin", at="/desk/posts/new"),
        "posts.publish_post POST": only("editor", "admin", at=lambda: f"/desk/posts/{make_post().id}/publication"),
        "site.show_post GET": everyone(lambda: f"/posts/{make_live_post().slug}"),
        "posts.edit_post GET": each(
            visitor=SIGN_IN, member=HIDDEN, expert=GOES, author=REFUSED, editor=GOES, manager=GOES, admin=GOES,
            at=lambda: ...
        ),
    }

The address may be a function: it is called once per row, with a database, makes what the address names, and
gives the path. Every request is undone afterwards, so a row may delete things. Forms are sent empty unless the row
gives `data`, or a function that gives it, called after the address: any answer but "sign in", 403 and 404 counts as
having got through. Under `/api/` the walk uses a token with every scope.

A GET that has to write (say, a tally) says so in `WRITES = {"site.search": "why"}` of the same file. An unsafe
route that takes no session, so needs no CSRF token, says so in `COOKIELESS = {"engagement.collect": "why"}`;
everything under `/api/` is that already.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum


class Answer(Enum):
    """What the walk may get."""

    GOES = "gets through"
    SIGN_IN = "is asked to sign in"
    HIDDEN = "reads 404, as if nothing were there"
    REFUSED = "reads 403"


GOES, SIGN_IN, HIDDEN, REFUSED = Answer
ROLES = ("visitor", "member", "expert", "author", "editor", "manager", "admin")
Address = str | Callable[[], str]
Data = dict[str, str] | Callable[[], dict[str, str]]


@dataclass(frozen=True)
class Row:
    """What each role gets at one address."""

    at: Address
    answers: dict[str, Answer]
    data: Data = field(default_factory=dict)


def each(*, at: Address, data: Data | None = None, **answers: Answer) -> Row:
    """Written out, role by role."""
    assert tuple(answers) == ROLES, f"name every role, in this order: {', '.join(ROLES)}"
    return Row(at, answers, data or {})


def everyone(at: Address, data: Data | None = None) -> Row:
    """Open to the public."""
    return Row(at, dict.fromkeys(ROLES, GOES), data or {})


def signed_in(at: Address, data: Data | None = None) -> Row:
    """Open to everybody with an account."""
    return only(*ROLES[1:], at=at, data=data)


def staff(at: Address, data: Data | None = None) -> Row:
    """Open to everybody who may enter the desk."""
    return only("author", "editor", "manager", "admin", at=at, data=data)


def only(*roles: str, at: Address, data: Data | None = None) -> Row:
    """Open to the named roles; other staff read 403, members and experts 404, visitors are asked to sign in."""
    refused = {"visitor": SIGN_IN, "member": HIDDEN, "expert": HIDDEN}
    return Row(at, {one: GOES if one in roles else refused.get(one, REFUSED) for one in ROLES}, data or {})
