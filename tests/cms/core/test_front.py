"""What stands before the application: under the real web server, and on a loop of its own for what takes long."""

import asyncio
import gzip
import http.client
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import wrap_file

from cms.core import front
from cms.core.front import Front, by_a_thread
from cms.core.supervisor import web_command

ROOT = Path(__file__).parents[3]
LONG = [b"%07d\n" % number for number in range(400_000)]  # 3.2 MB
FILE = b"".join(LONG[:100_000])
LARGE = str(front.AT_ONCE + 1)  # bytes: more than are waited for before a thread is
Done = TypeVar("Done")


def application(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Says what it was asked; `/at-once` before any thread is."""
    if environ["PATH_INFO"] == "/at-once":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [threading.current_thread().name.encode()]
    return by_a_thread(_waiting, environ, start_response)


def _waiting(environ: Any, start_response: Any) -> Iterable[bytes]:
    request = Request(environ)
    response = Response()
    if request.path == "/long":
        response = Response(iter(LONG))
    elif request.path == "/file":
        file = stored(environ["SERVER_PORT"]).open("rb")
        response = Response(wrap_file(environ, file), direct_passthrough=True)
        response.content_length = len(FILE)
        response.make_conditional(environ, accept_ranges=True, complete_length=len(FILE))
        response.call_on_close(file.close)
    elif request.path == "/packed":
        with stored(environ["SERVER_PORT"]).open("rb") as file:
            response = Response(gzip.compress(b"".join(wrap_file(environ, file))))
        response.content_encoding = "gzip"
    elif request.path == "/refused":
        return RequestEntityTooLarge("Too large.")(environ, start_response)
    elif request.path == "/slow":
        stored(f"{environ['SERVER_PORT']}-waits").touch()
        while not stored(f"{environ['SERVER_PORT']}-goes").exists():
            threading.Event().wait(0.02)
        response = Response(b"done")
    elif request.path == "/nothing":
        response = Response(status=204)
    elif request.path == "/broken":
        raise LookupError("as a test wants it")
    else:
        said = {name: value for name, value in environ.items() if isinstance(value, str)}
        body = request.get_data()
        response = Response(
            json.dumps(
                {
                    **said,
                    "body": len(body),
                    "end": body[-9:].decode(),
                    "thread": threading.current_thread().name,
                }
            )
        )
        response.set_cookie("one", "1")
        response.set_cookie("two", "2")
    return response(environ, start_response)


def make_front() -> Front:
    """What the web server is given."""
    return Front(application)


def stored(port: object) -> Path:
    """A file that the server on this port gives."""
    return Path(tempfile.gettempdir(), f"parley-front-{port}")


@contextmanager
def serving() -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """The web server with one process, and its port; ended afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = int(probe.getsockname()[1])
    command = web_command(host="127.0.0.1", port=number, workers=1)
    command[command.index("app:serve_app")] = "tests.cms.core.test_front:make_front"
    stored(number).write_bytes(FILE)
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        deadline = time.monotonic() + 60
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", number), 1):
                break
            assert process.poll() is None
            assert time.monotonic() < deadline
        yield number, process
    finally:
        process.terminate()
        assert process.wait(30) == 0
        stored(number).unlink()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving() as (number, _):
        yield number


def lets_in(port: int) -> bool:
    """Whether the server takes requests."""
    try:
        return ask(port, "/at-once")[0] == 200
    except OSError:
        return False


def ask(
    port: int, path: str, body: Any = None, method: str = "GET", **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request(
            method, path, body, {name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def test_the_environment_is_that_of_the_request(port: int) -> None:
    _, headers, body = ask(port, "/%E4%BD%A0?a=%20b&c", Accept_Language="zh")
    said = json.loads(body)
    assert said["PATH_INFO"].encode("latin-1").decode() == "/你"
    assert (said["QUERY_STRING"], said["REQUEST_METHOD"], said["REMOTE_ADDR"]) == (
        "a=%20b&c",
        "GET",
        "127.0.0.1",
    )
    assert (said["SERVER_PORT"], said["HTTP_HOST"]) == (str(port), f"127.0.0.1:{port}")
    assert (said["SCRIPT_NAME"], said["HTTP_ACCEPT_LANGUAGE"]) == ("", "zh")
    assert "CONTENT_LENGTH" not in said
    assert headers.get_all("Set-Cookie") == ["one=1; Path=/", "two=2; Path=/"]


def test_headers_said_twice_are_joined_and_one_with_an_underscore_is_not_that_of_a_proxy(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(
            b"GET / HTTP/1.1\r\nHost: here\r\nX-Forwarded-For: 1.1.1.1\r\nX_Forwarded_For: 2.2.2.2\r\n"
            b"X-Forwarded-For: 3.3.3.3\r\nCookie: a=1\r\nCookie: b=2\r\nConnection: close\r\n\r\n"
        )
        said = json.loads(client.makefile("rb").read().partition(b"\r\n\r\n")[2])
    assert said["HTTP_X_FORWARDED_FOR"] == "1.1.1.1,3.3.3.3"
    assert said["HTTP_COOKIE"] == "a=1; b=2"


def test_what_need_not_wait_is_answered_on_the_loop_and_the_rest_by_a_thread(port: int) -> None:
    assert not ask(port, "/at-once")[2].startswith(b"request")
    assert json.loads(ask(port, "/")[2])["thread"].startswith("request")


@pytest.mark.parametrize("size", [1, front.AT_ONCE, front.AT_ONCE + 1, 20_000_000])
def test_a_body_of_any_size_arrives(port: int, size: int) -> None:
    _, _, body = ask(port, "/", b"x" * (size - 1) + b"!", "POST")
    said = json.loads(body)
    assert (said["CONTENT_LENGTH"], said["body"], said["end"][-1]) == (str(size), size, "!")


def test_a_body_without_a_length_arrives_unless_it_is_large(port: int) -> None:
    _, _, body = ask(port, "/", iter([b"some ", b"", b"pieces"]), "POST")
    assert json.loads(body)["end"] == "me pieces"
    with suppress(BrokenPipeError, ConnectionResetError):  # it need not be taken to its end
        status, headers, body = ask(port, "/", iter([b"x" * 65_536] * 40), "POST")
        assert (status, headers["Connection"], b"length" in body) == (413, "close", True)


def test_a_large_body_that_nobody_may_send_is_not_waited_for(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), 20) as client:
        client.sendall(b"POST /refused HTTP/1.1\r\nHost: here\r\nContent-Length: 900000000\r\n\r\nonly this")
        assert client.recv(100).startswith(b"HTTP/1.1 413")


def test_who_sends_half_a_body_and_waits_keeps_nobody_waiting(port: int) -> None:
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
    for client in held:
        client.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\nhalf")
    assert ask(port, "/")[0] == 200
    held[0].sendall(b"x" * 96)
    assert held[0].recv(100).startswith(b"HTTP/1.1 200")
    for client in held:
        client.close()
    assert ask(port, "/")[0] == 200


def test_a_long_answer_is_whole_and_leaves_a_thread_before_it_is_taken(port: int) -> None:
    slow = [socket.create_connection(("127.0.0.1", port), 30) for _ in range(2 * front.THREADS)]
    for client in slow:
        client.sendall(b"GET /long HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
    assert ask(port, "/long")[2] == b"".join(LONG)
    for client in slow:
        assert client.makefile("rb").read().endswith(LONG[-1] + b"\r\n0\r\n\r\n")
        client.close()


def test_a_file_is_given_whole_and_in_parts(port: int) -> None:
    status, headers, body = ask(port, "/file")
    assert (status, headers["Content-Length"], body == FILE) == (200, str(len(FILE)), True)
    status, headers, body = ask(port, "/file", Range="bytes=8-23")
    assert (status, headers.get_all("Content-Range")) == (206, [f"bytes 8-23/{len(FILE)}"])
    assert (body, headers.get_all("Content-Length")) == (b"".join(LONG[1:3]), ["16"])
    status, headers, body = ask(port, "/file", Range="bytes=-8")
    assert (status, body) == (206, LONG[99_999])
    status, headers, body = ask(port, "/file", method="HEAD")
    assert (status, headers["Content-Length"], body) == (200, str(len(FILE)), b"")


def test_a_file_that_a_layer_packed_is_given_as_it_was_packed(port: int) -> None:
    status, headers, body = ask(port, "/packed")
    assert (status, headers["Content-Encoding"], headers["Content-Length"]) == (200, "gzip", str(len(body)))
    assert gzip.decompress(body) == FILE


def test_an_answer_without_a_body_and_an_application_that_breaks(port: int) -> None:
    assert ask(port, "/nothing")[::2] == (204, b"")
    assert ask(port, "/broken")[0] == 500
    assert ask(port, "/at-once")[0] == 200


def test_what_is_being_answered_is_finished_when_the_server_is_asked_to_stop() -> None:
    with serving() as (port, process), ThreadPoolExecutor(1) as asking:
        waits, goes = stored(f"{port}-waits"), stored(f"{port}-goes")
        answer = asking.submit(ask, port, "/slow")
        deadline = time.monotonic() + 30
        while not waits.exists():
            assert time.monotonic() < deadline
        process.terminate()
        while lets_in(port):
            assert time.monotonic() < deadline
        goes.touch()
        assert answer.result(30)[::2] == (200, b"done")
        assert process.wait(30) == 0
        waits.unlink()
        goes.unlink()


# On a loop of its own: what takes long is shortened ----------------------------------------------------------------


class Sender:
    """Sends these pieces of a body, then nothing more, or its end where that is said; keeps what it is answered."""

    def __init__(self, *pieces: bytes | None) -> None:
        self.pieces, self.answers = list(pieces), list[tuple[Any, ...]]()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __call__(self) -> bytes:
        body = b""
        while (piece := await self._next()) is not None:
            body += piece
        return body

    async def __anext__(self) -> bytes:
        piece = await self._next()
        if piece is None:
            raise StopAsyncIteration
        return piece

    async def _next(self) -> bytes | None:
        if not self.pieces:
            await asyncio.Event().wait()
        return self.pieces.pop(0)

    def response_bytes(self, *said: Any) -> None:
        self.answers.append(said)


class Scope:
    """A request to send something."""

    server, client, scheme, http_version, authority = "[::1]:8000", "[::2]:4000", "http", "1.1", None
    path, query_string, method = "/", "", "POST"

    def __init__(self, **headers: str) -> None:
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def run(what: Coroutine[Any, Any, Done]) -> Done:
    """On a new loop, in a thread that has none: a browser of other tests may keep one in this."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(asyncio.run, what).result()


def let_answer(application: Any, sender: Sender, **headers: str) -> tuple[Any, ...]:
    """What is answered to whoever sends this, once."""

    async def answer() -> None:
        made = Front(application)
        made.__rsgi_init__(asyncio.get_running_loop())
        await made.__rsgi__(Scope(**headers), sender)  # type: ignore[arg-type]
        made.__rsgi_del__(asyncio.get_running_loop())

    run(answer())
    [said] = sender.answers
    return said


def test_a_small_body_that_does_not_come_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "PATIENCE", 0.05)
    for sender, headers in (
        (Sender(b"half"), {"content_length": "9"}),
        (Sender(), {"transfer_encoding": "chunked"}),
    ):
        status, said, body = let_answer(application, sender, **headers)
        assert (status, ("Connection", "close") in said, b"too long" in body) == (408, True, True)


def test_who_sends_steadily_gets_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of the first bytes is over; what came bought two seconds, or not even one."""
    monkeypatch.setattr(front, "PATIENCE", -1)
    enough, little = Sender(b"x" * 2 * front.SLOWEST, None), Sender(b"x" * (front.SLOWEST // 2))
    assert len(run(front._body(enough, None)).read()) == 2 * front.SLOWEST  # type: ignore[arg-type]
    with pytest.raises(front._Refused):
        run(front._body(little, None))  # type: ignore[arg-type]


def reading(heard: list[OSError]) -> Any:
    """An application that reads all it is sent, and keeps why it could not."""

    def read(environ: Any, start_response: Any) -> Iterable[bytes]:
        assert threading.current_thread().name.startswith("request")  # even before `by_a_thread`
        try:
            environ["wsgi.input"].read()
        except OSError as error:
            heard.append(error)
        start_response("400 BAD REQUEST", [])
        return [b"not all"]

    return read


def test_a_large_body_that_falls_silent_ends_its_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "SILENCE", 0.05)
    heard: list[OSError] = []
    silent = Sender(b"x" * 70_000)
    assert let_answer(reading(heard), silent, content_length=LARGE) == (400, [], b"not all")
    assert [type(one) for one in heard] == [TimeoutError]


def test_half_a_file_is_not_taken_for_all_of_it() -> None:
    heard: list[OSError] = []
    broken = Sender(b"x" * 70_000, b"", None)
    assert let_answer(reading(heard), broken, content_length=LARGE) == (400, [], b"not all")
    assert [type(one) for one in heard] == [ConnectionError]
    assert let_answer(application, Sender(b"half", b"", None), content_length="9")[0] == 400


def test_addresses_of_version_6_are_said_without_brackets() -> None:
    environ = front.environ_of(Scope(host="here"))
    assert (environ["REMOTE_ADDR"], environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("::2", "::1", "8000")


def test_an_application_that_is_called_by_something_else_goes_on_at_once() -> None:
    assert b"".join(by_a_thread(lambda environ, start: [b"here"], {}, lambda *said: print)) == b"here"  # type: ignore[arg-type]


def test_the_command_line_names_this_way() -> None:
    command = web_command(host="127.0.0.1", port=1, workers=3)
    assert command[0] == sys.executable
    assert command[command.index("--interface") + 1] == "rsgi"
