"""Worker processes for tests, and the database they share with the test."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
KILLED = -signal.SIGKILL


class Workers:
    """Starts workers, each a process. See `runner`."""

    def __init__(self, settings: dict[str, str]) -> None:
        self._runner = subprocess.Popen(
            [sys.executable, "-m", "tests.delivery.runner"],
            cwd=ROOT,
            env={**os.environ, **settings},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._said() == "ready"
        self._alive: set[int] = set()

    def warm(self) -> None:
        """Do what is due in the process that workers are forked from: they start faster afterwards."""
        assert self._tell({"do": "warm"}) == "warm"

    def start(self, do: str = "work_off", **order: Any) -> int:
        """A worker; gives its process id."""
        pid = int(self._tell({"do": do, **order}))
        self._alive.add(pid)
        return pid

    def wait(self, pid: int) -> int:
        """Until it has ended; gives its exit code, negative for a signal."""
        code = int(self._tell({"do": "wait", "pid": pid}))
        self._alive.discard(pid)
        return code

    def run(self, do: str = "work_off", **order: Any) -> int:
        """A worker from beginning to end; gives its exit code."""
        return self.wait(self.start(do, **order))

    def stop(self, *pids: int) -> list[int]:
        """Ask workers to stop, and wait until they have."""
        for pid in pids:
            os.kill(pid, signal.SIGTERM)
        return [self.wait(pid) for pid in pids]

    def close(self) -> None:
        """End all that is left."""
        for pid in list(self._alive):
            os.kill(pid, signal.SIGKILL)
            self.wait(pid)
        assert self._runner.stdin is not None
        self._runner.stdin.close()
        self._runner.wait(60)
        assert self._runner.stdout is not None
        self._runner.stdout.close()

    def _tell(self, order: dict[str, Any]) -> str:
        assert self._runner.stdin is not None
        self._runner.stdin.write(json.dumps(order) + "\n")
        self._runner.stdin.flush()
        return self._said()

    def _said(self) -> str:
        assert self._runner.stdout is not None
        return self._runner.stdout.readline().strip()


def until(happened: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something that other processes do. Fails when it does not happen."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


@contextmanager
def workers(settings: dict[str, str]) -> Iterator[Workers]:
    """A runner while the block runs."""
    found = Workers(settings)
    try:
        yield found
    finally:
        found.close()
