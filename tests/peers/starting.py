"""Starting somebody else's server on this machine with the scripts of a folder, and saying why when that fails."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(os.environ.get("PARLEY_TEST_PEERS") or ROOT.parent / "shared" / "peers")
SECONDS = float(os.environ.get("PARLEY_TEST_PEERS_SECONDS", "900"))  # the first start installs what it needs
TOO_SLOW = 124  # the exit code of what did not answer in time; another way would not either


@contextmanager
def started(script: str, *ways: Sequence[str]) -> Iterator[dict[str, Any]]:
    """What the server says of itself (its accounts, among others), started in the first of the ways that works.

    Skips when none does; one that runs already is used and left alone.
    """
    path = SCRIPTS / script
    if not path.is_file():
        pytest.skip(f"{script}: there is none in {SCRIPTS} (PARLEY_TEST_PEERS)")
    runs = _run(path, "status")
    if runs.returncode == 0:
        yield _read(runs.stdout)
        return
    try:
        for arguments in ways or [()]:
            begun = _run(path, "start", *arguments)
            if begun.returncode == 0:
                break
            _run(path, "stop")
            if begun.returncode == TOO_SLOW:
                pytest.skip(f"{script} could not be started: {begun.stderr}")
        else:
            said = (begun.stderr + begun.stdout).strip().splitlines()[-3:]
            pytest.skip(f"{script} could not be started: {' / '.join(said)}")
        yield _read(begun.stdout)
    finally:
        _run(path, "stop")


def _run(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script; one that takes too long is ended with everything it started."""
    command = [str(path), *arguments]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        said, wrong = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return subprocess.CompletedProcess(command, TOO_SLOW, "", f"no answer after {SECONDS:.0f} s")
    except BaseException:  # whoever runs the tests does not want to wait any more
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return subprocess.CompletedProcess(command, process.returncode, said, wrong)


def _read(said: str) -> dict[str, Any]:
    """The JSON at the end of what a script prints."""
    found: dict[str, Any] = json.loads(said[said.index("{") :])
    return found
