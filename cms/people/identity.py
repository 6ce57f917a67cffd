"""Who is asking: a browser by its session cookie, a program by its API token. Used by views; HTTP only.

The cookie is signed and holds a random token; the row of that token (`SignIn`) says who it is and can be ended from
anywhere. Public pages never come here, so they carry no session.
"""

import re
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, Request, Response, after_this_request, g, request, session
from flask_login import LoginManager

from cms.core import access, clock
from cms.core.database import is_writing, transaction
from cms.core.pages import config
from cms.people import queries, services
from cms.people.models import SCOPES, Person

SESSION_KEY = "sign_in"
HINT_COOKIE = "parley_in"  # readable by scripts: "ask /me/bar who I am"; says nothing else
NOTED_EVERY = timedelta(hours=1)  # how exactly "last seen" is known; each note is a write


def install(app: Flask) -> None:
    """Let `access.person()` find out who is asking."""
    app.config.update(PERMANENT_SESSION_LIFETIME=queries.LASTS_FOR, SESSION_REFRESH_EACH_REQUEST=False)
    manager = LoginManager()
    manager.session_protection = None
    manager.request_loader(load_person)
    # Not `init_app`: its hooks look into the session at every request, and public pages must not.
    app.login_manager = manager  # type: ignore[attr-defined]


def load_person(asking: Request) -> Person | None:
    """The person behind a request. Tokens count only under `/api/`, cookies only elsewhere."""
    return _by_token(asking) if asking.path.startswith("/api/") else _by_session()


def sign_in_id() -> int | None:
    """Which of the person's browsers this is."""
    access.person()
    found: int | None = g.get("sign_in_id")
    return found


def current_scopes() -> frozenset[str]:
    """What the API token of this request is for; empty without one. Who may write may read."""
    access.person()
    scopes: frozenset[str] = g.get("scopes", frozenset())
    return scopes


def remember(token: str) -> None:
    """Give the browser a new session that holds this sign-in; whatever session it had before is over."""
    session.clear()
    session[SESSION_KEY] = token
    session.permanent = True
    _hint("1", int(queries.LASTS_FOR.total_seconds()))


def forget() -> None:
    """Take session and hint away from the browser."""
    session.clear()
    _hint("", 0)


def drop_hint() -> None:
    """Nobody is signed in here any more, so pages need not ask."""
    _hint("", 0)


def internal_path(address: str | None) -> str | None:
    """The address when it is a path of ours as browsers read it, else None: `next=` leads nowhere else."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return None
    if re.search(r"[\\\x00-\x20\x7f-\x9f\ud800-\udfff]", address):  # browsers drop tabs and turn \ into /
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address


def _by_session() -> Person | None:
    token = session.get(SESSION_KEY)
    found = queries.find_sign_in(token, at=clock.now()) if isinstance(token, str) else None
    if found is None:
        return None
    sign_in, person = found
    g.sign_in_id = sign_in.id
    if clock.now() - sign_in.seen_at > NOTED_EVERY and not is_writing():
        with transaction():
            services.note_seen(sign_in.id, at=clock.now())
    return person


def _by_token(asking: Request) -> Person | None:
    kind, _, token = asking.headers.get("Authorization", "").partition(" ")
    found = queries.find_token(token.strip(), at=clock.now()) if kind.casefold() == "bearer" else None
    if found is None:
        return None
    row, person = found
    g.scopes = _with_read(row.scopes)
    if (row.used_at is None or clock.now() - row.used_at > NOTED_EVERY) and not is_writing():
        with transaction():
            services.note_used(row.id, at=clock.now())
    return person


def _with_read(scopes: list[str]) -> frozenset[str]:
    reading = {scope.replace(":write", ":read") for scope in scopes}
    return frozenset(scopes) | (reading & frozenset(SCOPES))


def _hint(value: str, seconds: int) -> None:
    @after_this_request
    def set_hint(response: Response) -> Response:
        response.set_cookie(
            HINT_COOKIE,
            value,
            max_age=seconds,
            samesite="Lax",
            secure=config().base_url.startswith("https://"),
        )
        return response

    assert request  # only ever for the browser that is asking
