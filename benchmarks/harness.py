"""What the benchmarks share: a filled database, a running server, a load, a table.

Load is only ever sent to a server we started ourselves on 127.0.0.1, for a bounded time.
"""

import argparse
import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


@dataclass(frozen=True)
class Load:
    """What a load found: requests, and how many a second; latencies in milliseconds."""

    answered: int
    per_second: float
    p50: float
    p99: float
    errors: int


def arguments(description: str) -> argparse.Namespace:
    """`--quick` for a look, `--json FILE` for machines."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="small and short: for a look, not for a claim")
    parser.add_argument("--json", metavar="FILE", help="also write the figures here")
    parser.add_argument("--database", default="sqlite", choices=["sqlite", "postgresql"])
    return parser.parse_args()


@contextlib.contextmanager
def data_folder(database: str = "sqlite") -> Iterator[dict[str, str]]:
    """The environment of an empty instance in a temporary folder, removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="parley-bench-"))
    environment = {**os.environ, "PARLEY_DATA": str(folder), "PARLEY_LOG_LEVEL": "error"}
    name = f"parley_bench_{os.getpid()}"
    server = os.environ.get("PARLEY_TEST_POSTGRESQL_URL", "postgresql+psycopg://root@127.0.0.1:5432/postgres")
    if database == "postgresql":
        _on_server(server, f'CREATE DATABASE "{name}"')
        environment["PARLEY_DATABASE_URL"] = server.rsplit("/", 1)[0] + f"/{name}"
    try:
        yield environment
    finally:
        if database == "postgresql":
            _on_server(server, f'DROP DATABASE "{name}" WITH (FORCE)')
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def serving(command: Sequence[str], environment: dict[str, str], port: int) -> Iterator[int]:
    """A server in a process group of its own, ended afterwards; gives its process id."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        wait_for(port, process)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(25)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def granian(target: str, port: int, workers: int) -> list[str]:
    """The web server as `parley serve` starts it, for anything that makes a `Front`."""
    from cms.core.supervisor import web_command

    command = web_command(host="127.0.0.1", port=port, workers=workers)
    return [target if part == "app:serve_app" else part for part in command]


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until it answers, or ends."""
    for _ in range(900):
        if process.poll() is not None:
            assert process.stderr is not None
            sys.exit(f"the server ended: {process.stderr.read().decode()[-2000:]}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.1)
    sys.exit("the server does not answer")


def load(url: str, *, seconds: int, connections: int = 32, headers: dict[str, str] | None = None) -> Load:
    """`wrk` against one address, for a bounded time."""
    extra = [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
    return read_load(
        subprocess.run(wrk(url, seconds, connections, *extra), stdout=subprocess.PIPE, check=True).stdout
    )


def wrk(url: str, seconds: int, connections: int, *more: str, script: Sequence[str] = ()) -> list[str]:
    """How the load generator is started; a script comes with what it is told."""
    found = shutil.which("wrk")
    if found is None:
        sys.exit("This benchmark needs the `wrk` load generator (Debian: apt-get install wrk).")
    assert url.startswith("http://127.0.0.1:")
    command = [found, "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", *more]
    return [*command, "-s", script[0], url, "--", *script[1:]] if script else [*command, url]


def read_load(printed: bytes) -> Load:
    """What it said."""
    said = printed.decode()
    errors = sum(int(n) for n in re.findall(r"Non-2xx or 3xx responses: (\d+)", said))
    return Load(
        answered=int(_found(r"(\d+) requests in", said)),
        per_second=float(_found(r"Requests/sec:\s+([\d.]+)", said)),
        p50=_milliseconds(_found(r"^\s+50%\s+(\S+)", said)),
        p99=_milliseconds(_found(r"^\s+99%\s+(\S+)", said)),
        errors=errors,
    )


def get(url: str, headers: dict[str, str] | None = None) -> tuple[int, bytes, float]:
    """One request on a connection of its own: status, body as sent, milliseconds."""
    host, path = url.removeprefix("http://").split("/", 1)
    start = time.perf_counter()
    with contextlib.closing(http.client.HTTPConnection(host, timeout=30)) as connection:
        connection.request("GET", f"/{path}", headers=headers or {})
        answer = connection.getresponse()
        body = answer.read()
        return answer.status, body, (time.perf_counter() - start) * 1000


def memory_of(pid: int) -> float:
    """Resident memory of a process and its descendants, in MB, shared pages counted once (PSS)."""
    total = 0
    for one in _family(pid):
        with contextlib.suppress(OSError):
            found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text(), re.MULTILINE)
            total += int(found[1]) if found else 0
    return total / 1024


def work_of(pid: int) -> float:
    """Seconds of processor time that a process and its descendants took so far."""
    total = 0
    for one in _family(pid):
        with contextlib.suppress(OSError):
            said = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(said[11]) + int(said[12])
    return total / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print figures in columns."""
    text = [list(map(_cell, row)) for row in rows]
    widths = [max(len(row[i]) for row in [list(head), *text]) for i in range(len(head))]
    print(f"\n{title}")
    for row in [list(head), ["-" * width for width in widths], *text]:
        print(
            "  ".join(
                cell.ljust(w) if i == 0 else cell.rjust(w)
                for i, (cell, w) in enumerate(zip(row, widths, strict=True))
            )
        )


def write_json(path: str | None, figures: object) -> None:
    """Keep the figures for a comparison."""
    if path:
        Path(path).write_text(json.dumps(figures, indent=1, default=str) + "\n")


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which so large a share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _on_server(url: str, statement: str) -> None:
    from sqlalchemy import create_engine, text

    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _family(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    family, todo = [], [pid]
    while todo:
        one = todo.pop()
        family.append(one)
        todo += children.get(one, [])
    return family


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    assert match, text
    return match[1]


def _milliseconds(value: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", value).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit]


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value < 10 else f"{value:.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
