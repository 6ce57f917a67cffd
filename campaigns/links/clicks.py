"""The moment a link is followed, told to whoever counts.

`tell` is called while the visitor waits, so a listener writes nothing to the database: it remembers the click in
memory or in a file, and somebody else adds it up. The click id is new at every redirect, and goes to the target as
`pcid`: a click is *verified* when a page of ours is asked for with an id that was given out.
"""

import logging
import os
import secrets
from base64 import urlsafe_b64encode
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from cms.core import clock

_HOUR = 3_600_000  # milliseconds
log = logging.getLogger(__name__)


Listener = Callable[
    [int, str, Mapping[str, Any], bool], None
]  # link, click id, WSGI environment, QR code was read


_chance: deque[str] = (
    deque()
)  # drawn in advance, as asking the system for each costs more than all the rest of a redirect
os.register_at_fork(after_in_child=_chance.clear)


def new_click_id() -> str:
    """Twelve letters of an address: four for the hour, eight of 48 random bits. They say nothing about anybody, and do not
    repeat. The hour keeps clicks of one time together in the store, which stays as fast when it holds a month of them."""
    hour = _letters_of(clock.milliseconds() // _HOUR)
    try:
        return hour + _chance.popleft()
    except IndexError:
        said = secrets.token_urlsafe(6 * 256)  # six bytes are eight letters
        _chance.extend(said[first : first + 8] for first in range(8, len(said), 8))
        return hour + said[:8]


@lru_cache(maxsize=4)
def _letters_of(hour: int) -> str:
    return urlsafe_b64encode(hour.to_bytes(3)).decode()


def tell(
    listeners: Iterable[Listener], link_id: int, click_id: str, environ: Mapping[str, Any], *, is_scan: bool
) -> None:
    """Tell everybody, with all that the request said, which tells people from machines. Nobody keeps the address. One that
    fails is written down; the visitor goes on all the same."""
    for listener in listeners:
        try:
            listener(link_id, click_id, environ, is_scan)
        except Exception:
            log.exception("a click on link %d was not heard", link_id)
