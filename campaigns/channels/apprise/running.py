"""Running Apprise in a process without network, and asking what it asks for it."""

import base64
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from campaigns.channels.adapter import Seat
from campaigns.channels.http import Lost, Reply

_CHILD = Path(__file__).with_name("child.py")
_MOST_REQUESTS = 12  # of one notification; more is a loop
_WRITES = ("POST", "PUT", "PATCH", "DELETE")


@dataclass
class Run:
    """What happened: what Apprise said at the end, and what the line said on the way."""

    told: dict[str, Any] | None = None  # None: it did not come to an end
    last: Reply | Lost | None = None
    wrote: int = 0  # requests that may change something, and that were answered with 2xx
    asked: int = 0
    said: list[str] = field(default_factory=list)


def run(seat: Seat, wanted: dict[str, Any], *, seconds: float) -> Run:
    """Do what is wanted (see `child.py`) within a time. Never raises for what the child or the line does."""
    found, deadline = Run(), time.monotonic() + seconds
    with _child(seconds) as child, suppress(BrokenPipeError, ValueError):
        _write(child, wanted)
        while line := _read(child):
            message = json.loads(line)
            if "ask" not in message:
                found.told, found.said = message, [str(one) for one in message.get("said", [])]
                break
            if found.asked >= _MOST_REQUESTS or time.monotonic() > deadline or _must_stop(found.last):
                break
            _write(child, _answer(seat, message["ask"], found))
    return found


def _answer(seat: Seat, asked: dict[str, Any], found: Run) -> dict[str, Any]:
    found.asked += 1
    try:
        found.last = reply = seat.http.ask(
            str(asked["method"]),
            str(asked["url"]),
            headers=asked["headers"],
            content=base64.b64decode(asked["body"]) or None,
        )
    except Lost as problem:
        found.last = problem
        return {"lost": True}
    found.wrote += reply.is_ok and asked["method"] in _WRITES
    body = base64.b64encode(reply.body).decode()
    return {"status": reply.status, "headers": dict(reply.headers), "body": body}


def _must_stop(last: Reply | Lost | None) -> bool:
    """Plug-ins that try again by themselves are not let: our queue does that."""
    return isinstance(last, Lost) or (isinstance(last, Reply) and last.status == 429)


@contextmanager
def _child(seconds: float) -> Iterator["subprocess.Popen[str]"]:
    """The process, gone when the block ends, and killed when its time is over. It gets nothing of our environment."""
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and file; what people typed goes in by the pipe
        [sys.executable, "-I", str(_CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"HOME": "/nonexistent", "LANG": "C.UTF-8"},
        text=True,
        encoding="utf-8",
    )
    end = threading.Timer(seconds, child.kill)
    end.start()
    try:
        yield child
    finally:
        end.cancel()
        child.kill()
        for pipe in (child.stdin, child.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
        child.wait()


def _write(child: "subprocess.Popen[str]", what: dict[str, Any]) -> None:
    assert child.stdin is not None
    child.stdin.write(json.dumps(what) + "\n")
    child.stdin.flush()


def _read(child: "subprocess.Popen[str]") -> str:
    assert child.stdout is not None
    return child.stdout.readline()
