"""Where requests arrive: what can be said at once is answered here, the rest by threads once all of a request is there.

Granian calls `Front` on the one event loop of each web process (RSGI, the interface of that server). So nobody who
sends slowly, takes slowly or asks for a slow page keeps others waiting: bodies are read here, within bounds of time and
size, pages in memory, links and what pages say of visits are answered here, and files are given by the server itself.
Layers before the page cache run here and must not wait; they and the application are plain WSGI (PEP 3333).
"""

import asyncio
import io
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from granian.rsgi import ProtocolClosed, ProtocolError  # type: ignore[attr-defined]  # it documents them
from werkzeug.http import parse_content_range_header
from werkzeug.wsgi import FileWrapper

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

THREADS = 8  # of a process, for what may wait
AT_ONCE = 2 * 2**20  # bytes of a body that are waited for before anybody is bothered: forms and texts
PATIENCE = 30  # seconds in which a body comes, and
SLOWEST = 16 * 1024  # as many bytes in each second after that
SILENCE = 10  # seconds without a byte of a large body
IN_MEMORY = 2**20  # bytes of an answer; a longer one waits in a file for who takes it
OPENED_WITHIN = 60  # seconds in which the server has opened such a file: it does so when it is told of it
_LATER = "parley.later"
_TOO_SLOW = "It took too long until all of it was here. Please send it again."
_NOT_ALL = "Not all of it arrived. Please send it again."
_TOO_LARGE = "This is too large to be sent without saying its length first."
_REFUSED = [("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")]
_HANDED_OVER: list[bytes] = []
Headers = list[tuple[str, str]]


class Incoming(Protocol):
    """What Granian gives for a request; see its specification of RSGI."""

    async def __call__(self) -> bytes: ...
    def __aiter__(self) -> AsyncIterator[bytes]: ...
    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None: ...
    def response_file(self, status: int, headers: Headers, file: str) -> None: ...
    def response_file_range(self, status: int, headers: Headers, file: str, start: int, end: int) -> None: ...


def by_a_thread(
    app: "WSGIApplication", environ: "WSGIEnvironment", start_response: "StartResponse"
) -> Iterable[bytes]:
    """Go on with `app`, which may wait: in a thread where requests arrive, at once anywhere else."""
    later = environ.pop(_LATER, None)
    if later is None:
        return app(environ, start_response)
    later.append(partial(app, environ, start_response))
    return _HANDED_OVER


class Front:
    """Answers for one process, with this application behind it."""

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app
        self.threads = ThreadPoolExecutor(THREADS, "request")

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Called by the server before the first request."""
        self.folder = tempfile.TemporaryDirectory(prefix="parley-answers-")

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Called by the server after the last."""
        self.threads.shutdown()
        self.folder.cleanup()

    async def __rsgi__(self, scope: Any, incoming: Incoming) -> None:
        """One request, as Granian hands it over."""
        environ, answer = environ_of(scope), _Answer()
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            try:
                environ["wsgi.input"] = await _body(incoming, environ.get("CONTENT_LENGTH"))
            except _Refused as refused:
                incoming.response_bytes(refused.status, _REFUSED, f"{refused}\n".encode())
                return
            except (ProtocolClosed, ProtocolError):
                return  # whoever sent it has gone
        later: list[Callable[[], Iterable[bytes]]] = []
        if isinstance(environ["wsgi.input"], io.BufferedReader):  # reading it may wait
            later.append(partial(self.app, environ, answer.start))
        else:
            environ[_LATER] = later
            answer.body = b"".join(self.app(environ, answer.start))
        if later:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self.threads, answer.make, later[0], environ, self.folder.name)
            if answer.is_passing:
                loop.call_later(OPENED_WITHIN, partial(Path(answer.path).unlink, missing_ok=True))
        answer.send(incoming)


class _Answer:
    """What is said to a request: bytes, or all or a part of a file."""

    def __init__(self) -> None:
        self.status, self.headers = 500, list[tuple[str, str]]()
        self.body, self.path = b"", ""
        self.part: tuple[int, int] | None = None  # of the file: from, and up to
        self.is_passing = False  # the file was made for this answer
        self._given: _Given | None = None

    def start(self, status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        """`start_response` of PEP 3333, without its old way of writing."""
        self.status, self.headers = int(status[:3]), headers
        return _write_nothing

    def make(self, run: Callable[[], Iterable[bytes]], environ: "WSGIEnvironment", folder: str) -> None:
        """Let the application answer, in a thread; it is done with the request when this returns."""
        environ["wsgi.file_wrapper"] = self._wrap
        chunks = run()
        try:
            if not (environ["REQUEST_METHOD"] == "GET" and self._is_a_file()):
                self._collect(chunks, folder)
        finally:
            close = getattr(chunks, "close", None)
            if close:
                close()

    def send(self, incoming: Incoming) -> None:
        """Give it to the server, which waits for who takes it slowly."""
        if self.part:
            incoming.response_file_range(self.status, self.headers, self.path, *self.part)
        elif self.path:
            incoming.response_file(self.status, self.headers, self.path)
        else:
            incoming.response_bytes(self.status, self.headers, self.body)

    def _wrap(self, file: Any, size: int = 8192) -> "_Given":
        self._given = _Given(file, size)
        return self._given

    def _is_a_file(self) -> bool:
        """Whether the application gave a file of this machine, or a part of one: then nobody here reads it."""
        if self._given is None or self._given.is_read:
            return False
        name = getattr(self._given.file, "name", None)
        if self.status not in (200, 206) or not isinstance(name, str) or not os.path.isfile(name):
            return False
        if self.status == 206:
            said = next((value for key, value in self.headers if key.lower() == "content-range"), None)
            asked = parse_content_range_header(said)
            if asked is None or asked.start is None or asked.stop is None:
                return False
            self.part = asked.start, asked.stop
        self.path = os.path.abspath(name)
        return True

    def _collect(self, chunks: Iterable[bytes], folder: str) -> None:
        start, rest = io.BytesIO(), iter(chunks)
        for some in rest:
            start.write(some)
            if start.tell() > IN_MEMORY:
                with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
                    file.write(start.getbuffer())
                    file.writelines(rest)
                self.path, self.is_passing = file.name, True
                return
        self.body = start.getvalue()


class _Given(FileWrapper):
    """A file as the application gives it; whoever read from it, such as a layer that packs, makes another answer of it."""

    is_read = False

    def __next__(self) -> bytes:
        self.is_read = True
        return super().__next__()


class _Refused(Exception):
    """A body that is not waited for any longer."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class _Coming(io.RawIOBase):
    """A large body while it comes in, for a thread that reads it. Raises `TimeoutError` where nothing comes, and
    `ConnectionError` where it ends too soon: half a file is none."""

    def __init__(self, incoming: Incoming, length: int) -> None:
        self._chunks, self._loop, self._left = aiter(incoming), asyncio.get_running_loop(), b""
        self._missing = length

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """As much as is there, or comes next; 0 at its end."""
        if not self._left:
            coming = asyncio.run_coroutine_threadsafe(self._next(), self._loop)
            self._left = coming.result(SILENCE + 1)  # should the loop have ended
            self._missing -= len(self._left)
            if not self._left and self._missing > 0:
                raise ConnectionError(_NOT_ALL)
        room = memoryview(buffer).cast("B")
        some, self._left = self._left[: len(room)], self._left[len(room) :]
        room[: len(some)] = some
        return len(some)

    async def _next(self) -> bytes:
        async with asyncio.timeout(SILENCE):
            return await anext(self._chunks, b"")


async def _body(incoming: Incoming, length: str | None) -> IO[bytes]:
    """All of a small body; of a large one, something from which a thread reads it if it wants to: whether somebody may
    send so much is asked before it is taken. Raises `_Refused`."""
    if length is not None and int(length) > AT_ONCE:
        return io.BufferedReader(_Coming(incoming, int(length)))
    try:
        if length is None:
            return io.BytesIO(await _pieces(incoming))
        async with asyncio.timeout(PATIENCE + int(length) / SLOWEST):
            body = await incoming()
    except TimeoutError as error:
        raise _Refused(408, _TOO_SLOW) from error
    if len(body) < int(length):
        raise _Refused(400, _NOT_ALL)
    return io.BytesIO(body)


async def _pieces(incoming: Incoming) -> bytes:
    """A body of which nobody knows how long it will be. Raises `TimeoutError` and `_Refused`."""
    start, body = asyncio.get_running_loop().time(), bytearray()
    async with asyncio.timeout(PATIENCE) as limit:
        async for some in incoming:
            body += some
            if len(body) > AT_ONCE:
                raise _Refused(413, _TOO_LARGE)
            limit.reschedule(start + PATIENCE + len(body) / SLOWEST)
    return bytes(body)


def environ_of(scope: Any) -> "WSGIEnvironment":
    """The request as PEP 3333 says it, without a body."""
    server, client = scope.server.rpartition(":"), scope.client.rpartition(":")
    path = scope.path
    environ = {
        **_ALWAYS,
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": path if path.isascii() else path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": "HTTP/" + scope.http_version,
        "SERVER_NAME": server[0].strip("[]"),
        "SERVER_PORT": server[2],
        "REMOTE_ADDR": client[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(),
    }
    for name, value in scope.headers.items():
        key = _key(name)
        if key not in environ:
            environ[key] = value
        elif key:  # said twice (RFC 9110, 5.3; cookies RFC 9113, 8.2.3)
            environ[key] += f"{'; ' if name == 'cookie' else ','}{value}"
    if "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority or ""
    return environ


_ALWAYS: "WSGIEnvironment" = {
    "": "",  # headers with an underscore: they would be taken for those with a hyphen, which proxies set
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
}


@lru_cache(maxsize=1024)
def _key(name: str) -> str:
    """What a header is called in the environment of WSGI."""
    if "_" in name:
        return ""
    key = name.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def _write_nothing(data: bytes) -> object:
    raise RuntimeError("an application gives its answer as an iterable")
