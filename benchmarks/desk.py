"""What an editor waits for: opening a long Chinese article, keeping a draft, the desk's lists, a full month.

Server time in one process, without the network, measured on a database of its own. Compare within one run.
"""

import gc
import html
import json
import re
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import harness

AIMS = {  # milliseconds, and of which figure
    "editor, 20,000 characters": (200, "p50"),
    "keep a draft": (30, "p95"),
    "calendar, a month of 2,000": (80, "p50"),
    "calendar, 2,000 published too": (160, "p50"),
}
LIST_AIM = (50, "p50")
LISTS = {
    "today": "/desk",
    "posts": "/desk/posts",
    "posts, drafts": "/desk/posts?status=draft",
    "posts, scheduled": "/desk/posts?status=scheduled",
    "posts, one section": "/desk/posts?section=2",
    "posts, mine": "/desk/posts?mine=1",
    "posts, words of a title": "/desk/posts?q=antenna",
    "board": "/desk/posts/board",
    "find, two letters": "/desk/find?q=ga",
    "reviews": "/desk/reviews",
    "contributions": "/desk/contributions",
    "media": "/desk/media",
    "notices": "/desk/notices",
    "people": "/desk/people",
    "releases": "/desk/releases",
}


def main() -> None:
    """Measure and print."""
    options = harness.arguments(__doc__ or "")
    size, planned, times = (2_000, 200, 15) if options.quick else (100_000, 2_000, 60)
    with harness.data_folder(options.database) as environment:
        app, article_id = prepare(environment, size, planned)
        client = app.test_client()
        sign_in(app, client)
        gc.freeze()  # as a web process does
        figures = measure(client, article_id, times)
        from cms.core.database import db

        with app.app_context():
            db.engine.dispose()
    rows = [row(name, taken) for name, taken in figures.items()]
    harness.table(
        f"Server time of the desk with {size:,} posts, {planned:,} of them in this month's calendar ({options.database})",
        ["page", "p50 ms", "p95 ms", "CPU p50", "aim", "kept"],
        rows,
    )
    harness.write_json(options.json, figures)


def prepare(environment: dict[str, str], size: int, planned: int) -> tuple:
    """A filled instance: a tenth are drafts, some are planned for this month, one is a long Chinese article."""
    from fill import HAN, fill
    from sqlalchemy import text

    from app import create_app
    from cms.core import clock, schema
    from cms.core.config import read_config
    from cms.core.database import db, transaction
    from cms.posts import services as posts

    print(f"filling {size:,} posts …", flush=True)
    app = create_app(read_config(environment))
    app.config.update(WTF_CSRF_ENABLED=False)
    with app.app_context():
        schema.migrate(db.engine)
        now = datetime.now(UTC)
        with db.engine.connect().execution_options(parley_write=True) as connection:
            fill(connection, posts=size, now=now)
            if db.engine.dialect.name == "postgresql":
                for table in ("people", "sections", "tags", "posts", "revisions"):
                    connection.exec_driver_sql(
                        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
                    )
            connection.execute(text("UPDATE posts SET created_by_id = 1 + id % 60"))
            connection.execute(
                text(
                    "UPDATE posts SET live_revision_id = NULL, published_at = NULL, first_published_at = NULL,"
                    " updated_at = NULL WHERE id % 10 = 0"
                )
            )
            connection.execute(text("UPDATE people SET role = 'editor' WHERE id = 1"))
            month = datetime(now.year, now.month, 1, 9, tzinfo=UTC)
            connection.execute(
                text(
                    "UPDATE posts SET due_at = :at, due_wall = :wall, due_zone = 'UTC', due_revision_id = id,"
                    " due_by_id = 1, live_revision_id = NULL WHERE id = :id"
                ),
                [
                    {
                        "id": number * (size // planned),
                        "at": _stored(db.engine.dialect.name, at := month + timedelta(minutes=20 * number)),
                        "wall": at.strftime("%Y-%m-%dT%H:%M"),
                    }
                    for number in range(1, planned + 1)
                ],
            )
            hidden = "(SELECT id FROM posts WHERE live_revision_id IS NULL)"
            connection.execute(text(f"UPDATE bylines SET live_at = NULL WHERE post_id IN {hidden}"))
            connection.execute(text(f"UPDATE post_tags SET live_at = NULL WHERE post_id IN {hidden}"))
            connection.commit()
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
        body = "\n\n".join(f"## 第{n}节\n\n" + (HAN * 26)[:990] for n in range(20))
        ready = posts.prepare(title="两万字的文章", body=body)
        with transaction():
            made = posts.create_post(ready, kind="article", language="zh", by=None, at=clock.now())
            article_id = made.id
    return app, article_id


def sign_in(app: object, client: object) -> None:
    """As the editor who wrote a good part of it."""
    from cms.core import clock
    from cms.core.database import transaction
    from cms.people import identity
    from cms.people import services as people

    with app.app_context(), transaction():
        token = people.start_sign_in(1, agent="benchmark", at=clock.now())
    with client.session_transaction() as session:
        session[identity.SESSION_KEY] = token


def measure(client: object, article_id: int, times: int) -> dict[str, list[tuple[float, float]]]:
    """Milliseconds of each page, each time, waited and worked; the first three warm up templates and statements."""
    figures = {"editor, 20,000 characters": timed(lambda: client.get(f"/desk/posts/{article_id}"), times)}
    figures["keep a draft"] = timed(keeper(client, article_id), times * 3)
    planned = "/desk/calendar?view=month&kind=publication&kind=update&kind=note&kind=removal&kind=review"
    figures["calendar, a month of 2,000"] = timed(lambda: client.get(planned), times)
    figures["calendar, 2,000 published too"] = timed(lambda: client.get("/desk/calendar?view=month"), times)
    for name, address in LISTS.items():
        figures[name] = timed(lambda address=address: client.get(address), times)
    return figures


def keeper(client: object, article_id: int) -> Callable[[], object]:
    """Keeps the whole article again and again, a letter longer each time."""
    page = client.get(f"/desk/posts/{article_id}").text
    base = int(re.search(r'name="version"[^>]*value="(\d+)"', page)[1])
    body = html.unescape(re.search(r'<textarea[^>]*name="body"[^>]*>(.*?)</textarea>', page, re.DOTALL)[1])
    state = {"sequence": 0}

    def keep() -> object:
        state["sequence"] += 1
        said = {
            "tab": "benchmark",
            "base": base,
            "sequence": state["sequence"],
            "fields": {"title": "两万字的文章", "body": body + "字" * state["sequence"]},
        }
        return client.post(
            f"/desk/posts/{article_id}/draft", data=json.dumps(said), content_type="application/json"
        )

    return keep


def timed(ask: Callable[[], object], times: int) -> list[tuple[float, float]]:
    """Milliseconds of each answer: by the clock, and of the processor alone. On a busy machine they lie far apart."""
    taken = []
    for turn in range(times + 3):
        start, worked = time.perf_counter(), time.process_time()
        answer = ask()
        taken_now = (time.perf_counter() - start) * 1000, (time.process_time() - worked) * 1000
        assert answer.status_code == 200, (answer.request.path, answer.status)
        if turn >= 3:
            taken.append(taken_now)
    return taken


def row(name: str, taken: list[tuple[float, float]]) -> list[object]:
    """One line of the table."""
    waited, worked = zip(*taken, strict=True)
    found = {"p50": statistics.median(waited), "p95": harness.percentile(waited, 0.95)}
    most, of = AIMS.get(name, LIST_AIM)
    processor = statistics.median(worked)
    return [name, found["p50"], found["p95"], processor, f"{of} {most}", "yes" if found[of] <= most else "NO"]


def _stored(dialect: str, at: datetime) -> object:
    return at if dialect == "postgresql" else at.strftime("%Y-%m-%d %H:%M:%S.%f")


if __name__ == "__main__":
    main()
