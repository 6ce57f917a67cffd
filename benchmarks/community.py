"""What members wait for where they meet: a thread of comments, the last minute of a contest, a vote, the list of circles.

Server time in this process, without a network, each part on a database of its own. Compare within one run.
"""

import gc
import io
import re
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import harness
from flask import Flask

THREAD_AIM = 60  # ms for a thread of 2,000 comments, cold, the first 200 shown
ENTRY_AIM = 500  # ms that 95 of 100 wait who hand in within the last minute, on two cores
TALLY_AIM = 1.0  # seconds for 10,000 votes tallied and recounted
CIRCLES_AIM = 50  # ms for the list of 5,000 circles, cold
THREADS = 8
ENTRIES = 40  # that are voted for
WORDS = "The line held all night and the veterinarian came before the rain did. " * 3
TEXT = "The signal reached the lighthouse at last, and nobody there had asked for it. " * 60


def main() -> None:
    """Measure and print."""
    options = harness.arguments(__doc__ or "")
    parts: list[Callable[[dict[str, str], bool], dict[str, object]]] = [
        measure_thread,
        measure_entries,
        measure_votes,
        measure_circles,
    ]
    figures: dict[str, object] = {}
    for part in parts:
        with harness.data_folder(options.database) as environment:
            figures[part.__name__.removeprefix("measure_")] = part(environment, options.quick)
    harness.write_json(options.json, figures)


def _kept(is_kept: bool) -> str:
    return "yes" if is_kept else "no"


def _made(environment: dict[str, str]) -> Flask:
    """An application with an empty database."""
    from app import create_app
    from cms.core import markup, schema
    from cms.core.config import read_config
    from cms.core.database import db

    markup.DEADLINE = 60  # a busy machine starts the helper that renders slowly, and that is not measured
    app = create_app(read_config(environment))
    with app.app_context():
        schema.migrate(db.engine)
    return app


def _analyzed() -> None:
    from cms.core.database import db

    with db.engine.connect().execution_options(parley_write=True) as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def _cold_pages(app: Flask, pages: dict[str, str], times: int, *, aim: int, title: str) -> dict[str, object]:
    """Server time of pages that nobody has asked for before, in milliseconds, and the queries each makes."""
    from sqlalchemy import event

    from cms.core.database import db

    gc.freeze()  # as a web process does
    cache, client = app.extensions["parley_pages"], app.test_client()
    statements: list[str] = []
    with app.app_context():
        event.listen(
            db.engine, "before_cursor_execute", lambda c, cur, statement, *rest: statements.append(statement)
        )
    rows, figures = [], {}
    for name, path in pages.items():
        taken, busy = [], []
        for turn in range(times + 3):
            cache.forget_everything()
            statements.clear()
            begin, spent = time.perf_counter(), time.process_time()
            answer = client.get(path)
            if turn >= 3:
                taken.append((time.perf_counter() - begin) * 1000)
                busy.append((time.process_time() - spent) * 1000)
            assert answer.status_code == 200, (path, answer.status_code)
        p50, p95, cpu = (
            harness.percentile(taken, 0.5),
            harness.percentile(taken, 0.95),
            harness.percentile(busy, 0.5),
        )
        rows.append(
            [name, f"{p50:.1f}", f"{p95:.1f}", f"{cpu:.1f}", len(statements), f"≤ {aim}", _kept(p50 <= aim)]
        )
        figures[name] = {"p50_ms": p50, "p95_ms": p95, "cpu_ms": cpu, "queries": len(statements)}
    harness.table(title, ["page", "p50 ms", "p95 ms", "processor ms", "queries", "aim", "kept"], rows)
    with app.app_context():
        db.engine.dispose()
    gc.unfreeze()
    return figures


# A thread -------------------------------------------------------------------------------------------------------


def measure_thread(environment: dict[str, str], is_quick: bool) -> dict[str, object]:
    """Pages of a thread of 2,000 comments."""
    from cms.core.database import transaction
    from cms.posts import services as posts

    app, comments, now = _made(environment), 2_000, datetime.now(UTC)
    with app.app_context():
        ready = posts.prepare(title="A thread", body=WORDS)
        with transaction():
            post = posts.create_post(ready, kind="article", language="en", by=None, at=now)
            slug = post.slug or ""
            posts.publish_post(post.id, by=None, at=now)
            _fill_thread(post.id, comments, now)
        _analyzed()
    pages = {
        "newest": f"/posts/{slug}/comments",
        "best": f"/posts/{slug}/comments/best",
        "second page": f"/posts/{slug}/comments?after=0-1500-1500",
        "feed": f"/posts/{slug}/comments/feed.xml",
        "the post itself": f"/posts/{slug}",
    }
    title = f"A thread of {comments:,} comments, cold, the first 200 shown"
    return _cold_pages(app, pages, 20 if is_quick else 60, aim=THREAD_AIM, title=title)


def _fill_thread(post_id: int, comments: int, now: datetime) -> None:
    """40 % begin a thread, the others answer at any depth; some reacted to. Rows as the services leave them."""
    from sqlalchemy import insert

    from cms.comments.models import Comment, Reaction
    from cms.core.database import db
    from cms.people import handles
    from cms.people.models import Person

    people = [
        {
            "name": f"Reader {number}",
            "handle": f"reader-{number}",
            "handle_key": handles.key(f"reader-{number}"),
            "role": "member",
            "email": f"reader-{number}@example.com",
            "headline": {},
            "bio": {},
            "locale": "en",
            "timezone": "UTC",
            "created_at": now,
        }
        for number in range(200)
    ]
    db.session.execute(insert(Person), people)
    ids = list(db.session.scalars(Person.__table__.select().with_only_columns(Person.id)))
    rows: list[dict[str, Any]] = []
    for number in range(1, comments + 1):
        is_first = number % 5 in (0, 1)
        parent = None if is_first else number - 1
        root = number if is_first else rows[number - 2]["root_id"]
        at = now - timedelta(minutes=comments - number)
        rows.append(
            {
                "id": number,
                "subject_kind": "post",
                "subject_id": post_id,
                "parent_id": parent,
                "root_id": root,
                "author_id": ids[number % len(ids)],
                "author_name": "",
                "body": WORDS,
                "html": f"<p>{WORDS}</p><blockquote><p>And <em>so</em> on.</p></blockquote>",
                "plain": WORDS,
                "renderer": 2,
                "language": "en",
                "state": "visible",
                "held_for": [],
                "spam_score": 0.5,
                "score": number % 7 if number % 3 == 0 else 0,
                "answers": 0 if (number + 1) % 5 in (0, 1) or number == comments else 1,
                "in_thread": 3 if is_first else 0,
                "flags": 0,
                "created_at": at,
                "shown_at": at,
                "reason": "",
                "note": "",
                "appeal": "",
            }
        )
    db.session.execute(insert(Comment), rows)
    reactions = [
        {"comment_id": row["id"], "person_id": ids[one], "kind": "agree", "at": now}
        for row in rows
        for one in range(row["score"])
    ]
    db.session.execute(insert(Reaction), reactions)


# The last minute -----------------------------------------------------------------------------------------------------


def measure_entries(environment: dict[str, str], is_quick: bool) -> dict[str, object]:
    """So many people hand in within the last minute, more and more to its end; then as many all at once. Gives how many
    were lost and how long each waited: from the moment they pressed the button, whoever was before them."""
    from cms.core.database import db
    from cms.people import identity

    app, count, minute = _made(environment), *((60, 12) if is_quick else (300, 60))
    people = _prepared(app, 2 * count)

    def hand_in(one: tuple[int, str], after: float | None) -> float:
        entry_id, token = one
        client = app.test_client()
        with client.session_transaction() as session:
            session[identity.SESSION_KEY] = token
        path = f"/me/entries/{entry_id}"
        csrf = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
        assert csrf is not None
        said = {"title": f"Entry {entry_id}", "body": TEXT, "language": "en", "rules": "1", "agrees": "y"}
        pressed = time.perf_counter() if after is None else start + after
        time.sleep(max(0.0, pressed - time.perf_counter()))
        answer = client.post(path, data={**said, "csrf_token": csrf[1], "hand_in": "1"})
        took = time.perf_counter() - pressed
        assert answer.status_code == 303, f"{answer.status_code} after {took:.1f} s: {answer.text[:2000]}"
        return took * 1000

    # Its last second sees twice as many as the average one.
    moments = [minute * ((number + 0.5) / count) ** 0.5 for number in range(count)]
    start = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as threads:
        spread = list(threads.map(hand_in, people[:count], moments))
        rushed = time.perf_counter()
        at_once = list(threads.map(hand_in, people[count:], [None] * count))
    rows = [
        [name, count, round(seconds, 1), *(round(harness.percentile(took, part)) for part in (0.5, 0.95, 1))]
        for name, seconds, took in (
            ("within a minute", rushed - start, spread),
            ("all at once", time.perf_counter() - rushed, at_once),
        )
    ]
    lost = 2 * count - _snapshots(app)
    with app.app_context():
        db.engine.dispose()
    harness.table(
        f"Entries in the last minute: {lost} lost; aim: p95 at most 500 ms within a minute",
        ["", "handed in", "seconds in all", "p50 ms", "p95 ms", "longest ms"],
        rows,
    )
    return {"handed_in": 2 * count, "lost": lost, "p95_ms": rows[0][4], "p95_at_once_ms": rows[1][4]}


def _prepared(app: Flask, count: int) -> list[tuple[int, str]]:
    """A contest whose deadline is near, and the entries and sign-ins of so many people."""
    from cms.contests import services
    from cms.contests.content import PhaseLine, Plan, prepare, prepare_rules
    from cms.core.database import db, transaction
    from cms.core.walltime import wall_time
    from cms.people import handles
    from cms.people import services as accounts
    from cms.people.models import Person

    now = datetime.now(UTC)
    walls = [wall_time(now + timedelta(hours=hours), "UTC") for hours in (-24, 2, 3)]
    lines = [PhaseLine("entries", walls[0], walls[1]), PhaseLine("results", walls[2])]
    ready = prepare(Plan(title={"en": "Signals"}, zone="UTC", phases=lines))
    rules = prepare_rules({"en": "Be brief."}, {"en": "I wrote it."})
    with app.app_context(), transaction():
        contest = services.create_contest(ready, rules, by=None, at=now - timedelta(days=2))
        services.announce_contest(contest.id, by=None, at=now - timedelta(days=2))
        found = []
        for number in range(count):
            handle = f"member-{number}"
            person = Person(
                name=f"Member {number}",
                handle=handle,
                handle_key=handles.key(handle),
                role="member",
                email=f"{handle}@example.com",
                created_at=now - timedelta(days=90),
            )
            db.session.add(person)
            db.session.flush()
            entry = services.begin_entry(contest.id, language="en", by=person, at=now)
            found.append((entry.id, accounts.start_sign_in(person.id, agent="benchmark", at=now)))
    return found


def _snapshots(app: Flask) -> int:
    from sqlalchemy import func, select

    from cms.contests.models import EntrySnapshot
    from cms.core.database import db

    with app.app_context():
        return db.session.scalar(select(func.count(EntrySnapshot.id))) or 0


# Votes ---------------------------------------------------------------------------------------------------------------


def measure_votes(environment: dict[str, str], is_quick: bool) -> dict[str, object]:
    """Votes tallied and recounted, a bundle checked, and 100 votes of one person at once."""
    from cms.core.database import db

    votes, times = (2_000, 3) if is_quick else (10_000, 7)
    app = _made(environment)
    contest_id = _with_votes(app, votes)
    with app.app_context():
        taken = _counted(contest_id, times)
        together, answered, left = _at_once(app, contest_id)
        db.engine.dispose()
    aims = {"tallied and recounted": TALLY_AIM}
    harness.table(
        f"{votes:,} votes for {ENTRIES} entries",
        ["what", "p50 s", "most s", "aim", "kept"],
        [
            [
                name,
                f"{harness.percentile(all_, 0.5):.2f}",
                f"{max(all_):.2f}",
                f"≤ {aims[name]:g}" if name in aims else "",
                _kept(max(all_) <= aims[name]) if name in aims else "",
            ]
            for name, all_ in taken.items()
        ],
    )
    harness.table(
        "100 votes of one person in 16 threads",
        ["seconds", "answered", "counted", "aim", "kept"],
        [[f"{together:.2f}", answered, left, "= 1", _kept(left == 1)]],
    )
    return {**taken, "at once": together, "counted": left}


def _with_votes(app: Flask, votes: int) -> int:
    """A contest whose vote is open, with its entries and votes, as rows."""
    from sqlalchemy import insert

    from cms.contests.judging import services
    from cms.contests.judging.models import Vote, Voter
    from cms.contests.models import Contest, ContestPhase, Entry, EntrySnapshot
    from cms.core.database import db, transaction

    now = datetime.now(UTC)

    def text() -> EntrySnapshot:
        words = {
            "title": "My phone",
            "body": "It rang.",
            "html": "<p>It rang.</p>",
            "plain": "It rang.",
            "statement": "",
        }
        counted = {"version": 1, "language": "en", "word_count": 2, "rules_number": 1}
        return EntrySnapshot(**words, **counted, content_hash="0" * 64, sealed_at=now)

    levels = [{"points": one, "words": {"en": str(one)}} for one in (1, 5)]
    with app.app_context(), transaction():
        wall = "2026-11-01T09:00"
        phase = ContestPhase(
            kind="vote", position=4, starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=1),
            starts_wall=wall, ends_wall=wall,
        )  # fmt: skip
        contest = Contest(
            slug="expo",
            title={"en": "Expo"},
            zone="UTC",
            created_at=now,
            edited_at=now,
            announced_at=now,
            phases=[phase],
        )
        db.session.add(contest)
        db.session.flush()
        contest_id = contest.id
        sealed = {"version": 1, "sealed_hash": "0" * 64, "submitted_at": now, "verdict": "accepted"}
        entries = [
            Entry(
                contest_id=contest_id,
                language="en",
                begun_at=now,
                edited_at=now,
                snapshots=[text()],
                **sealed,
            )
            for _one in range(ENTRIES)
        ]
        db.session.add_all(entries)
        rubric = [{"key": "idea", "name": {"en": "Idea"}, "weight": 1, "levels": levels}]
        services.set_judging(contest_id, services.JudgingTerms(rubric), by=None, at=now)
        first = entries[0].id
        keys = ("person_key", "address_key", "network_key")
        db.session.execute(
            insert(Voter),
            [
                {"id": one, "contest_id": contest_id, "account_days": 90, "first_at": now, "state": "counted",
                 "held_for": [], "reason": "", **{key: secrets.token_hex(32) for key in keys}}
                for one in range(1, votes + 1)
            ],
        )  # fmt: skip
        db.session.execute(
            insert(Vote),
            [
                {"contest_id": contest_id, "voter_id": one, "entry_id": first + one * one % ENTRIES, "slot": 0,
                 "ballot": secrets.token_hex(16), "at": now}
                for one in range(1, votes + 1)
            ],
        )  # fmt: skip
    return contest_id


def _counted(contest_id: int, times: int) -> dict[str, list[float]]:
    """Tally in the program and count in the database, and both must agree; then a bundle written and checked."""
    from cms.contests.judging import queries, services
    from cms.contests.judging.bundle import verify, write_bundle
    from cms.contests.judging.tally import tally
    from cms.contests.models import Contest
    from cms.core.database import db

    figures: dict[str, list[float]] = {
        "tallied and recounted": [],
        "bundle written": [],
        "bundle worked out again": [],
    }
    judging = queries.find_judging(contest_id)
    assert judging is not None
    for _time in range(times):
        db.session.rollback()
        begun = time.perf_counter()
        entries = [str(one) for one in services.accepted_entries(contest_id)]
        counted = tally(services.ballots_of(contest_id), entries).counted
        again = services.count_again(contest_id)
        figures["tallied and recounted"].append(time.perf_counter() - begun)
        assert {entry: count for entry, count in counted.items() if count} == again
        contents = services.contents_of(judging, db.session.get_one(Contest, contest_id))
        begun = time.perf_counter()
        data = write_bundle(contents)
        figures["bundle written"].append(time.perf_counter() - begun)
        begun = time.perf_counter()
        assert all(one.is_right for one in verify(io.BytesIO(data)))
        figures["bundle worked out again"].append(time.perf_counter() - begun)
    return figures


def _at_once(app: Any, contest_id: int) -> tuple[float, int, int]:
    """Seconds, how many requests were answered, and how many votes they left."""
    from sqlalchemy import func, select

    from cms.contests.judging import services
    from cms.contests.judging.models import Vote
    from cms.core.database import db, transaction
    from cms.core.errors import Conflict
    from cms.people import handles
    from cms.people.models import Person

    now = datetime.now(UTC)
    entries = services.accepted_entries(contest_id)
    before = db.session.scalar(select(func.count(Vote.id))) or 0
    with transaction():
        person = Person(
            name="Rae", handle="rae", handle_key=handles.key("rae"), role="member", email="rae@example.com",
            created_at=now - timedelta(days=90), email_confirmed_at=now,
        )  # fmt: skip
        db.session.add(person)
        db.session.flush()
        person_id = person.id

    def vote(number: int) -> int:
        with app.app_context():
            try:
                with transaction():
                    by = db.session.get_one(Person, person_id)
                    services.cast_vote(
                        contest_id, entries[number % ENTRIES], by=by, network=str(number), at=now
                    )
            except Conflict:
                pass  # told that they have voted: an answer as well
            return 1

    begun = time.perf_counter()
    with ThreadPoolExecutor(16) as threads:
        answered = sum(threads.map(vote, range(100)))
    taken = time.perf_counter() - begun
    db.session.rollback()
    return taken, answered, (db.session.scalar(select(func.count(Vote.id))) or 0) - before


# Circles --------------------------------------------------------------------------------------------------------


def measure_circles(environment: dict[str, str], is_quick: bool) -> dict[str, object]:
    """The list of 5,000 circles, by word and by topic, and one of them."""
    from sqlalchemy import insert

    from cms.circles.models import Circle, CircleSlug, CircleTag
    from cms.core.database import db, transaction
    from cms.topics.models import Tag, TagSlug

    app, count, now = _made(environment), 500 if is_quick else 5_000, datetime.now(UTC)
    settings = {
        "language": "en",
        "join_policy": "open",
        "content_default": "all",
        "about": "",
        "about_html": "",
    }
    with app.app_context(), transaction():
        db.session.execute(
            insert(Tag),
            [{"id": one, "slug": f"tag-{one}", "name": {"en": f"Tag {one}"}} for one in range(1, 41)],
        )
        db.session.execute(insert(TagSlug), [{"slug": f"tag-{one}", "tag_id": one} for one in range(1, 41)])
        circles = [
            {
                "id": one,
                "slug": f"circle-{one}",
                "name": f"Circle {one}",
                "name_key": f"circle-{one}" if one % 10 else None,
                "purpose": WORDS[:200],
                "visibility": "public" if one % 10 else "hidden",
                "created_at": now,
                "active_at": now - timedelta(minutes=one),
                "owner_seen_at": now,
                **settings,
            }
            for one in range(1, count + 1)
        ]
        db.session.execute(insert(Circle), circles)
        db.session.execute(
            insert(CircleSlug), [{"slug": one["slug"], "circle_id": one["id"]} for one in circles]
        )
        tagged = [
            {"circle_id": one, "tag_id": (one + step * 7) % 40 + 1, "position": step}
            for one in range(1, count + 1)
            for step in range(3)
        ]
        db.session.execute(insert(CircleTag), tagged)
    with app.app_context():
        _analyzed()
    pages = {
        "the list": "/circles",
        "by topic": "/circles?tag=tag-7",
        "by word": "/circles?q=veterinarian",
        "one circle": "/circles/circle-1",
    }
    title = f"{count:,} circles, cold"
    return _cold_pages(app, pages, 20 if is_quick else 60, aim=CIRCLES_AIM, title=title)


if __name__ == "__main__":
    main()
