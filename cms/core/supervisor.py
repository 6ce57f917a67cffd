"""`parley serve`: the web server and the worker under one roof.

Both are child processes. One that dies is started again, more slowly each time it dies young. SIGTERM is passed
on, and both get time to finish what they are doing. The supervisor itself holds none of Parley in memory.
"""

import contextlib
import json
import logging
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, NoReturn

from cms.core import logs
from cms.core.errors import Problem

log = logging.getLogger(__name__)
GRACE = 20  # seconds between asking a child to stop and stopping it
NICENESS = 5  # of the worker: somebody waits for the web server, and both are on one machine
CONNECTIONS = 2048  # of one web process at a time; others wait
LONGEST_PAUSE = 30  # seconds between restarts of a child that keeps dying


@dataclass
class Child:
    """One process we keep alive."""

    name: str
    command: list[str]
    niceness: int = 0
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    not_before: float = field(default=0.0)

    def start(self) -> None:
        """Start it, in a group of its own so that Ctrl-C reaches only the supervisor."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603 - our own words
        if self.niceness:
            with contextlib.suppress(ProcessLookupError):  # it is gone already
                os.setpriority(os.PRIO_PROCESS, self.process.pid, self.niceness)

    def look_after(self) -> None:
        """Start it again when it has died and its pause is over."""
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            self._end_group()  # a web server that was killed leaves its own children behind
            young = time.monotonic() - self.started < 60
            self.deaths = self.deaths + 1 if young else 1
            pause = min(2 ** (self.deaths - 1), LONGEST_PAUSE)
            log.error(
                "%s ended with %s; starting it again in %s s", self.name, self.process.returncode, pause
            )
            self.process, self.not_before = None, time.monotonic() + pause
        if time.monotonic() >= self.not_before:
            self.start()

    def stop(self, deadline: float) -> None:
        """Wait until it has ended; end it at the deadline."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._end_group()
            self.process.wait()

    def _end_group(self) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def refuse_a_taken_port(host: str, port: int) -> None:
    """The web server would share a port with another Parley without a word, and sessions would come and go by chance."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Problem(
                f"Something else answers at {host}:{port} already, or it cannot be used: {error.strerror}. "
                "Stop it, or choose another --port."
            ) from error


def become_supervisor(*, log_level: str, **options: Any) -> NoReturn:
    """Go on as `supervise(**options)` in this process, with nothing else in it: the number stays, the memory goes."""
    code = "from cms.core.supervisor import main; main()"
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-c", code, log_level, json.dumps(options)])  # noqa: S606 - our own words


def main() -> NoReturn:
    """What `become_supervisor` starts."""
    log_level, options = sys.argv[1:]
    logs.configure(log_level)
    sys.exit(supervise(**json.loads(options)))


def supervise(*, host: str, port: int, workers: int, with_worker: bool) -> int:
    """Serve until SIGTERM or SIGINT; gives the exit code."""
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    _allow_files(2 * CONNECTIONS)
    children = [Child("web", web_command(host=host, port=port, workers=workers))]
    if with_worker:
        children.append(Child("worker", parley_command("worker"), NICENESS))
    while not stopping.is_set():
        for child in children:
            child.look_after()
        stopping.wait(0.5)
    for child in children:
        if child.process is not None and child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + GRACE
    for child in children:
        child.stop(deadline)
    return 0


def _allow_files(wanted: int) -> None:
    """Each connection is an open file, and many systems allow a thousand unless somebody asks for more."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY:
        wanted = min(wanted, most)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def parley_command(*arguments: str) -> list[str]:
    """How the `parley` command is started by another process. Not with `-m app`: helper processes read again what their
    parent was started from, and each would hold all of Parley in memory for nothing."""
    return [sys.executable, "-c", "from app import main; main()", *arguments]


def web_command(*, host: str, port: int, workers: int) -> list[str]:
    """How Granian is started: each process has one event loop, and threads of its own (`cms.core.front`)."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "rsgi", "--factory", "app:serve_app"),
        *("--host", host, "--port", str(port), "--workers", str(workers)),
        *("--backlog", "1024", "--backpressure", str(CONNECTIONS)),
        *("--workers-kill-timeout", "15", "--respawn-failed-workers", "--no-ws", "--log-level", "warning"),
    ]
