import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cms.core import storage as module
from cms.core.storage import BadName, NoRoom, Storage, content_name

NAME = "3f/a2/3fa2-9c1e.jpg"


@pytest.fixture(params=["local", "file", "memory"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    url = {
        "local": str(tmp_path / "media"),
        "file": f"file://{tmp_path}/media",
        "memory": f"memory://{tmp_path.name}",
    }
    return Storage(url[request.param])


def test_what_is_put_is_there(files: Storage, tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"from a file")
    files.put(NAME, b"bytes")
    files.put("aa/bb/c.mp4", tmp_path / "source")

    assert files.read(NAME) == b"bytes"
    assert files.size(NAME) == 5
    assert files.exists(NAME)
    assert files.read("aa/bb/c.mp4") == b"from a file"
    assert sorted(files.names()) == [NAME, "aa/bb/c.mp4"]
    assert abs(files.modified_at(NAME) - datetime.now(UTC)) < timedelta(minutes=1)


def test_an_open_file_can_be_read_from_the_middle(files: Storage) -> None:
    files.put(NAME, b"0123456789")
    with files.open(NAME) as file:
        file.seek(7)
        assert file.read() == b"789"


def test_deleting_twice_is_fine(files: Storage) -> None:
    files.put(NAME, b"bytes")
    files.delete(NAME)
    files.delete(NAME)

    assert not files.exists(NAME)
    with pytest.raises(FileNotFoundError):
        files.open(NAME)
    with pytest.raises(FileNotFoundError):
        files.size(NAME)


def test_an_empty_store_has_no_names(files: Storage) -> None:
    assert list(files.names()) == []


@pytest.mark.parametrize(
    "name",
    [
        *("", "/", "/etc/passwd", "../x", "a/../b", "a//b", "a/", ".hidden", "a/.b", "A.jpg", "a\\b", "a\0b"),
        *("a b", "ä.jpg", "a\n", "a/b/c/d/e/f", "x" * 101, "%2e%2e/x", "~root"),
    ],
)
def test_a_name_that_put_could_not_have_given_is_refused(files: Storage, name: str) -> None:
    with pytest.raises(BadName):
        files.put(name, b"")
    with pytest.raises(FileNotFoundError):
        files.open(name)
    assert not files.exists(name)


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    files = Storage(str(tmp_path))
    files.put(NAME, b"bytes")

    assert not files.exists("3f/a2")
    with pytest.raises(FileNotFoundError):
        files.open("3f/a2")


def test_names_spread_over_folders_of_two_levels() -> None:
    assert content_name("3fa2" + "0" * 28, "-9c1e.jpg") == "3f/a2/3fa2" + "0" * 28 + "-9c1e.jpg"


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_a_failure_at_any_step_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    files = Storage(str(tmp_path))

    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "broken")

    target = {"write": (module, "_copy"), "fsync": (os, "fsync"), "replace": (os, "replace")}[step]
    files.put("3f/a2/other.jpg", b"")
    monkeypatch.setattr(*target, fail)
    with pytest.raises(OSError, match="broken"):
        files.put(NAME, b"bytes")

    assert list(files.names()) == ["3f/a2/other.jpg"]
    assert os.listdir(tmp_path / "3f/a2") == ["other.jpg"]


def test_a_full_disk_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "_copy", full)
    with pytest.raises(NoRoom):
        Storage(str(tmp_path)).put(NAME, b"bytes")


def test_uploads_stop_before_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def disk(free: int) -> Callable[[str], os.statvfs_result]:
        return lambda _: type("Usage", (), {"total": 100 * 1024**3, "free": free})()

    files = Storage(str(tmp_path))
    monkeypatch.setattr(module.shutil, "disk_usage", disk(2 * 1024**3))
    files.refuse_when_full()
    monkeypatch.setattr(module.shutil, "disk_usage", disk(900 * 1024**2))
    with pytest.raises(NoRoom):
        files.refuse_when_full()


def test_what_a_crash_left_half_written_is_swept_when_it_is_old(tmp_path: Path) -> None:
    files = Storage(str(tmp_path))
    files.put(NAME, b"bytes")
    half = tmp_path / "3f/a2/.unfinished-x"
    half.write_bytes(b"ha")

    assert files.sweep_unfinished(datetime.now(UTC) - timedelta(hours=1)) == 0
    assert list(files.names()) == [NAME]
    assert files.sweep_unfinished(datetime.now(UTC) + timedelta(hours=1)) == 1
    assert not half.exists()
    assert files.read(NAME) == b"bytes"
