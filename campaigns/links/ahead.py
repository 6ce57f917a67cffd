"""Links that this process has seen, followed before Flask is asked: a look into the shelf, a line for who counts, 302.

All that is not the plain case goes on to the view (`views/following.py`), which decides it: a code that is new or that
may have changed, a link that is over and has no replacement, a preview, an address with parameters of its own. Both
give the same answer; a test holds them side by side.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from campaigns.links.clicks import Listener, new_click_id, tell
from campaigns.links.shelf import Shelf, mark_of
from cms.core import clock
from cms.core.pagecache import PageCache
from cms.core.pages import security_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BEFORE = "/l/"
_SCAN = ("qr", "qr=")  # the only parameter that the plain case has


class Ahead:
    """WSGI layer outside the page cache, inside the layer that reads proxy headers."""

    def __init__(
        self,
        app: "WSGIApplication",
        *,
        shelf: Shelf,
        cache: PageCache,
        listeners: list[Listener],
        base_url: str,
    ) -> None:
        self.app, self.shelf, self.cache, self.listeners = app, shelf, cache, listeners
        self.headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Cache-Control", "no-store"),
            ("X-Robots-Tag", "noindex"),
            *security_headers(base_url, leads_on=True).items(),
            ("Content-Length", "0"),
        ]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Lead there, or go on."""
        path = environ.get("PATH_INFO", "")
        if not path.startswith(BEFORE) or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self.app(environ, start_response)
        query = environ.get("QUERY_STRING", "")
        found = self.shelf.at_hand(path[len(BEFORE) :].lower(), mark_of(self.cache))
        way = found.way(clock.now()) if found and (not query or query in _SCAN) else None
        if found is None or way is None:
            return self.app(environ, start_response)
        click_id = new_click_id()
        start_response("302 FOUND", [("Location", f"{way[0]}{click_id}{way[1]}"), *self.headers])
        if environ["REQUEST_METHOD"] == "GET":
            tell(self.listeners, found.link_id, click_id, environ, is_scan=bool(query))
        return [b""]
