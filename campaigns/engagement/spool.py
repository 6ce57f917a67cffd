"""Where web processes leave what happened: a file each, only ever appended to, read by the collector.

`write` returns when the line is in the kernel, so a process that is killed loses nothing. A thread brings the file to
the disk five times a second: a power cut loses about that much. A file is held by a lock while its process may still
write to it, is never opened again, and is given up after a minute or 16 MB. When the disk is full, or the collector so
far behind that the folder holds too much, lines are dropped and counted; readers and publishing never wait for them.
"""

import fcntl
import logging
import os
import secrets
import threading
import time
from pathlib import Path
from weakref import WeakSet

from campaigns.engagement.lines import Line, fields_of, line_of, rest_of_line, write_line

ENDING = ".events"
log = logging.getLogger(__name__)


_spools: WeakSet["Spool"] = WeakSet()


class Spool:
    """The file of this process. Any thread may write."""

    def __init__(
        self,
        folder: Path,
        *,
        file_bytes: int = 16 * 2**20,
        file_seconds: float = 60,
        bound: int = 512 * 2**20,
    ) -> None:
        self.folder = folder
        self.file_bytes, self.file_seconds, self.bound = file_bytes, file_seconds, bound
        self.dropped = 0  # lines, since the last that could be written
        self._lock = threading.Lock()
        self._file: int | None = None
        self._is_looked_after = False  # a thread of this process brings it to the disk
        self._size = 0
        self._until = 0  # by the time of lines, in milliseconds: then the file is old
        self._is_dirty = False
        self._is_over = False  # the folder holds more than its bound
        _spools.add(self)

    def write(self, line: Line) -> bool:
        """Append a line. False when it was dropped, which is counted; never raises for want of room."""
        at, *fields = fields_of(line)
        try:
            return self.append(at, rest_of_line(*fields))
        except ValueError:
            return self._drop()

    def append(self, at: int, rest: bytes) -> bool:
        """The same, of its time and what `rest_of_line` made."""
        said = line_of(at, rest)
        with self._lock:
            if self._is_over:
                return self._drop()
            try:
                if self.dropped:
                    self._append(at, write_line(Line(at, "lost", "P", 0, "", value=str(self.dropped))))
                    self.dropped = 0
                self._append(at, said)
            except OSError:
                if self.dropped == 0:
                    log.exception("the spool in %s cannot be written; what happens is dropped", self.folder)
                self._close()
                return self._drop()
        return True

    def close(self) -> None:
        """Give the file up: the collector may remove it once it is read."""
        with self._lock:
            self._close()

    def _append(self, at: int, said: bytes) -> None:
        if self._file is None or self._size >= self.file_bytes or at > self._until:
            self._open(at)
        assert self._file is not None
        if os.write(self._file, said) != len(said):
            raise OSError(28, "the disk is full")  # half a line: nobody appends to it, and nobody reads it
        self._size += len(said)
        self._is_dirty = True

    def _open(self, at: int) -> None:
        self._close()
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{os.uname().nodename}-{os.getpid()}-{secrets.token_hex(8)}"
        fresh = self.folder / f"{name}.new"  # the collector removes files that nobody holds
        self._file = os.open(fresh, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)  # let go by the kernel when this process ends, however it ends
        fresh.rename(self.folder / f"{name}{ENDING}")
        self._size, self._until = 0, at + round(self.file_seconds * 1000)
        if not self._is_looked_after:
            self._is_looked_after = True
            threading.Thread(target=self._keep, name="spool", daemon=True).start()

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
        self._file = None

    def _begin_anew(self) -> None:
        """In a process that was forked: the file belongs to the parent, and so does the thread."""
        self._lock = threading.Lock()
        self._is_looked_after = False
        self._close()

    def _drop(self) -> bool:
        self.dropped += 1
        return False

    def _keep(self) -> None:
        """Bring to the disk what was written; look now and then how much waits for the collector."""
        ticks = 0
        while True:
            time.sleep(0.2)
            ticks += 1
            if self._is_dirty:
                self._is_dirty = False
                self._sync()
            if ticks % 5 == 0:
                self._is_over = waiting_bytes(self.folder) > self.bound

    def _sync(self) -> None:
        with self._lock:
            file = os.dup(self._file) if self._file is not None else None
        if file is not None:
            try:
                os.fdatasync(file)
            except OSError:
                log.exception("the spool could not be brought to the disk")
            finally:
                os.close(file)


def waiting_bytes(folder: Path) -> int:
    """How much lies in the folder, read or not."""
    total = 0
    for path in folder.glob(f"*{ENDING}"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:  # the collector was faster
            continue
    return total


def _forked() -> None:
    for spool in list(_spools):
        spool._begin_anew()


os.register_at_fork(after_in_child=_forked)
