"""Every test on SQLite, and on PostgreSQL all that a database could change: what asks none, and what looks only at the
look of pages, is marked `once`. Says what was left out and why; under CI nothing may be."""

import contextlib
import getpass
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DEFAULT_URL = "postgresql+psycopg://root@127.0.0.1:5432/postgres"
CI = bool(os.environ.get("CI"))
ROOM = 4 * 2**30  # bytes that all temporary files of a run need at most


def main() -> int:
    """Lint, types, then the suite on each database; gives the exit code."""
    # Tests start hundreds of processes: each would compile us again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    checks = [["ruff", "check", "."], ["ruff", "format", "--check", "."]]
    failed = [" ".join(check) for check in checks if run(check)]
    with beside(["mypy"], failed), quick_folder():
        failed += ["tests on SQLite"] if run_tests("sqlite", {}, []) else []
        with postgresql() as url:
            if url is None:
                print("\nPostgreSQL: left out, there is none here and it cannot be installed.")
                failed += ["tests on PostgreSQL (not run)"] if CI else []
            else:
                failed += (
                    ["tests on PostgreSQL"]
                    if run_tests("postgresql", {"PARLEY_TEST_POSTGRESQL_URL": url}, ["-m", "not once"])
                    else []
                )
    print("\nFailed: " + "; ".join(failed) if failed else "\nAll passed, on both databases.")
    return 1 if failed else 0


def run(command: list[str]) -> int:
    """One tool of the environment; gives its exit code."""
    print(f"\n$ {' '.join(command)}", flush=True)
    return subprocess.run(
        [str(ROOT / ".venv" / "bin" / command[0]), *command[1:]], cwd=ROOT, check=False
    ).returncode


@contextlib.contextmanager
def beside(command: list[str], failed: list[str]) -> Iterator[None]:
    """A tool that takes its time and one core, at work beside what comes next; says its words at the end, and is added
    to `failed` if it did."""
    tool = [str(ROOT / ".venv" / "bin" / command[0]), *command[1:]]
    process = subprocess.Popen(tool, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield
    finally:
        words, _ = process.communicate()
        print(f"\n$ {' '.join(command)}\n{words}", flush=True)
        failed += [" ".join(command)] if process.returncode else []


def run_tests(database: str, extra: dict[str, str], narrowed: list[str]) -> int:
    """The suite on one database; gives pytest's exit code. Under CI a skipped test is a failed one."""
    environment = {**os.environ, **extra, "PARLEY_TEST_DATABASE": database}
    command = [
        str(ROOT / ".venv" / "bin" / "python"),
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        "-rs",
        *narrowed,
    ]
    print(f"\n$ PARLEY_TEST_DATABASE={database} pytest -n 2 {' '.join(narrowed)}", flush=True)
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    skipped = 0
    for line in process.stdout:
        print(line, end="", flush=True)
        found = re.search(r"\b(\d+) skipped", line)
        skipped = int(found[1]) if found else skipped
    code = process.wait()
    if code == 0 and skipped and CI:
        print(f"{skipped} tests were skipped, and under CI none may be.")
        return 1
    return code


@contextlib.contextmanager
def quick_folder() -> Iterator[None]:
    """Temporary files in memory where there is room: tests end processes, never the machine, so that waiting for the
    disk at each of their commits proves nothing."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or shutil.disk_usage(memory).free < ROOM:
        yield
        return
    folder = tempfile.mkdtemp(prefix="parley-", dir=memory)
    os.chmod(folder, 0o755)  # PostgreSQL runs as somebody else
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    try:
        yield
    finally:
        tempfile.tempdir = None
        del os.environ["TMPDIR"]
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def postgresql() -> Iterator[str | None]:
    """The address of a PostgreSQL we may make databases in: the one that is named, else one of our own for this run,
    else one that runs here."""
    given = os.environ.get("PARLEY_TEST_POSTGRESQL_URL")
    if given and answers(given):
        yield given
        return
    binaries = find_binaries()
    if binaries is None and shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
        subprocess.run(["apt-get", "update", "-qq"], **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "postgresql"], **quiet)
        binaries = find_binaries()
    if binaries is None:
        yield DEFAULT_URL if answers(DEFAULT_URL) else None
        return
    with own_server(binaries) as url:
        yield url


def answers(url: str) -> bool:
    """Whether a server at this address lets us in."""
    code = "import sys, sqlalchemy; sqlalchemy.create_engine(sys.argv[1]).connect()"
    command = [str(ROOT / ".venv" / "bin" / "python"), "-c", code, url]
    return subprocess.run(command, capture_output=True, check=False, timeout=30).returncode == 0


def find_binaries() -> Path | None:
    """Where `initdb` and `pg_ctl` are."""
    places = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name), reverse=True
    )
    on_path = shutil.which("initdb")
    return next(
        (place for place in places if (place / "initdb").exists()), Path(on_path).parent if on_path else None
    )


@contextlib.contextmanager
def own_server(binaries: Path) -> Iterator[str]:
    """A server in a temporary folder, on a free port of this machine only. It refuses to run as root, so then
    `postgres` runs it."""
    folder = Path(tempfile.mkdtemp(prefix="parley-postgresql-"))
    user = "postgres" if os.geteuid() == 0 else getpass.getuser()
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if prefix:
        shutil.chown(folder, "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data, options = (
        folder / "data",
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200",
    )
    quiet = {"stdout": subprocess.DEVNULL, "check": True, "cwd": folder}
    subprocess.run(
        [*prefix, str(binaries / "initdb"), "-A", "trust", "-U", user, "-E", "UTF8", "-D", str(data)], **quiet
    )
    subprocess.run(
        [*prefix, str(binaries / "pg_ctl"), "-D", str(data), "-w", "-o", options, "start"], **quiet
    )
    try:
        yield f"postgresql+psycopg://{user}@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*prefix, str(binaries / "pg_ctl"), "-D", str(data), "-m", "fast", "stop"], **quiet)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    start = time.monotonic()
    code = main()
    print(f"{time.monotonic() - start:.0f} s")
    sys.exit(code)
