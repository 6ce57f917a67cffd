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
from typing import Any

log = logging.getLogger(__name__)


Listener = Callable[
    [int, str, Mapping[str, Any], bool], None
]  # link, click id, WSGI environment, QR code was read


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
