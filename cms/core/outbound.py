"""The one way out: every request to an address that a person typed (a feed, a picture, a webhook) goes through here.

An address is parsed strictly, its name is resolved once, every answer must be a public unicast address, and the
connection is made to exactly the address that was checked, so that a name cannot change its mind in between. Each
redirect is a new address and is checked the same way. Size, unpacked size and total time are bounded. Proxies
named by the environment are not used.

    answer = fetch("https://example.com/feed.xml")
    answer.status, answer.headers["content-type"], answer.body, answer.url

What can happen is a status in the answer, or one of these, all `OutboundProblem`:
`AddressRefused` (never asked), `Unreachable`, `TookTooLong`, `AnswerTooLarge`, `TooManyRedirects`, `BadAnswer`.
`problem.was_sent` tells whether the request may have reached the other side.
"""

import hashlib
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import httpcore
import httpx
from flask_babel import lazy_gettext as _

from cms.core.addresses import (
    AddressRefused,
    OutboundProblem,
    Target,
    is_public,
    literal,
    next_target,
    parse_address,
    read_url,
)
from cms.core.config import Network
from cms.core.pages import config

Resolve = Callable[[str, int], list[str]]
Upload = tuple[str, str, str, bytes]  # field, file name, media type, content

SECONDS = 15.0  # for everything: name, connection, redirects, body
MOST_BYTES = 10 * 1024 * 1024
PORTS = (80, 443)
MAIL_PORTS = (25, 465, 587, 2525)
REDIRECTS = (301, 302, 303, 307, 308)
_CONNECT_SECONDS = 4.0
_SECRET_HEADERS = ("authorization", "cookie", "proxy-authorization")


class Unreachable(OutboundProblem):
    """No such name, no connection, no valid certificate, or the connection broke."""

    message = _("The other site could not be reached. Please check the address, or try again later.")


class TookTooLong(OutboundProblem):
    """The time for the whole exchange was over."""

    status = 504
    message = _("The other site took too long to answer.")


class AnswerTooLarge(OutboundProblem):
    """The answer, packed or unpacked, is larger than we take."""

    message = _("The other site sent more than is accepted here.")


class TooManyRedirects(OutboundProblem):
    """The address leads from one place to the next, or in a circle."""

    message = _("The address was redirected too often.")


class BadAnswer(OutboundProblem):
    """What came back is not HTTP, or packed in a way we do not unpack."""

    message = _("The other site sent an answer that could not be understood.")


@dataclass(frozen=True)
class Answer:
    """What the other side said. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str  # where it finally came from


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    redirects: int = 3,
    seconds: float = SECONDS,
    most_bytes: int = MOST_BYTES,
) -> Answer:
    """Ask an address and give the answer, whatever its status. Only GET and HEAD follow redirects.

    With `redirects=0` (a webhook) an answer of 3xx is given as it is. Raises `OutboundProblem`.
    """
    return client().fetch(
        url,
        method=method,
        headers=headers,
        content=content,
        redirects=redirects,
        seconds=seconds,
        most_bytes=most_bytes,
    )


def client() -> "OutboundClient":
    """The client of the running application, with the operator's exceptions."""
    return OutboundClient(allow=config().outbound_allow, user_agent=f"Parley/0.1 (+{config().base_url})")


class OutboundClient:
    """Guarded HTTP. `resolve` and `network` are the two ways it touches the world, and can be replaced in tests."""

    def __init__(
        self,
        *,
        allow: Iterable[Network] = (),
        resolve: Resolve | None = None,
        network: httpcore.NetworkBackend | None = None,
        certificates: ssl.SSLContext | None = None,
        user_agent: str = "Parley/0.1",
    ) -> None:
        self._allow = tuple(allow)
        self._resolve = resolve or _ask_resolver
        self._network = network or httpcore.SyncBackend()
        self._certificates = certificates
        self._user_agent = user_agent

    def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        redirects: int = 3,
        seconds: float = SECONDS,
        most_bytes: int = MOST_BYTES,
    ) -> Answer:
        """As the function of the same name."""
        exchange = _Exchange(deadline=time.monotonic() + seconds, most_bytes=most_bytes)
        target, sent = read_url(url), _our_headers(headers, self._user_agent)
        for hop in range(redirects + 1):
            answer = self._ask(exchange, target, method, sent, content)
            follows = redirects > 0 and method in ("GET", "HEAD") and answer.status in REDIRECTS
            if not follows or "location" not in answer.headers:
                return answer
            if hop == redirects:
                break
            before, target = target, next_target(target, answer.headers["location"])
            if target.origin != before.origin:
                sent = {name: value for name, value in sent.items() if name not in _SECRET_HEADERS}
        raise TooManyRedirects

    def mail_addresses(self, host: str, port: int, seconds: float = SECONDS) -> list[str]:
        """Where the name of a mail server leads, checked as for `fetch`. Raises `OutboundProblem`."""
        target = read_url(f"http://{host}:{port}/")
        exchange = _Exchange(deadline=time.monotonic() + seconds, most_bytes=0)
        with _explained(exchange):
            return self._checked_addresses(exchange, target, MAIL_PORTS)

    def _ask(
        self,
        exchange: "_Exchange",
        target: Target,
        method: str,
        headers: Mapping[str, str],
        content: bytes | None,
    ) -> Answer:
        with _explained(exchange):
            addresses = self._checked_addresses(exchange, target)
            network = _PinnedNetwork(self._network, addresses, exchange)
            url, certificates = httpcore.URL(target.url), self._certificates or _certificates()
            with (
                httpcore.HTTPConnection(url.origin, certificates, network_backend=network) as connection,
                connection.stream(
                    method, url, headers=[("Host", target.host_header), *headers.items()], content=content
                ) as response,
            ):
                found = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in response.headers}
                body = b"" if method == "HEAD" else _read(response.iter_stream(), found, exchange.most_bytes)
                return Answer(response.status, found, body, target.url)

    def _checked_addresses(
        self, exchange: "_Exchange", target: Target, ports: tuple[int, ...] = PORTS
    ) -> list[str]:
        """Where the name leads, when all of it is allowed: one bad answer spoils the rest."""
        written = literal(target.host)
        if written is not None:
            found = [str(written)]
        else:
            found = _resolve_within(exchange.remaining(), self._resolve, target.host, target.port)
        if not found:
            raise Unreachable
        for text in found:
            address = parse_address(text)
            if address is None:
                raise AddressRefused
            is_excepted = any(
                address in network for network in self._allow if network.version == address.version
            )
            if not is_excepted and not (is_public(address) and target.port in ports):
                raise AddressRefused
        return found


def multipart(
    form: Mapping[str, str] | Iterable[tuple[str, str]], files: Iterable[Upload]
) -> tuple[bytes, str]:
    """A form with files (RFC 7578) and its content type. The same form has the same bytes: its boundary is made of it."""
    fields, parts = dict(form), list(files)
    digest = hashlib.sha256(repr(sorted(fields.items())).encode())
    for name, filename, mime, content in parts:
        digest.update(f"{name} {filename} {mime}".encode() + content)
    request = httpx.Request(
        "POST",
        "http://localhost/",
        headers={"Content-Type": f"multipart/form-data; boundary={digest.hexdigest()}"},
        data=fields,
        files=[(name, (filename, content, mime)) for name, filename, mime, content in parts],
    )
    return request.read(), request.headers["Content-Type"]


# Names ------------------------------------------------------------------------------------------------------------

_resolvers = ThreadPoolExecutor(
    8, thread_name_prefix="resolve"
)  # a resolver that hangs holds a thread, not us


def _ask_resolver(host: str, port: int) -> list[str]:
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def _resolve_within(seconds: float, resolve: Resolve, host: str, port: int) -> list[str]:
    waiting = _resolvers.submit(resolve, host, port)
    try:
        return waiting.result(timeout=seconds)
    finally:
        waiting.cancel()


# Connections ------------------------------------------------------------------------------------------------------


@dataclass
class _Exchange:
    """What all the hops of one request share."""

    deadline: float
    most_bytes: int
    was_sent: bool = field(default=False)

    def remaining(self) -> float:
        """Seconds left; raises when there are none."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TookTooLong
        return left


class _PinnedNetwork(httpcore.NetworkBackend):
    """Connects to the checked addresses and to nothing else, whatever name it is asked for."""

    def __init__(self, network: httpcore.NetworkBackend, addresses: list[str], exchange: _Exchange) -> None:
        self._network = network
        self._addresses = addresses
        self._exchange = exchange

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """The first of the addresses that takes the connection."""
        problem: Exception = Unreachable()
        for address in self._addresses:
            seconds = min(_CONNECT_SECONDS, self._exchange.remaining())
            try:
                stream = self._network.connect_tcp(address, port, timeout=seconds)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
            else:
                return _TimedStream(stream, self._exchange)
        raise problem


class _TimedStream(httpcore.NetworkStream):
    """A connection on which no single read or write outlasts the whole exchange."""

    def __init__(self, stream: httpcore.NetworkStream, exchange: _Exchange) -> None:
        self._stream = stream
        self._exchange = exchange

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes."""
        return self._stream.read(max_bytes, timeout=self._exchange.remaining())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of these bytes."""
        self._exchange.was_sent = True
        self._stream.write(buffer, timeout=self._exchange.remaining())

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Encrypted from here on; the certificate must be for the name that was asked for."""
        secure = self._stream.start_tls(ssl_context, server_hostname, timeout=self._exchange.remaining())
        return _TimedStream(secure, self._exchange)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore wants to know about the socket."""
        return self._stream.get_extra_info(info)


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _our_headers(headers: Mapping[str, str] | None, user_agent: str) -> dict[str, str]:
    ours = {"user-agent": user_agent, "accept": "*/*"}
    theirs = {name.lower(): value for name, value in (headers or {}).items()}
    fixed = {"accept-encoding": "gzip", "connection": "close"}
    merged = {**ours, **theirs, **fixed}
    merged.pop("host", None)
    return merged


# Answers ----------------------------------------------------------------------------------------------------------


def _read(chunks: Iterable[bytes], headers: Mapping[str, str], most: int) -> bytes:
    """The body, unpacked, as long as neither form of it grows too large."""
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        raise AnswerTooLarge
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", "", "gzip", "x-gzip", "deflate"):
        raise BadAnswer
    unpack = None if coding in ("identity", "") else zlib.decompressobj(zlib.MAX_WBITS | 32)
    body, taken = bytearray(), 0
    for chunk in chunks:
        taken += len(chunk)
        if taken > most:
            raise AnswerTooLarge
        body += chunk if unpack is None else unpack.decompress(chunk, most - len(body) + 1)
        if len(body) > most or (unpack is not None and unpack.unconsumed_tail):
            raise AnswerTooLarge
    if unpack is not None and taken and not unpack.eof:
        raise BadAnswer
    return bytes(body)


@contextmanager
def _explained(exchange: _Exchange) -> Any:
    """Turn what libraries raise into what callers know."""
    try:
        yield
    except OutboundProblem as problem:
        problem.was_sent = exchange.was_sent
        raise
    except (httpcore.TimeoutException, TimeoutError) as error:
        raise _sent(TookTooLong(), exchange) from error
    except (httpcore.NetworkError, OSError) as error:
        raise _sent(Unreachable(), exchange) from error
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, zlib.error, ValueError) as error:
        raise _sent(BadAnswer(), exchange) from error


def _sent(problem: OutboundProblem, exchange: _Exchange) -> OutboundProblem:
    problem.was_sent = exchange.was_sent
    return problem
