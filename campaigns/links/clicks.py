"""The moment a link is followed, told to whoever counts.

`tell` is called while the visitor waits, so a listener writes nothing to the database: it remembers the click in
memory or in a file, and somebody else adds it up. The click id is random, new at every redirect, and goes to the
target as `pcid`: a click is *verified* when a page of ours is asked for with an id that was given out.
"""

import logging
import os
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from werkzeug.http import parse_cookie

from cms.people.identity import HINT_COOKIE

log = logging.getLogger(__name__)


@dataclass(slots=True)  # not frozen: making one would take three times as long. Nobody changes one
class ClickFacts:
    """What the request said, for telling people from machines. None of it is stored by this room."""

    at: datetime
    address: str  # of the visitor: for a keyed hash, never to be kept
    agent: str
    referrer: str
    purpose: str  # "prefetch" and the like, as browsers announce it
    languages: str
    is_scan: bool  # the QR code was read
    is_signed_in: bool  # the browser says so; staff are told from readers by asking further
    environ: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)  # all that was said


Listener = Callable[[int, str, ClickFacts], None]


_ids: deque[str] = (
    deque()
)  # drawn in advance, as asking the system for each costs more than all the rest of a redirect
os.register_at_fork(after_in_child=_ids.clear)


def new_click_id() -> str:
    """72 random bits: they say nothing about anybody, and do not repeat."""
    try:
        return _ids.popleft()
    except IndexError:
        said = secrets.token_urlsafe(9 * 256)  # nine bytes are twelve letters
        _ids.extend(said[first : first + 12] for first in range(12, len(said), 12))
        return said[:12]


def facts_of(environ: Mapping[str, Any], at: datetime, *, is_scan: bool) -> ClickFacts:
    """What a request said."""
    get, cookies = environ.get, environ.get("HTTP_COOKIE", "")
    announced = (get("HTTP_SEC_PURPOSE"), get("HTTP_PURPOSE"), get("HTTP_X_MOZ"))
    return ClickFacts(
        at,
        get("REMOTE_ADDR") or "",
        get("HTTP_USER_AGENT", ""),
        get("HTTP_REFERER", ""),
        " ".join(filter(None, announced)).lower(),
        get("HTTP_ACCEPT_LANGUAGE", ""),
        is_scan,
        HINT_COOKIE in cookies and HINT_COOKIE in parse_cookie(cookies),
        environ,
    )


def tell(listeners: Iterable[Listener], link_id: int, click_id: str, facts: ClickFacts) -> None:
    """Tell everybody. One that fails is written down; the visitor goes on all the same."""
    for listener in listeners:
        try:
            listener(link_id, click_id, facts)
        except Exception:
            log.exception("a click on link %d was not heard", link_id)
