"""Who we are at a server of the AT Protocol: a short token, renewed when it ends, and the password when that fails.

Logging in is limited to a few times a day, so tokens are kept; one process at a time renews them.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from campaigns.channels import answers
from campaigns.channels.adapter import Later, Outcome, Paused, Refused, Seat, StillRenewing
from campaigns.channels.http import Lost, Reply
from campaigns.channels.robots import ask

BASE = "https://bsky.social"
_ENDED = ("ExpiredToken", "InvalidToken", "AuthMissing")
_SHUT = (
    "AuthenticationRequired",
    "AuthFactorTokenRequired",
    "AccountTakedown",
    "AccountDeactivated",
    "AccountSuspended",
    "InvalidToken",
    "ExpiredToken",
    "AuthMissing",
)


class NoSession(Exception):
    """We are not let in: nothing was sent. `outcome` says why."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(repr(outcome))
        self.outcome = outcome


def call(seat: Seat, method: str, name: str, **how: Any) -> Reply:
    """A call as ourselves. Raises `Lost` when its answer was lost, and `NoSession`."""
    token = seat.secrets_now().get("access", "") or _renewed(seat, "")
    reply = _with(seat, token, method, name, **how)
    if error_of(reply) in _ENDED or (reply.status == 401 and error_of(reply) not in _SHUT):
        reply = _with(seat, _renewed(seat, token), method, name, **how)
    return reply


def log_in(seat: Seat) -> Reply:
    """A new session by password. Raises `Lost`."""
    body = {"identifier": handle_of(seat), "password": seat.secrets["password"].strip()}
    return ask(seat, "POST", _url(seat, "com.atproto.server.createSession"), body=body)


def handle_of(seat: Seat) -> str:
    """Our handle as the settings have it."""
    return str(seat.settings["handle"]).strip().removeprefix("@").lower()


def error_of(reply: Reply) -> str:
    """The server's own word of what went wrong."""
    found = reply.json.get("error")
    return found if isinstance(found, str) else ""


def said_by(reply: Reply) -> str:
    """The server's own sentence."""
    found = reply.json.get("message")
    return found if isinstance(found, str) and found else error_of(reply) or reply.text[:200]


def failed(reply: Reply, seat: Seat, *, publishes: bool) -> Outcome:
    """An answer that is no success."""
    error, said = error_of(reply), said_by(reply)
    if reply.status == 429:
        return (
            answers.failed(reply, publishes=publishes, now=seat.now())
            if _reset(reply) is None
            else Later(
                said,
                code="429",
                after=max(0.0, (_reset(reply) or 0) - seat.now().timestamp()),
                whole_account=True,
            )
        )
    if error in _SHUT or reply.status == 401:
        return Paused(said, code=error or "401")
    if reply.status in (403, 404) and not error:  # a firewall
        return Later(said, code=str(reply.status))
    if reply.status in (400, 403, 404, 413) and error:
        return Refused(said, code=error)
    if reply.is_ok:
        return answers.no_word(reply, publishes=publishes)
    return answers.failed(reply, publishes=publishes, now=seat.now())


def _renewed(seat: Seat, ended: str) -> str:
    """A token that is not the ended one, kept before it is used. Raises `NoSession`."""
    try:
        with seat.renewing():
            known = seat.secrets_now()
            if known.get("access", ended) != ended:
                return str(known["access"])  # somebody else was faster
            reply = _refreshed(seat, known.get("refresh", "")) or log_in(seat)
            if not (reply.is_ok and reply.json.get("accessJwt")):
                raise NoSession(failed(reply, seat, publishes=False))
            told: Mapping[str, Any] = reply.json
            seat.keep({"access": str(told["accessJwt"]), "refresh": str(told.get("refreshJwt", ""))}, None)
            return str(told["accessJwt"])
    except Lost as problem:
        raise NoSession(answers.lost(problem, publishes=False)) from problem
    except StillRenewing as problem:
        raise NoSession(
            Later(gettext("The account's credentials are being renewed."), code="renewing")
        ) from problem


def _refreshed(seat: Seat, token: str) -> Reply | None:
    """A session renewed by its other token; None when that one has ended too. Raises `Lost`."""
    if not token:
        return None
    reply = _with(seat, token, "POST", "com.atproto.server.refreshSession")
    return reply if reply.is_ok or reply.status == 429 or reply.status >= 500 else None


def _with(seat: Seat, token: str, method: str, name: str, **how: Any) -> Reply:
    headers = {"Authorization": f"Bearer {token}", **how.pop("headers", {})}
    return ask(seat, method, _url(seat, name), headers=headers, **how)


def _url(seat: Seat, name: str) -> str:
    base = str(seat.settings.get("base") or BASE).strip().rstrip("/")
    return f"{base}/xrpc/{name}"


def _reset(reply: Reply) -> float | None:
    """Seconds since 1970 at which the quota begins anew."""
    said = reply.headers.get("ratelimit-reset", "")
    return float(said) if said.isdecimal() else None
