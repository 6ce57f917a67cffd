"""The file of one process: whole lines, given up in time, and bounded."""

import errno
import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from campaigns.engagement.lines import Line, read_line
from campaigns.engagement.spool import Spool

VIEW = Line(5, "view", "P", 1, "page:/")


def said(folder: Path) -> list[Line | None]:
    files = sorted(folder.glob("*.events"), key=lambda path: path.stat().st_mtime_ns)
    return [read_line(one) for path in files for one in path.read_bytes().splitlines()]


def test_a_line_is_in_the_file_when_write_returns(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    assert spool.write(VIEW)
    assert said(tmp_path / "spool") == [VIEW]
    spool.close()


def test_a_file_is_held_while_its_process_may_write(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.write(VIEW)
    (path,) = tmp_path.glob("*.events")
    with path.open("rb") as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    spool.close()
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_file_is_given_up_when_it_is_large_or_old(tmp_path: Path) -> None:
    for number, spool in enumerate((Spool(tmp_path, file_bytes=1), Spool(tmp_path, file_seconds=-1)), 1):
        spool.write(VIEW)
        spool.write(VIEW)
        spool.close()
        assert len(list(tmp_path.glob("*.events"))) == 2 * number


def test_what_cannot_be_written_is_counted_and_said_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool, real = Spool(tmp_path), os.write

    def full(file: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "no space left on device")

    spool.write(VIEW)
    monkeypatch.setattr(os, "write", full)
    assert [spool.write(VIEW), spool.write(VIEW)] == [False, False]
    monkeypatch.setattr(os, "write", real)
    assert spool.write(VIEW)
    assert said(tmp_path) == [VIEW, Line(5, "lost", "P", 0, "", value="2"), VIEW]
    spool.close()


def test_half_a_line_is_never_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool, real = Spool(tmp_path), os.write
    monkeypatch.setattr(os, "write", lambda file, data: real(file, data[:9]))
    assert not spool.write(VIEW)
    monkeypatch.setattr(os, "write", real)
    spool.write(VIEW)
    assert sorted(len(path.read_bytes().splitlines()) for path in tmp_path.glob("*.events")) == [1, 2]
    spool.close()


FORKED = """
import os, sys
from pathlib import Path
from campaigns.engagement.lines import Line
from campaigns.engagement.spool import Spool
spool, line = Spool(Path(sys.argv[1])), Line(5, "view", "P", 1, "page:/")
spool.write(line)
child = os.fork()
if child == 0:
    os._exit(0 if spool.write(line) else 1)
assert os.waitpid(child, 0)[1] == 0
spool.write(line)
"""


def test_a_process_that_is_forked_writes_a_file_of_its_own(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-W", "ignore", "-c", FORKED, str(tmp_path)], check=True)
    assert sorted(len(path.read_bytes().splitlines()) for path in tmp_path.glob("*.events")) == [1, 2]


def test_a_folder_that_holds_too_much_takes_no_more(tmp_path: Path) -> None:
    spool = Spool(tmp_path, bound=10)
    spool._is_over = True  # what its thread finds once a second
    assert (spool.write(VIEW), spool.dropped, list(tmp_path.iterdir())) == (False, 1, [])
