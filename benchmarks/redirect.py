"""What somebody waits for who follows a link: `/l/CODE`, beside a page kept in memory and the smallest answer there is.

Under `parley serve`'s web server with two processes, which share this machine with the load. The redirect makes a new
click id each time and tells a listener, as the counting of clicks will; it asks the database once for each link, in each
process, and never writes.
Compare within one run: machines differ.
"""

import statistics
import time
from datetime import UTC, datetime
from typing import Any

import harness

BROWSER = {"Accept-Encoding": "br", "Accept-Language": "en"}
PAGES = {"a kept page": "/en/", "the smallest answer": "/health/live"}


def main() -> None:
    """Measure and print."""
    options = harness.arguments(__doc__ or "")
    links, seconds, turns = (500, 2, 1) if options.quick else (10_000, 8, 3)
    with harness.data_folder(options.database) as environment:
        codes = prepare(environment, links)
        figures: dict[str, Any] = {
            "in process": measure_in_process(environment, codes),
            "served": measure_served(environment, codes[0], seconds, turns),
        }
    show(figures, options.database)
    harness.write_json(options.json, figures)


def prepare(environment: dict[str, str], links: int) -> list[str]:
    """An empty site with so many links; gives their codes."""
    from sqlalchemy import insert

    from app import create_app
    from campaigns.links import values
    from campaigns.links.codes import new_code
    from campaigns.links.models import Link
    from cms.core import schema
    from cms.core.config import read_config
    from cms.core.database import db, transaction

    utm = {"source": "mastodon", "medium": "social", "campaign": "clean-rivers"}
    codes = list({new_code() for _ in range(links)})
    app = create_app(read_config(environment))
    with app.app_context():
        schema.migrate(db.engine)
        with transaction():
            db.session.execute(
                insert(Link),
                [
                    {
                        "code": code,
                        "target": f"https://partner.example.com/page?id={number}#top",
                        "utm": utm,
                        "utm_digest": values.digest(utm),
                        "created_at": datetime.now(UTC),
                    }
                    for number, code in enumerate(codes)
                ],
            )
        db.engine.dispose()
    return codes


def measure_in_process(environment: dict[str, str], codes: list[str]) -> dict[str, dict[str, float]]:
    """Milliseconds of the application alone, through every layer of it: links seen first, and seen again."""
    from sqlalchemy import event

    from app import create_app
    from cms.core.config import read_config
    from cms.core.database import db

    app = create_app(read_config(environment))
    heard: list[int] = []
    app.extensions["parley_clicks"].append(lambda link_id, *rest: heard.append(link_id))
    client, statements = app.test_client(use_cookies=False), []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda c, cur, said, *rest: statements.append(said))
    measured = {}
    try:
        client.get(f"/l/{codes[0]}")  # compiles what is compiled once
        for name in ("seen first", "seen again"):
            taken, before = [], len(statements)
            for code in codes[1:]:
                start = time.perf_counter()
                status = client.get(f"/l/{code}", headers=BROWSER).status_code
                taken.append((time.perf_counter() - start) * 1000)
                assert status == 302
            asked = sum(said.startswith("SELECT") for said in statements[before:])
            measured[name] = {
                "p50": harness.percentile(taken, 0.5),
                "p99": harness.percentile(taken, 0.99),
                "queries": asked / len(taken),
            }
    finally:
        app.extensions["parley_clicks"].pop()
    assert len(heard) == 2 * len(codes) - 1
    with app.app_context():
        db.engine.dispose()
    return measured


def measure_served(
    environment: dict[str, str], code: str, seconds: int, turns: int
) -> dict[str, dict[str, float]]:
    """Requests per second and latencies of one address at a time, in turns, so that a busy moment hits all."""
    port = harness.free_port()
    paths = {"a redirect": f"/l/{code}", **PAGES}
    loads: dict[str, list[harness.Load]] = {name: [] for name in paths}
    with harness.serving(harness.granian("app:serve_app", port, 2), environment, port):
        for path in paths.values():
            harness.load(f"http://127.0.0.1:{port}{path}", seconds=1, headers=BROWSER)
        for _ in range(turns):
            for name, path in paths.items():
                url = f"http://127.0.0.1:{port}{path}"
                loads[name].append(harness.load(url, seconds=seconds, headers=BROWSER))
    return {
        name: {
            **{
                figure: statistics.median(getattr(one, figure) for one in many)
                for figure in ("per_second", "p50", "p99")
            },
            "errors": sum(one.errors for one in many),
        }
        for name, many in loads.items()
    }


def show(figures: dict[str, Any], database: str) -> None:
    """Print the tables."""
    harness.table(
        f"Served by two processes, 32 connections, {database}",
        ["what", "requests/s", "p50 ms", "p99 ms", "errors"],
        [
            [name, one["per_second"], one["p50"], one["p99"], int(one["errors"])]
            for name, one in figures["served"].items()
        ],
    )
    harness.table(
        "In the process: the application alone, one request after another",
        ["a link", "p50 ms", "p99 ms", "queries"],
        [[name, one["p50"], one["p99"], one["queries"]] for name, one in figures["in process"].items()],
    )


if __name__ == "__main__":
    main()
