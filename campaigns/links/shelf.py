"""Destinations that this process has seen, kept at hand: a link is followed without asking the database.

A change to any link (`touch("links")`) makes all of them doubtful, in every process within a second: each is read
again when it is next followed. With the database away, what was seen is still served.
"""

import threading
import time
from collections import OrderedDict

from flask import current_app
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from campaigns.links.queries.destinations import Destination, find_destination
from cms.core.database import db
from cms.core.pagecache import PageCache

CAPACITY = 20_000  # links; about half a kilobyte each
_LINKS = frozenset({"links"})
LEFT_ALONE_FOR = 2.0  # seconds in which a database that did not answer is not asked again


class Shelf:
    """The destinations, oldest first, each with the mark of the time when it was read."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.capacity = capacity
        self.seen: OrderedDict[str, tuple[object, Destination]] = OrderedDict()
        self.lock = threading.Lock()
        self.database_is_away_until = 0.0

    def at_hand(self, code: str, mark: object) -> Destination | None:
        """Where a code leads, without asking the database; None when it would have to be asked."""
        seen = self.seen.get(code)
        if seen and (seen[0] is mark or self.database_is_away_until > time.monotonic()):
            return seen[1]
        return None

    def find(self, code: str) -> Destination | None:
        """Where a code leads now; as it was last seen when the database is away, and its error for a new code."""
        mark = mark_of(current_app.extensions["parley_pages"])
        at_hand = self.at_hand(code, mark)
        if at_hand is not None:
            return at_hand
        seen = self.seen.get(code)
        try:
            found = find_destination(code)
        except (DBAPIError, PoolTimeout):
            db.session.rollback()
            if seen is None:
                raise
            self.database_is_away_until = time.monotonic() + LEFT_ALONE_FOR
            return seen[1]
        self._put(code, mark, found)
        return found

    def _put(self, code: str, mark: object, found: Destination | None) -> None:
        with self.lock:
            self.seen.pop(code, None)
            if found is not None:  # a code that is none is not kept: there are too many of them
                self.seen[code] = (mark, found)
                if len(self.seen) > self.capacity:
                    self.seen.popitem(last=False)


def mark_of(cache: PageCache) -> object:
    """Another object after every change to any link."""
    return cache.value("links", _LINKS, object)


def find(code: str) -> Destination | None:
    """Where a code leads, from this process's shelf."""
    shelf: Shelf = current_app.extensions["parley_links"]
    return shelf.find(code)
