"""Public pages, rendered once and kept ready: compressed, with validators, answered before Flask is asked.

A page names what it shows with `depends_on("post:12", "posts")`; whoever changes something says
`touch("post:12")` inside the transaction. The change is a row, so it reaches every process on every machine:
each looks for new rows a few times a second and marks its copies stale. A stale copy is kept, and served when the
database is away. Nothing about the visitor may be in such a page: no session, no cookie, no token.
"""

import logging
import threading
import time
import zlib
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache, partial, wraps
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import parse_qsl, urlencode

import brotli
import zstandard
from flask import current_app, make_response, request
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.http import http_date, parse_date

from cms.core import clock
from cms.core.database import db
from cms.core.front import by_a_thread
from cms.core.languages import negotiate, split_prefix
from cms.core.models import PageChange

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])
Value = TypeVar("Value")
Headers = list[tuple[str, str]]

CAPACITY = 96 * 1024 * 1024  # bytes of pages kept by one process
POLL_SECONDS = 0.25
LOOK_BACK = 1000  # row ids looked at again: a slow transaction may commit a lower id after a higher one
LONGEST_OUTAGE = 600  # seconds without the database after which every copy is doubted
KEPT_PARAMETERS = frozenset({"before", "after"})  # a page of a list; anything else is answered by Flask
NOISE_PARAMETERS = (
    "utm_",
    "pcid",
    "fbclid",
    "gclid",
    "mc_cid",
    "mc_eid",
    "ref",
)  # they begin like one of these
FILES = ("/media/",)  # answered from the disk, with validators and ranges of their own
_TOUCHED = "parley_touched"
_touching_roughly: ContextVar[bool] = ContextVar("touching_roughly", default=False)


# What views and services say ------------------------------------------------------------------------------------


def cached_page(view: View) -> View:
    """Keep what this public GET view answers with 200 until something it depends on is touched."""

    @wraps(view)
    def shown(*args: Any, **kwargs: Any) -> Any:
        request.environ["parley.tags"] = {"site"}
        response = make_response(view(*args, **kwargs))
        if response.status_code == 200:
            request.environ["parley.cacheable"] = True
            response.headers.setdefault("Cache-Control", "public, no-cache")
        return response

    shown.parley_counted = True  # type: ignore[attr-defined]  # its visits are told, as it is the same for everybody
    return cast(View, shown)


def depends_on(*tags: str) -> None:
    """Name what the page being made shows: `site`, `posts` (any list), `post:12`, `section:3`, `tag:9`, …"""
    request.environ.setdefault("parley.tags", set()).update(tags)


def keep_for(seconds: float) -> None:
    """Bound the life of the page being made; for pages that age though nothing is touched."""
    request.environ["parley.keep_for"] = seconds


def speaks_one_language() -> None:
    """Say that the page being made is the same for every reader's language, such as a feed or a style sheet."""
    request.environ["parley.varies"] = False


def kept(name: str, *tags: str, make: Callable[[], Value]) -> Value:
    """A value that every page needs, kept by this process until one of the tags is touched."""
    cache: PageCache = current_app.extensions["parley_pages"]
    return cast(Value, cache.value(name, frozenset(tags), make))


@contextmanager
def touching_roughly() -> Iterator[None]:
    """For an import: every touch inside says only `site`, on which every page depends, once per transaction."""
    token = _touching_roughly.set(True)
    try:
        yield
    finally:
        _touching_roughly.reset(token)


def touch(*tags: str) -> None:
    """Say, inside a transaction, that pages depending on any of these tags are out of date."""
    session = db.session()
    if _touching_roughly.get():
        tags = () if "site" in session.info.get(_TOUCHED, ()) else ("site",)
    session.add_all(PageChange(tag=tag, at=clock.now()) for tag in dict.fromkeys(tags))
    session.info.setdefault(_TOUCHED, set()).update(tags)


@event.listens_for(Session, "after_commit")
def _drop_own_copies(session: Session) -> None:
    """The process that made the change need not wait for its own next look."""
    tags = session.info.pop(_TOUCHED, None)
    if tags and current_app:
        cache = current_app.extensions.get("parley_pages")
        if cache:
            cache.mark_stale(tags)


@event.listens_for(Session, "after_rollback")
def _forget_touched(session: Session) -> None:
    session.info.pop(_TOUCHED, None)


# The cache ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Page:
    """One page, and its ready answers by content coding."""

    body: bytes
    headers: Headers
    digest: str
    modified: str | None
    tags: frozenset[str]
    expires: float  # on the monotonic clock
    is_stale: bool = False
    was_used: bool = False
    answers: dict[str, tuple[Headers, list[bytes]]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes this page holds in memory, near enough."""
        return len(self.body) + sum(len(body[0]) for _, body in self.answers.values()) + 2000

    def answer(self, coding: str) -> tuple[Headers, list[bytes]]:
        """Headers and body in this content coding; compressed on first demand."""
        made = self.answers.get(coding)
        if made is None:
            body = _COMPRESS[coding](self.body)
            headers = [
                *self.headers,
                ("ETag", f'"{self.digest}-{coding}"'),
                ("Content-Length", str(len(body))),
            ]
            if coding != "identity":
                headers.append(("Content-Encoding", coding))
            made = self.answers[coding] = (headers, [body])
        return made


class PageCache:
    """WSGI layer around the whole application."""

    def __init__(self, app: "WSGIApplication", *, default_locale: str, capacity: int = CAPACITY) -> None:
        self.app = app
        self.default_locale = default_locale
        self.capacity = capacity
        self.pages: OrderedDict[tuple[str, str, str], Page] = OrderedDict()
        self.keys_by_tag: defaultdict[str, set[tuple[str, str, str]]] = defaultdict(set)
        self.changes: dict[str, int] = {}  # tag -> number of the change that touched it last
        self.change_number = 0
        self.values: dict[str, tuple[frozenset[str], Any]] = {}
        self.size = 0
        self.lock = threading.Lock()
        self.counts = {"hit": 0, "miss": 0, "stale": 0, "not_modified": 0}
        self.database_is_away_until = 0.0

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer from memory when we can, else ask the application and keep what it allows to keep."""
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD") or environ["PATH_INFO"].startswith(FILES):
            return by_a_thread(self.app, environ, start_response)
        if "HTTP_AUTHORIZATION" in environ:  # said to one program; it has validators of its own
            return by_a_thread(self.app, environ, start_response)
        query = environ.get("QUERY_STRING", "")
        if query:
            kept = _essential(query)
            if kept is None:
                return by_a_thread(self.app, environ, start_response)
            query = kept
        path = environ["PATH_INFO"]
        locale = negotiate(environ.get("HTTP_ACCEPT_LANGUAGE", ""), self.default_locale)
        key = (path, query, locale)
        page = self.pages.get(key)
        if page is not None:
            now = time.monotonic()
            if page.expires > now and (not page.is_stale or self.database_is_away_until > now):
                page.was_used = True
                self.counts["stale" if page.is_stale else "hit"] += 1
                return _send(page, environ, start_response, self.counts)
        return by_a_thread(partial(self._ask, key, page), environ, start_response)

    def value(self, name: str, tags: frozenset[str], make: Callable[[], Any]) -> Any:
        """The kept value of this name; made when it is not there."""
        found = self.values.get(name)
        if found is not None:
            return found[1]
        number = self.change_number
        value = make()
        with self.lock:
            if not any(self.changes.get(tag, 0) > number for tag in tags):
                self.values[name] = (tags, value)
        return value

    def mark_stale(self, tags: Iterable[str]) -> None:
        """Something changed: copies of pages that show it are not fresh any more."""
        tags = set(tags)
        with self.lock:
            for name in [name for name, (shown, _) in self.values.items() if shown & tags]:
                del self.values[name]
            self.change_number += 1
            for tag in tags:
                self.changes[tag] = self.change_number
                for key in self.keys_by_tag.get(tag, ()):
                    self.pages[key].is_stale = True

    def mark_all_stale(self) -> None:
        """We cannot know what changed."""
        with self.lock:
            self.values.clear()
            for page in self.pages.values():
                page.is_stale = True

    def forget_everything(self) -> None:
        """Start empty, for a test or after a restore."""
        with self.lock:
            self.pages.clear()
            self.values.clear()
            self.keys_by_tag.clear()
            self.size = 0
            self.database_is_away_until = 0.0

    def _ask(
        self,
        key: tuple[str, str, str],
        old: Page | None,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
    ) -> Iterable[bytes]:
        number = self.change_number
        head: list[Any] = []

        def keep_head(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            head[:] = [status, headers, exc_info]
            return lambda _: None

        method = environ["parley.method"] = environ["REQUEST_METHOD"]
        environ["REQUEST_METHOD"] = "GET"  # a HEAD is a GET without its body
        conditions = {
            name: environ.pop(name, None) for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
        }
        answer = self.app(environ, cast("StartResponse", keep_head))
        environ["REQUEST_METHOD"] = method
        environ.update({name: value for name, value in conditions.items() if value is not None})
        status, headers, exc_info = head
        if environ.get("parley.cacheable"):
            body = b"".join(answer)
            _close(answer)
            page = self._keep(key, body, headers, environ, number)
            self.counts["miss"] += 1
            return _send(page, environ, start_response, self.counts)
        if old is not None and status.startswith("5"):
            _close(answer)
            if status.startswith("503"):  # another failure is of this page alone
                self.database_is_away_until = time.monotonic() + 2
            self.counts["stale"] += 1
            return _send(old, environ, start_response, self.counts)
        start_response(status, headers, exc_info)
        if method == "HEAD":
            _close(answer)
            return [b""]
        return answer

    def _keep(
        self,
        key: tuple[str, str, str],
        body: bytes,
        headers: Headers,
        environ: "WSGIEnvironment",
        number: int,
    ) -> Page:
        tags = frozenset(environ["parley.tags"])
        seconds = environ.get("parley.keep_for")
        page = Page(
            body=body,
            headers=_public_headers(
                headers,
                varies=split_prefix(key[0])[0] is None and environ.get("parley.varies", True),
            ),
            digest=blake2b(body, digest_size=12).hexdigest(),
            modified=next((value for name, value in headers if name.lower() == "last-modified"), None),
            tags=tags,
            expires=time.monotonic() + seconds if seconds else float("inf"),
        )
        with self.lock:
            if any(self.changes.get(tag, 0) > number for tag in tags):
                return page  # it changed while we were rendering: good for this visitor, not for keeping
            self._remove(key)
            self.pages[key] = page
            self.size += len(body) * 2
            for tag in tags:
                self.keys_by_tag[tag].add(key)
            self._make_room()
        return page

    def _make_room(self) -> None:
        """Second-chance eviction: oldest first, but a page that was used since gets another round."""
        while self.size > self.capacity and self.pages:
            key, page = next(iter(self.pages.items()))
            if page.was_used:
                page.was_used = False
                self.pages.move_to_end(key)
            else:
                self._remove(key)

    def _remove(self, key: tuple[str, str, str]) -> None:
        page = self.pages.pop(key, None)
        if page is not None:
            self.size -= len(page.body) * 2
            for tag in page.tags:
                self.keys_by_tag[tag].discard(key)
                if not self.keys_by_tag[tag]:
                    del self.keys_by_tag[tag]


def _send(
    page: Page, environ: "WSGIEnvironment", start_response: "StartResponse", counts: dict[str, int]
) -> list[bytes]:
    headers, body = page.answer(_coding(environ.get("HTTP_ACCEPT_ENCODING", "")))
    match = environ.get("HTTP_IF_NONE_MATCH")
    if match is not None:
        if page.digest in match or match.strip() == "*":
            return _not_modified(headers, start_response, counts)
    elif page.modified and _is_unmodified(environ.get("HTTP_IF_MODIFIED_SINCE"), page.modified):
        return _not_modified(headers, start_response, counts)
    start_response("200 OK", headers)
    return body if environ["REQUEST_METHOD"] == "GET" else [b""]


def _not_modified(headers: Headers, start_response: "StartResponse", counts: dict[str, int]) -> list[bytes]:
    counts["not_modified"] += 1
    kept = ("etag", "last-modified", "cache-control", "vary", "content-location")
    start_response("304 Not Modified", [(name, value) for name, value in headers if name.lower() in kept])
    return [b""]


def _is_unmodified(since: str | None, modified: str) -> bool:
    at, ours = parse_date(since), parse_date(modified)
    return at is not None and ours is not None and ours <= at


def _public_headers(headers: Headers, *, varies: bool) -> Headers:
    """What may be kept: never a cookie, and our own validators instead of Flask's."""
    dropped = ("set-cookie", "content-length", "vary", "etag")
    kept = [(name, value) for name, value in headers if name.lower() not in dropped]
    kept.append(("Vary", "Accept-Encoding, Accept-Language" if varies else "Accept-Encoding"))
    return kept


def _close(answer: Iterable[bytes]) -> None:
    close = getattr(answer, "close", None)
    if close:
        close()


@lru_cache(maxsize=4096)
def _essential(query: str) -> str | None:
    """The part of a query string that matters, or None when the page is not one we keep."""
    pairs = _pairs(query)
    return urlencode(pairs) if all(name in KEPT_PARAMETERS for name, _ in pairs) else None


def without_noise(query: str) -> str:
    """A query string without what other sites and our links add to say where somebody came from."""
    return urlencode(_pairs(query))


def _pairs(query: str) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=True)
        if not name.startswith(NOISE_PARAMETERS)
    ]


@lru_cache(maxsize=4096)
def _coding(accept_encoding: str) -> str:
    """The best content coding the visitor takes; `q=0` refuses one (RFC 9110, 12.5.3)."""
    refused: set[str] = set()
    taken: set[str] = set()
    for part in accept_encoding.lower().split(","):
        name, _, parameters = part.partition(";")
        weight = parameters.replace(" ", "").removeprefix("q=")
        (refused if weight in ("0", "0.0", "0.00", "0.000") else taken).add(name.strip())
    return next((coding for coding in ("br", "zstd", "gzip") if coding in taken - refused), "identity")


def _gzip(body: bytes) -> bytes:
    maker = zlib.compressobj(6, zlib.DEFLATED, 31)
    return maker.compress(body) + maker.flush()


_COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: cast(bytes, brotli.compress(body, quality=5)),
    "zstd": lambda body: zstandard.ZstdCompressor(level=6).compress(body),
    "gzip": _gzip,
    "identity": lambda body: body,
}


# Hearing of changes made elsewhere ------------------------------------------------------------------------------


class ChangeListener(threading.Thread):
    """Reads new `page_changes` rows a few times a second and marks copies stale."""

    def __init__(self, cache: PageCache, engine: Engine) -> None:
        super().__init__(name="page-changes", daemon=True)
        self.cache = cache
        self.engine = engine
        self.seen: set[int] = set()
        self.highest = 0
        self.last_answer = float("-inf")
        self.stopping = threading.Event()

    def run(self) -> None:
        """Look until told to stop; a database that is away is looked for again."""
        while not self.stopping.wait(POLL_SECONDS):
            try:
                self.look()
            except SQLAlchemyError as error:
                log.warning("page changes cannot be read: %s", type(error).__name__)
                self.stopping.wait(2)

    def look(self) -> None:
        """One look. After a long silence, and at the first look, nothing that was kept before can be trusted."""
        silent_for = time.monotonic() - self.last_answer
        with self.engine.connect() as connection:
            highest = self.highest or connection.scalar(select(func.max(PageChange.id))) or 0
            floor = highest - LOOK_BACK
            rows = connection.execute(
                select(PageChange.id, PageChange.tag).where(PageChange.id > floor)
            ).all()
        fresh = [row for row in rows if row.id not in self.seen]
        self.seen = {row.id for row in rows}
        self.highest = max((row.id for row in rows), default=self.highest)
        if silent_for > LONGEST_OUTAGE:
            self.cache.mark_all_stale()
        elif fresh:
            self.cache.mark_stale({row.tag for row in fresh})
        self.last_answer = time.monotonic()


def last_modified(at: Any) -> str:
    """An instant as a `Last-Modified` value."""
    return http_date(at)
