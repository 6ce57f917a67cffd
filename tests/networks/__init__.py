"""Networks for tests: real HTTP servers on loopback, each with the rules of the network it stands for, a ledger of what
it accepted, and a script of what it does instead of answering well.

    with running(WebhookReceiver()) as network:
        network.script("hang")            # the next request is accepted, and never answered
        ...
        assert network.accepted("msg_1") == 1

A network is a class with `answer(request) -> Answer`, strict as the real one is: unknown field, wrong header, text over
its limit answer with that network's own error. What it accepts it writes down with `accept`.
"""

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

# What a script may say, one word a request:
#   "ok"          answer as always
#   "hang"        do it, then never answer (until the client is gone)
#   "cut"         do it, then cut the line
#   "cut_before"  cut the line without doing it
#   "drip"        do it, answer a byte at a time, very slowly
#   "500_after"   do it, and answer 500
#   "500", "503", "429", "401" …        answer so without doing it
#   ("429", {"Retry-After": "7"})       the same with headers
#   ("400", {}, {"error": "…"})         the same with a JSON body
Behaviour = str | tuple[str, Mapping[str, str]] | tuple[str, Mapping[str, str], Any]


@dataclass(frozen=True)
class Request:
    """What a client asked. Header names are lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    asked: str = ""  # the query as it came

    def several(self, name: str) -> list[str]:
        """All values of a name in the query, in order."""
        return parse_qs(self.asked).get(name, [])

    @property
    def json(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def form(self) -> Mapping[str, str]:
        """The body as a form."""
        return {
            name: values[-1] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()
        }


@dataclass(frozen=True)
class Answer:
    """What a network says: a JSON body unless it is bytes."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """As it is sent."""
        return (
            self.body if isinstance(self.body, bytes) else json.dumps(self.body, ensure_ascii=False).encode()
        )


@dataclass(frozen=True)
class Accepted:
    """One line of the ledger: something that readers of this network can see."""

    key: str
    what: Any


class Network:
    """A network without rules. Threads share one object, so a ledger is written under its lock."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.ledger: list[Accepted] = []
        self.requests: list[Request] = []
        self.url = ""
        self._script: list[tuple[str, Behaviour]] = []  # the end of a path, and what is done there
        self._gone = threading.Event()

    def answer(self, request: Request) -> Answer:
        """What this network does and says."""
        raise NotImplementedError

    def script(self, *behaviours: Behaviour, at: str = "") -> None:
        """What it does with the next requests, one by one; afterwards it answers well.

        `at` is how the path of those requests ends: where a worker also comes for figures, only one who sends is
        answered so.
        """
        with self.lock:
            self._script += [(at, one) for one in behaviours]

    def accept(self, key: str, what: Any = None) -> None:
        """Write down that readers can see something."""
        with self.lock:
            self.ledger.append(Accepted(key, what))

    def accepted(self, key: str) -> int:
        """How often something with this key was accepted."""
        with self.lock:
            return sum(one.key == key for one in self.ledger)

    def next_behaviour(self, request: Request) -> Behaviour:
        """Taken from the script."""
        with self.lock:
            self.requests.append(request)
            for number, (at, behaviour) in enumerate(self._script):
                if request.path.endswith(at):
                    del self._script[number]
                    return behaviour
            return "ok"

    def wait_until_gone(self) -> None:
        """Keep a client waiting: until the network is shut down."""
        self._gone.wait(60)

    def serving(self) -> AbstractContextManager[None]:
        """Serve HTTP while the block runs. A network that speaks otherwise overrides it."""
        return _serving(self)

    @property
    def is_shut(self) -> bool:
        """Whether those who wait may go."""
        return self._gone.is_set()

    def shut(self) -> None:
        """Let those who wait go."""
        self._gone.set()


Kind = TypeVar("Kind", bound=Network)


@contextmanager
def running(network: Kind) -> Iterator[Kind]:
    """The network on a free port of 127.0.0.1 while the block runs; `network.url` is where."""
    with network.serving():
        yield network


class _Server(ThreadingHTTPServer):
    """Takes all the connections that workers open at the same time."""

    request_queue_size = 128
    daemon_threads = True
    block_on_close = False


@contextmanager
def _serving(network: Network) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def log_message(self, *arguments: object) -> None:
            pass

        def handle_one_request(self) -> None:
            with suppress(ConnectionError, TimeoutError):
                super().handle_one_request()

        def _take(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            request = Request(
                method=self.command,
                path=parts.path,
                query={
                    name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()
                },
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(length),
                asked=parts.query,
            )
            said = network.next_behaviour(request)
            word, headers, body = (*((said,) if isinstance(said, str) else said), {}, None)[:3]
            if word == "cut_before":
                self._cut()
                return
            if word.isdigit():
                self._say(Answer(int(word), body if body is not None else {"error": word}, headers))
                return
            answer = network.answer(request)
            if word == "hang":
                network.wait_until_gone()
                self._cut()
            elif word == "cut":
                self._cut()
            elif word == "500_after":
                self._say(Answer(500, {"error": "after"}))
            elif word == "drip":
                self._drip(answer)
            else:
                self._say(answer)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _take

        def _say(self, answer: Answer) -> None:
            content = answer.content
            self.send_response(answer.status)
            kinds = {"Content-Type": "application/json"} | dict(answer.headers)
            for name, value in kinds.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def _drip(self, answer: Answer) -> None:
            self.wfile.write(f"HTTP/1.1 {answer.status} OK\r\nContent-Length: 100000\r\n\r\n".encode())
            while not network._gone.wait(0.2):
                self.wfile.write(b" ")
                self.wfile.flush()

        def _cut(self) -> None:
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    server = _Server(("127.0.0.1", 0), Handler)
    network.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        network.shut()
        server.shutdown()
        server.server_close()
        thread.join()
