"""Who may call a view. Every route says so, with `@public` or `@allowed(rule)`; one that does not stops the start.

A rule is a pure predicate from a room's `rules.py`: `rule(person, **loaded) -> bool`.
"""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlsplit

import flask_login
from flask import Flask, request
from flask_babel import lazy_gettext as _

from cms.core.errors import NotAllowed, NotFound, Problem

if TYPE_CHECKING:
    from cms.people.models import Person

View = TypeVar("View", bound=Callable[..., Any])


class SignInNeeded(Problem):
    """Nobody is signed in; the page sends them to sign in, the API answers 401."""

    status = 401
    message = _("Please sign in first.")


def person() -> "Person | None":
    """Who is acting: by session or by API token; None for a visitor. Public cached pages never ask."""
    current = flask_login.current_user
    return cast("Person", current._get_current_object()) if current and current.is_authenticated else None


def public(view: View) -> View:
    """Anyone may call this view."""
    view.parley_access = "public"  # type: ignore[attr-defined]
    return view


def allowed(rule: Callable[..., bool], **loaders: Callable[[Any], Any]) -> Callable[[View], View]:
    """Call the view only when `rule(person, **loaded)` says so.

    `@allowed(rules.can_publish, post=queries.get_post)` loads the post named by the `post_id` of the address,
    asks `can_publish(person, post=post)`, and passes both `post_id` and `post` to the view. Refused: a visitor
    is asked to sign in, staff read 403, and anybody else 404, as if nothing were there.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**kwargs: Any) -> Any:
            by = person()
            if by is None and not rule(None, **dict.fromkeys(loaders)):
                raise SignInNeeded
            loaded = {name: load(kwargs[f"{name}_id"]) for name, load in loaders.items()}
            if not rule(by, **loaded):
                raise NotAllowed if by is not None and by.is_staff else NotFound
            return view(**kwargs, **loaded)

        guarded.parley_access = f"{rule.__module__}.{rule.__name__}"  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def refuse_unguarded_routes(app: Flask) -> None:
    """Deny by default: a route that names no rule stops the program before it answers anybody."""
    bare = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if not hasattr(app.view_functions[rule.endpoint], "parley_access")
    ]
    if bare:
        raise RuntimeError(f"these routes say nothing about who may use them: {', '.join(sorted(bare))}")


def refuse_cross_site(app: Flask) -> None:
    """A form on somebody else's page changes nothing here, whatever cookies and tokens come with it.

    Browsers say where a request comes from; the CSRF token stands behind this for those that do not. The API takes no
    cookie, so nobody's browser can be made to use it.
    """

    @app.before_request
    def look_at_origin() -> None:
        if request.method in ("GET", "HEAD", "OPTIONS") or request.path.startswith("/api/"):
            return
        site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
        foreign = site in ("cross-site", "same-site") or (
            site is None and origin is not None and urlsplit(origin).netloc != request.host
        )
        if foreign:
            raise NotAllowed
