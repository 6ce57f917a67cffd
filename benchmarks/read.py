"""What a reader waits for: home, post and feed, cold and warm, beside the ceiling of the same server.

The ceiling is a bare WSGI application that answers the same bytes with the same headers from a variable, under the
same server with the same settings, loaded in the same run. Compare within one run: machines differ.
"""

import statistics
from datetime import UTC, datetime
from pathlib import Path

import harness

PAGES = {"home": "/en/", "post": "/posts/post-{n}", "feed": "/feed.xml"}
BROWSER = {"Accept-Encoding": "br", "Accept-Language": "en"}


def main() -> None:
    """Measure and print."""
    options = harness.arguments(__doc__ or "")
    sizes = [100, 2_000] if options.quick else [100, 10_000, 100_000]
    main_size = sizes[1]
    seconds = 2 if options.quick else 8
    figures: dict[str, object] = {}
    cold: dict[int, dict[str, list[float]]] = {}
    for size in sizes:
        with harness.data_folder(options.database) as environment:
            prepare(environment, size)
            cold[size], queries = measure_cold(environment, size, 20 if options.quick else 60)
            if size == main_size:
                figures["queries"] = queries
                figures["warm"] = measure_warm(environment, size, seconds)
                figures["freshness"] = measure_freshness(environment, 5 if options.quick else 20)
                figures["weight"] = measure_weight(environment, size)
    show(cold, sizes, figures)
    harness.write_json(options.json, figures)


def prepare(environment: dict[str, str], size: int) -> None:
    """Create and fill a database in this process, as the instance itself would open it."""
    from fill import fill

    from app import create_app
    from cms.core import schema
    from cms.core.config import read_config
    from cms.core.database import db

    print(f"filling {size:,} posts …", flush=True)
    app = create_app(read_config(environment))
    with app.app_context():
        schema.migrate(db.engine)
        with db.engine.connect().execution_options(parley_write=True) as connection:
            fill(connection, posts=size, now=datetime.now(UTC))
            connection.commit()
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
        db.engine.dispose()


def measure_cold(
    environment: dict[str, str], size: int, times: int
) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Server time of pages nobody has asked for before, in milliseconds, and the queries each one makes."""
    import time

    from sqlalchemy import event

    from app import create_app
    from cms.core.config import read_config
    from cms.core.database import db

    app = create_app(read_config(environment))
    cache, client = app.extensions["parley_pages"], app.test_client()
    statements: list[str] = []
    with app.app_context():
        event.listen(
            db.engine, "before_cursor_execute", lambda c, cur, statement, *rest: statements.append(statement)
        )
    taken: dict[str, list[float]] = {name: [] for name in PAGES}
    queries: dict[str, int] = {}
    for name, pattern in PAGES.items():
        for turn in range(times + 3):
            address = pattern.format(n=1 + (turn * 7919) % size)
            cache.forget_everything()
            statements.clear()
            start = time.perf_counter()
            answer = client.get(address, headers=BROWSER)
            milliseconds = (time.perf_counter() - start) * 1000
            assert answer.status_code == 200, (address, answer.status)
            if turn >= 3:  # the first ones compile templates and statements
                taken[name].append(milliseconds)
        queries[name] = _reads(statements)
        statements.clear()
        assert client.get(address, headers=BROWSER).status_code == 200
        queries[f"{name} again"] = _reads(statements)
    with app.app_context():
        db.engine.dispose()
    return taken, queries


def measure_warm(environment: dict[str, str], size: int, seconds: int) -> dict[str, dict[str, object]]:
    """Requests per second of kept pages under `parley serve`'s web server, and of the ceiling."""
    rows: dict[str, dict[str, object]] = {}
    for name, pattern in PAGES.items():
        address = pattern.format(n=size)
        port, bare_port = harness.free_port(), harness.free_port()
        with harness.serving(harness.granian("app:serve_app", port, 2), environment, port) as pid:
            url = f"http://127.0.0.1:{port}{address}"
            _, body, _ = harness.get(url, BROWSER)
            Path(environment["PARLEY_DATA"], "ceiling.bin").write_bytes(body)
            harness.load(url, seconds=1, headers=BROWSER)
            with harness.serving(
                harness.granian("ceiling:front", bare_port, 2), bare(environment), bare_port
            ):
                bare_url = f"http://127.0.0.1:{bare_port}/"
                harness.load(bare_url, seconds=1, headers=BROWSER)
                ours, ceiling = [], []
                for _ in range(3):  # in turns, so that a busy moment hits both
                    ours.append(harness.load(url, seconds=seconds, headers=BROWSER))
                    ceiling.append(harness.load(bare_url, seconds=seconds, headers=BROWSER))
            best, top = (statistics.median(one.per_second for one in many) for many in (ours, ceiling))
            rows[name] = {
                "per_second": best,
                "ceiling": top,
                "share": best / top,
                "p50": statistics.median(one.p50 for one in ours),
                "p99": statistics.median(one.p99 for one in ours),
                "errors": sum(one.errors for one in ours),
                "bytes": len(body),
                "memory_mb": harness.memory_of(pid),
            }
    return rows


def measure_freshness(environment: dict[str, str], times: int) -> list[float]:
    """Milliseconds from a committed change until both web processes show it, each time."""
    import time

    from app import create_app
    from cms.core import clock
    from cms.core.config import read_config
    from cms.core.database import db, transaction
    from cms.core.pagecache import touch
    from cms.site.models import SiteSettings

    def rename(name: str) -> None:
        with transaction():
            row = db.session.get(SiteSettings, 1) or SiteSettings(id=1, tagline={})
            row.name, row.updated_at = {"en": name}, clock.now()
            db.session.add(row)
            touch("site")

    app, port, taken = create_app(read_config(environment)), harness.free_port(), []
    with app.app_context(), harness.serving(harness.granian("app:serve_app", port, 2), environment, port):
        for turn in range(times):
            rename(f"Freshly named {turn}")
            start = time.perf_counter()
            in_a_row = 0
            while in_a_row < 12:  # every request is a new connection, which either process may take
                _, body, _ = harness.get(f"http://127.0.0.1:{port}/en/")
                in_a_row = in_a_row + 1 if f"Freshly named {turn}".encode() in body else 0
            taken.append((time.perf_counter() - start) * 1000)
        db.engine.dispose()
    return taken


def measure_weight(environment: dict[str, str], size: int) -> dict[str, int]:
    """Bytes sent for a post page at a first visit, without its pictures: the page and what its head asks for."""
    import re

    import brotli

    port = harness.free_port()
    with harness.serving(harness.granian("app:serve_app", port, 1), environment, port):
        base = f"http://127.0.0.1:{port}"
        _, sent, _ = harness.get(f"{base}/posts/post-{size}", BROWSER)
        page = brotli.decompress(sent).decode()
        weight = {"page": len(sent), "styles": 0, "scripts": 0}
        for kind, pattern in (
            ("styles", r'rel="stylesheet" href="([^"]+)"'),
            ("scripts", r'<script[^>]+src="([^"]+)"'),
        ):
            for address in re.findall(pattern, page):
                weight[kind] += len(harness.get(base + address, BROWSER)[1])
    return {**weight, "together": sum(weight.values())}


def bare(environment: dict[str, str]) -> dict[str, str]:
    """The ceiling's environment: where its module and its bytes are."""
    return {**environment, "PYTHONPATH": str(Path(__file__).parent)}


def show(cold: dict[int, dict[str, list[float]]], sizes: list[int], figures: dict[str, object]) -> None:
    """Print the tables and keep the figures."""
    queries: dict[str, int] = figures["queries"]  # type: ignore[assignment]
    warm: dict[str, dict[str, object]] = figures["warm"]  # type: ignore[assignment]
    harness.table(
        f"Warm, {sizes[1]:,} posts, 32 connections, brotli (medians of 3)",
        ["page", "requests/s", "ceiling/s", "share", "p50 ms", "p99 ms", "bytes", "queries", "MB", "errors"],
        [
            [
                name,
                r["per_second"],
                r["ceiling"],
                f"{r['share']:.0%}",
                r["p50"],
                r["p99"],
                r["bytes"],
                queries[f"{name} again"],
                r["memory_mb"],
                r["errors"],
            ]
            for name, r in warm.items()
        ],
    )
    rows = []
    for name in PAGES:
        for size in sizes:
            values = cold[size][name]
            p50, p99 = harness.percentile(values, 0.5), harness.percentile(values, 0.99)
            figures[f"cold {name} {size}"] = {"p50": p50, "p99": p99}
            against = statistics.median(values) / statistics.median(cold[sizes[0]][name]) - 1
            rows.append([f"{name}, {size:,} posts", p50, p99, queries[name], f"{against:+.0%}"])
    harness.table(
        "Cold: server time of a page nobody asked for before",
        ["page", "p50 ms", "p99 ms", "queries", "against 100"],
        rows,
    )
    fresh: list[float] = figures["freshness"]  # type: ignore[assignment]
    weight: dict[str, int] = figures["weight"]  # type: ignore[assignment]
    harness.table(
        "Freshness: from a committed change until two web processes show it",
        ["changes", "p50 ms", "longest ms"],
        [[str(len(fresh)), harness.percentile(fresh, 0.5), max(fresh)]],
    )
    harness.table(
        "Weight: bytes sent for a post page at a first visit, without pictures",
        list(weight),
        [list(weight.values())],
    )


def _reads(statements: list[str]) -> int:
    return sum(not one.startswith(("BEGIN", "PRAGMA")) for one in statements)


if __name__ == "__main__":
    main()
