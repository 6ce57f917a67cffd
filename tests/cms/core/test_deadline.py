"""Helpers keep their deadline and never outlive the process that they help."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cms.core.deadline import Helper, TooSlow

ROOT = Path(__file__).parents[3]
STARTER = """
import os, time
from cms.core.deadline import Helper

if __name__ == "__main__":
    print(Helper().run_within(20, os.getpid), flush=True)
    time.sleep(60)
"""

WEB_PROCESS = """
import multiprocessing
from cms.core.deadline import Helper

def serve():
    assert Helper().run_within(20, abs, -7) == 7

if __name__ == "__main__":
    process = multiprocessing.get_context("spawn").Process(target=serve)
    process.start()
    process.join()
    raise SystemExit(process.exitcode)
"""


@pytest.mark.parametrize(("hang", "on"), [(time.sleep, 30), (pow, 7)], ids=["waiting", "working in C"])
def test_a_function_that_hangs_is_given_up_and_the_next_one_is_served(hang: Callable, on: int) -> None:
    helper = Helper()
    arguments = (
        (on,) if hang is time.sleep else (on, 10**9)
    )  # seven to the thousand millionth: minutes of one C call
    with pytest.raises(TooSlow):
        helper.run_within(0.2, hang, *arguments)
    assert helper.run_within(20, abs, -7) == 7
    helper._stop()


def test_a_helper_ends_when_the_process_it_helps_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "starter.py"
    script.write_text(STARTER)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, str(script)], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        helper = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        process.wait()
        give_up = time.monotonic() + 10
        while _runs(helper) and time.monotonic() < give_up:
            time.sleep(0.02)
        assert not _runs(helper)


def test_a_web_process_that_had_help_ends_when_it_is_done(tmp_path: Path) -> None:
    script = tmp_path / "starter.py"
    script.write_text(WEB_PROCESS)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, str(script)], env=environment, start_new_session=True) as process:
        try:
            assert process.wait(60) == 0
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"  # one that waits to be collected has ended
