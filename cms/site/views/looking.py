"""Search. Not kept, because there are as many pages as questions; so it is throttled, politely."""

import time
from threading import Lock
from urllib.parse import urlencode

from flask import Response, current_app, make_response, request
from flask_babel import gettext as _
from werkzeug.exceptions import TooManyRequests

from cms.core import clock
from cms.core.access import public
from cms.core.database import transaction
from cms.core.pages import page
from cms.site.asked import edition, host
from cms.site.heads import list_head
from cms.site.queries.search import LONGEST, Found
from cms.site.queries.search import search as find
from cms.site.queries.site import site
from cms.site.services.tallies import count_search
from cms.site.views import bp

LAST_PAGE = 50
AT_ONCE, PER_SECOND = 30.0, 1.0  # searches from one address
_asked: dict[
    str, tuple[float, float]
] = {}  # address -> searches left, when; in memory only, and only for minutes
_lock = Lock()


@bp.get("/search")
@public
def search() -> Response:
    """What is published about some words."""
    wanted = edition()
    words = " ".join(request.args.get("q", "").split())[:LONGEST]
    number = _page_number()
    found = Found([], 0, False)
    if words:
        _wait_your_turn(request.remote_addr or "")
        found = find(wanted, words, page=number, at=clock.now())
    next_url = f"{wanted.to('/search')}?{urlencode({'q': words, 'page': number + 1})}"
    response = make_response(
        page(
            "cms/site/search.html",
            query=words,
            results=found.results,
            count=found.count,
            next_url=next_url if found.has_more and number < LAST_PAGE else None,
            head=list_head(wanted, host(), site(), path="/search", title=_("Search")),
        )
    )
    response.headers["Cache-Control"] = "no-cache"
    if words and number == 1:
        _count_afterwards(response, words, wanted.locale, found.count)
    return response


def forget_who_asked() -> None:
    """Start counting anew, for a test."""
    with _lock:
        _asked.clear()


def _page_number() -> int:
    number = request.args.get("page", "1")
    return min(int(number), LAST_PAGE) if number.isascii() and number.isdecimal() and number.strip("0") else 1


def _wait_your_turn(address: str) -> None:
    """A bucket of searches that refills: a person never notices, a loop does."""
    now = time.monotonic()
    with _lock:
        left, since = _asked.get(address, (AT_ONCE, now))
        left = min(AT_ONCE, left + (now - since) * PER_SECOND)
        if left < 1:
            raise TooManyRequests(retry_after=int((1 - left) / PER_SECOND) + 1)
        _asked[address] = (left - 1, now)
        if len(_asked) > 10_000:
            full = [one for one, (_left, at) in _asked.items() if (now - at) * PER_SECOND >= AT_ONCE]
            for one in full or list(_asked)[:5_000]:
                del _asked[one]


def _count_afterwards(response: Response, words: str, locale: str, found: int) -> None:
    """Write the tally when the answer has gone out: nobody waits for a row about what they typed."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    at = clock.now()

    @response.call_on_close
    def count() -> None:
        with app.app_context(), transaction():
            count_search(words, locale=locale, found=found, at=at)
