"""How often one token may call. Changes are counted in the database, for all processes together; reads, which must
write nothing, in the memory of the process that answers them."""

import threading
from datetime import datetime, timedelta

from cms.core import clock
from cms.core.database import transaction
from cms.core.secrets import fingerprint
from cms.core.throttle import TooOften, throttle

MOST_CHANGES, CHANGES_PER = 600, timedelta(minutes=5)
MOST_READS, READS_PER = 1200, timedelta(minutes=1)
MOST_TOKENS = 10_000  # remembered at once

_lock = threading.Lock()
_reads: dict[str, tuple[datetime, int]] = {}


def count_call(token: str, *, is_change: bool) -> None:
    """Count one call; raises `TooOften` with the seconds to wait."""
    key = fingerprint(token)
    if not is_change:
        _count_read(key)
        return
    with transaction():
        throttle(f"api {key}", limit=MOST_CHANGES, per=CHANGES_PER)


def forget_reads() -> None:
    """Begin counting reads anew."""
    with _lock:
        _reads.clear()


def _count_read(key: str) -> None:
    now = clock.now()
    with _lock:
        since, count = _reads.get(key, (now, 0))
        if not since <= now < since + READS_PER:
            since, count = now, 0
        if count >= MOST_READS:
            raise TooOften(max(1, int((since + READS_PER - now).total_seconds())))
        if len(_reads) >= MOST_TOKENS and key not in _reads:
            _reads.clear()
        _reads[key] = (since, count + 1)
