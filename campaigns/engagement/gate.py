"""`POST /e` and `/e.gif`: what pages say about a visit, taken before Flask is asked. No database, no session.

The answer is the same whatever was sent, so who makes up beacons learns nothing from it. What a beacon says of time is
not believed: the server's clock counts. One that is too large, says what no page of ours says, or comes from a page of
another site is refused and counted by reason. Beside that the gate notes when a machine, told by its user agent or by
asking with HEAD, asks for a post: link previews and crawlers run no script, and are counted apart.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote_plus, urlsplit

from campaigns.channels.letters import DECOY, PICTURE
from campaigns.engagement.clients import Clients, keep, method_of
from campaigns.engagement.feeds.polls import FILES, POLL, feed_of, read_poll
from campaigns.engagement.lines import Line, rest_of_line
from campaigns.engagement.opens import read_opened
from campaigns.engagement.spool import Spool
from campaigns.engagement.watch import TRAP
from cms.core import clock
from cms.core.languages import split_prefix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LARGEST = 2048  # bytes of a beacon
MOST_FIELDS = 16
LONGEST_STAY = 3600  # seconds in sight that one delta may add
MOST_DELTAS = 62  # of one view: each has a bit of its own
GIF = bytes.fromhex(  # one pixel that nobody sees
    "47494638396101000100800000000000000000 21f90401000000002c00000000010001000002024401003b"
)
_SUBJECT = re.compile(r"post:[1-9]\d{0,8}|page:/[^\s?#]{0,200}", re.ASCII)
_CLICK = re.compile(r"[\w-]{12}", re.ASCII)
_VIEW = re.compile(r"[0-9a-f]{1,16}", re.ASCII)
_POST = re.compile(r"/(?:posts|notes)/[^/]{1,200}")
_FACT = re.compile(  # what pages may say that somebody did; the rest is known to the application alone
    r"share:(?:copy|device|mail)"
    r"|download:[a-z0-9][a-z0-9./_-]{0,119}"
    r"|outbound:(?=.{1,120}\Z)[a-z0-9-]+(?:\.[a-z0-9-]+)*",
    re.ASCII,
)
_unquoted = lru_cache(maxsize=4096)(
    unquote_plus
)  # most of it was said before: pages and where people come from
_HEADERS = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
_PICTURE_HEADERS = [*_HEADERS, ("Content-Type", "image/gif"), ("Content-Length", str(len(GIF)))]
_OF_DECOY = [*_HEADERS, ("X-Robots-Tag", "noindex, nofollow")]
_PICTURE, _NOTHING = [GIF], [b""]
_OF_PICTURE = (  # what is written of one depends on, beside who asks
    "REQUEST_METHOD", "QUERY_STRING", "HTTP_HOST", "HTTP_ORIGIN", "HTTP_REFERER", "HTTP_SEC_FETCH_SITE",
)  # fmt: skip
Read = Callable[["WSGIEnvironment", int], bytes]


class Refused(Exception):
    """A beacon that is not counted; says why in a word."""


class Gate:
    """WSGI layer outside the page cache, inside the layer that reads proxy headers."""

    def __init__(self, app: "WSGIApplication", *, spool: Spool, clients: Clients) -> None:
        self.app, self.spool, self.clients = app, spool, clients
        self.refused: Counter[str] = Counter()  # beacons, by reason

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Take a beacon, or go on; then note a machine that asked for a post."""
        path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        if path == "/e" and method == "POST":
            self._take(environ, self._said_by_page)
            start_response("204 No Content", _HEADERS)
            return _NOTHING
        if path == "/e.gif" and method in ("GET", "HEAD"):
            self._take(environ, self._said_by_picture)
            start_response("200 OK", _PICTURE_HEADERS)
            return _PICTURE if method == "GET" else _NOTHING
        if path == DECOY and method in ("GET", "HEAD"):
            self._note_trapped(environ)
            start_response("204 No Content", _OF_DECOY)
            return _NOTHING
        if path.startswith(PICTURE) and method in ("GET", "HEAD"):
            self._note_opened(path, environ)
            start_response("200 OK", _PICTURE_HEADERS)
            return _PICTURE if method == "GET" else _NOTHING
        if method in ("GET", "HEAD"):
            self._note_machine(path, method, environ)
            if path.endswith(FILES) and (feed := feed_of(path)):
                return self.app(environ, self._noting_poll(feed, environ, start_response))
        return self.app(environ, start_response)

    def _take(self, environ: "WSGIEnvironment", read: Read) -> None:
        at = clock.milliseconds()
        try:
            rest = read(environ, at)
        except Refused as refused:
            self.refused[str(refused)] += 1
        else:
            if rest:
                self.spool.append(at, rest)

    def _said_by_page(self, environ: "WSGIEnvironment", at: int) -> bytes:
        return self._rest(environ, "P", _body(environ), at, is_picture=False)

    def _said_by_picture(self, environ: "WSGIEnvironment", at: int) -> bytes:
        """A picture says the same whenever it is asked for: what is written of it is put together once."""
        lines = self.clients.lines(at)
        asking = *map(environ.get, _OF_PICTURE), *self.clients.asking(environ)
        parts = lines.get(asking)
        if parts is None:
            query = environ.get("QUERY_STRING", "")
            if len(query) > LARGEST:
                raise Refused("oversize")
            method = environ["REQUEST_METHOD"][0]
            rest = self._rest(environ, method, _said(query.encode("latin-1", "replace")), at, is_picture=True)
            keep(lines, asking, parts := [rest] if rest else [])
        return b"".join(parts)

    def _rest(
        self, environ: "WSGIEnvironment", method: str, said: Mapping[str, str], at: int, *, is_picture: bool
    ) -> bytes:
        """What is written of a beacon, without its time; nothing when it is not counted. Raises `Refused`."""
        _ours(environ, self.clients.choices.hosts)
        get = said.get
        kind, subject = "view" if is_picture else get("k", ""), get("s", "")
        if kind not in ("view", "read", "fact") or not _is_subject(subject):
            raise Refused("nonsense")
        value = get("f", "") if kind == "fact" else ""
        if kind == "fact" and not _FACT.fullmatch(value):
            raise Refused("nonsense")
        client = self.clients.of(environ, at)
        if not client.is_counted:
            return b""
        view = _view(get("v", "")) if (client.is_linked or kind == "fact") and not is_picture else 0
        if kind == "fact" and not view:
            raise Refused("nonsense")
        if kind == "read" and not view:
            if client.is_linked:
                raise Refused("nonsense")
            return b""  # nothing to add the time to
        click, referrer = get("c", ""), get("r", "")
        return rest_of_line(
            kind,
            f"{method}{client.marks}{'n' if is_picture else ''}{'i' if get('i') == '1' else ''}",
            client.visitor,
            subject,
            click if click and client.is_linked and _CLICK.fullmatch(click) else "",
            view,
            _number(get("n"), most=MOST_DELTAS),
            _number(get("t"), most=LONGEST_STAY),
            _number(get("d"), most=100),
            referrer_of(referrer, self.clients.choices.hosts) if referrer else "",
            get("u", "")[:400],
            client.language,
            client.device,
            client.agent,
            value,
            "",
            client.country,
        )

    def _note_machine(self, path: str, method: str, environ: "WSGIEnvironment") -> None:
        path = split_prefix(path)[1]
        if not path.startswith(("/posts/", "/notes/")) or not _POST.fullmatch(path):
            return
        kind = self.clients.kind_of(environ)  # readers end here, and nobody asks who they are
        is_machine = kind.agent.partition(":")[0] not in ("browser", "unknown")
        if method == "GET" and "p" not in kind.marks and not is_machine:
            return
        at = clock.milliseconds()
        client = self.clients.of(environ, at)
        hints = method_of(environ) + client.marks
        self.spool.write(Line(at, "fetch", hints, 0, f"page:{path.replace(chr(9), ' ')}", agent=client.agent))

    def _note_trapped(self, environ: "WSGIEnvironment") -> None:
        """Who follows the decoy is a machine. A browser that fetches in advance follows every link, and is none."""
        at = clock.milliseconds()
        client = self.clients.of(environ, at)
        if client.is_counted and "p" not in client.marks:
            hints = f"{method_of(environ)}{client.marks}{TRAP}"
            self.spool.write(Line(at, "fetch", hints, client.visitor, f"page:{DECOY}", agent=client.agent))

    def _note_opened(self, path: str, environ: "WSGIEnvironment") -> None:
        """A letter is opened anywhere: it is not asked which page shows it."""
        at, agent = clock.milliseconds(), environ.get("HTTP_USER_AGENT", "")
        client = self.clients.of(environ, at)
        line = read_opened(path, method_of(environ), agent, client, at) if client.is_counted else None
        if line:
            self.spool.write(line)

    def _noting_poll(
        self, feed: str, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> "StartResponse":
        """Write down that a feed was asked for once it is answered, with or without its content."""
        method = method_of(environ)  # now: the application changes the address and the method

        def answer(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            if status[:3] in ("200", "304"):
                self.spool.write(self._poll(feed, method, environ))
            return start_response(status, headers, *more)

        return cast("StartResponse", answer)

    def _poll(self, feed: str, method: str, environ: Mapping[str, str]) -> Line:
        poll, at = read_poll(environ.get("HTTP_USER_AGENT", "")), clock.milliseconds()
        client = self.clients.of(environ, at)
        return Line(
            at,
            "fact",
            method + client.marks,
            client.visitor if poll.name and poll.subscribers is None else 0,
            f"page:{feed}",
            utm=f"{poll.feed_id}|{poll.subscribers}" if poll.subscribers is not None else "",
            agent=f"feed:{poll.name}",
            value=f"{POLL}:{feed}",
        )


def referrer_of(said: str, hosts: frozenset[str]) -> str:
    """Host and path of another site, without its query; empty for our own."""
    host, page = _page_of(said[:1000])
    return "" if host in hosts else page


@lru_cache(maxsize=2048)
def _page_of(said: str) -> tuple[str, str]:
    try:
        parts = urlsplit(said)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return "", ""
    is_page = parts.scheme in ("http", "https") and host
    return host, f"{host}{parts.path}"[:120] if is_page else ""


@lru_cache(maxsize=4096)
def _is_subject(said: str) -> bool:
    return _SUBJECT.fullmatch(said) is not None


def _ours(environ: "WSGIEnvironment", hosts: frozenset[str]) -> None:
    """Browsers say which page speaks. What says nothing is taken, as some leave it out, and told by its agent."""
    site = environ.get("HTTP_SEC_FETCH_SITE")
    origin = environ.get("HTTP_ORIGIN") or environ.get("HTTP_REFERER")
    if site is not None and site != "same-origin":
        raise Refused("foreign")
    if origin:
        host = _host_of(origin)
        if host not in hosts and host != environ.get("HTTP_HOST", "").partition(":")[0]:
            raise Refused("foreign")


@lru_cache(maxsize=1024)
def _host_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _body(environ: "WSGIEnvironment") -> dict[str, str]:
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST:
        raise Refused("oversize")
    return _said(environ["wsgi.input"].read(int(length)))


def _said(text: bytes) -> dict[str, str]:
    """Fields of a form. Written out, as the library's way costs as much as all the rest of a beacon."""
    try:
        parts = text.decode().split("&")
    except UnicodeDecodeError as error:
        raise Refused("nonsense") from error
    if len(parts) > MOST_FIELDS:
        raise Refused("nonsense")
    pairs = (part.partition("=") for part in parts if part)
    return {
        name: _unquoted(value) if "%" in value or "+" in value else value for name, _equals, value in pairs
    }


def _view(said: str) -> int:
    return int(said, 16) >> 1 if _VIEW.fullmatch(said) else 0


def _number(said: str | None, *, most: int) -> int:
    """A whole number in its bounds, 0 where none is said; a page of ours sends no other."""
    if said is None:
        return 0
    if not (said.isascii() and said.isdecimal() and len(said) < 10) or int(said) > most:
        raise Refused("nonsense")
    return int(said)
