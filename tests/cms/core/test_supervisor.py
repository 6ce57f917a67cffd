"""`parley serve` as an operator meets it: real processes, real signals."""

import os
import resource
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cms.core import supervisor
from cms.core.errors import Problem
from cms.core.supervisor import parley_command
from tests.databases import migrated_database

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.slow


@dataclass
class Served:
    """A running `parley serve`."""

    process: "subprocess.Popen[bytes]"
    url: str
    log: Path

    def child(self, word: str) -> int:
        """The process number of the child that has this word among its arguments; 0 when there is none."""
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                command = (entry / "cmdline").read_bytes().decode().split("\0")
            except (OSError, ValueError):
                continue
            if parent == self.process.pid and word in command:
                return int(entry.name)
        return 0

    def answers(self) -> bool:
        """Whether it is ready."""
        try:
            with urllib.request.urlopen(f"{self.url}/health/ready", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            return False


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with migrated_database(tmp_path) as url, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environment = {**os.environ, "PARLEY_DATA": str(tmp_path), "PARLEY_DATABASE_URL": url}
        log = tmp_path / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                parley_command("serve", "--port", str(port), "--workers", "1"),
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=out,
            )
        served = Served(process, f"http://127.0.0.1:{port}", log)
        try:
            eventually(served.answers, "it should become ready")
            eventually(lambda: served.child("worker") > 0, "the worker should start")
            yield served
        finally:
            process.terminate()
            process.wait(30)


def group(leader: int) -> list[int]:
    """The processes in the group that this one leads."""
    members = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(entry.name)) == leader:
                members.append(int(entry.name))
        except ProcessLookupError:
            continue
    return members


def eventually(holds: Callable[[], bool], words: str, within: float = 120) -> None:
    """Look again and again until something holds; there is nothing to wait on but the outside."""
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, words
        time.sleep(0.05)


def kill_and_wait(served: Served, which: str) -> None:
    """Kill this child; another takes its place, and nothing of the first is left."""
    first = served.child(which)
    family = [Path(f"/proc/{pid}") for pid in group(first)]
    os.kill(first, signal.SIGKILL)
    eventually(lambda: served.child(which) not in (0, first), f"{which} should be started again")
    eventually(served.answers, "it should answer again")
    eventually(lambda: not any(path.exists() for path in family), "nothing of it should be left behind")


def test_a_killed_child_is_started_again_and_sigterm_ends_everything_in_order(served: Served) -> None:
    for which in ("granian", "worker"):
        kill_and_wait(served, which)
    eventually(lambda: served.log.read_text().count("worker started") == 2, "the worker should be at work")
    pages = int(Path(f"/proc/{served.process.pid}/statm").read_text().split()[1])
    assert pages * os.sysconf("SC_PAGE_SIZE") < 100 * 2**20  # Parley itself is in its children only
    children = [served.child("granian"), served.child("worker")]
    web, worker = (os.getpriority(os.PRIO_PROCESS, pid) for pid in children)
    assert worker == min(web + supervisor.NICENESS, 19)  # somebody waits for the web server
    files, most = resource.prlimit(children[0], resource.RLIMIT_NOFILE)
    assert files >= min(2 * supervisor.CONNECTIONS, most)  # a connection is an open file
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(20) == 0
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []
    assert "worker stopped" in served.log.read_text()


def test_a_port_that_something_else_listens_on_is_refused_with_a_sentence() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the web server opens it
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Problem, match=f"Something else answers at 127.0.0.1:{port} already"):
            supervisor.refuse_a_taken_port("127.0.0.1", port)
    supervisor.refuse_a_taken_port("127.0.0.1", port)
