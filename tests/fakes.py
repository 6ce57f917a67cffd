"""Stand-ins for the world outside, each a real server on loopback that does what it is told."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class MailServer:
    """A mail server. `answers` maps what a client says (`RCPT`, `DATA`, `.`) to a refusal; all else is accepted."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    received: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    extensions: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """For PARLEY_SMTP_URL."""
        return f"smtp://127.0.0.1:{self.port}"


@contextmanager
def mail_server(**answers: str) -> Iterator[MailServer]:
    """A mail server on a free port while the block runs."""
    state = MailServer(answers=answers)

    class Talk(socketserver.StreamRequestHandler):
        timeout = 10

        def say(self, words: str) -> None:
            self.wfile.write(words.encode() + b"\r\n")

        def handle(self) -> None:
            self.say(state.answers.get("CONNECT", "220 here"))
            for line in self.rfile:
                verb = line.decode("utf-8", "replace").strip()
                word = verb.split(":")[0].split(" ")[0].upper()
                refusal = state.answers.get(word)
                if refusal:
                    self.say(refusal)
                elif word == "EHLO":
                    self.say(
                        "\r\n".join(["250-here", *(f"250-{one}" for one in state.extensions), "250 8BITMIME"])
                    )
                elif word == "DATA":
                    self.say("354 go on")
                    self.take()
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    if word == "RCPT":
                        state.recipients.append(verb.split("<")[1].split(">")[0])
                    self.say("250 fine")

        def take(self) -> None:
            lines = []
            for line in self.rfile:
                if line == b".\r\n":
                    break
                lines.append(line.removeprefix(b"."))
            refusal = state.answers.get("BODY")
            if refusal:
                self.say(refusal)
                return
            message = message_from_bytes(b"".join(lines), policy=policy.default)
            assert isinstance(message, EmailMessage)
            state.received.append(message)
            self.say("250 kept")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", 0), Talk) as server:
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()


def free_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def web_site(pages: dict[str, tuple[str, bytes]]) -> Iterator[str]:
    """Another site on this machine: what it answers by path, as (type, body); anything else is 404. Gives its address."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = pages.get(self.path, ("text/plain", b""))
            self.send_response(200 if self.path in pages else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
