"""How late deliveries go out: 10,000 due rows of which 100 fall due each second; what each costs; claims a second; rows
that are held.

Workers are processes of their own, and the network a server of this benchmark's own on 127.0.0.1 that answers at once.
Lag is from the planned instant to the network's acceptance. Compare within one run.
"""

import multiprocessing
import os
import signal
import statistics
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import harness

START = 5  # seconds before the first is due, once the workers are there
PATIENCE = 60  # seconds without an arrival: then what has not arrived will not
AIM = 2.0  # seconds of lag, p99
PER_SECOND = 100
ACCOUNTS = 50
SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
spawn = multiprocessing.get_context("spawn")


def main() -> None:
    """Measure and print."""
    options = harness.arguments(__doc__ or "")
    due, claimed, held, watched = (1_000, 300, 1_000, 10) if options.quick else (10_000, 2_000, 10_000, 60)
    figures: dict[str, object] = {}
    with harness.data_folder(options.database) as environment:
        environment["PARLEY_OUTBOUND_ALLOW"] = "127.0.0.0/8"
        with network() as (url, arrivals):
            app, post_id, account_ids = prepare(environment, url)
            figures["claims"] = claims(app, environment, post_id, account_ids, claimed)
            figures["held"] = idle(app, environment, post_id, account_ids, held, watched)
            figures["lag"] = lag(app, environment, post_id, account_ids, due, arrivals)
    harness.write_json(options.json, figures)
    report(figures, options.database, due, held)


def report(figures: dict, database: str, due: int, held: int) -> None:
    """The tables."""
    found = figures["lag"]
    harness.table(
        f"Lag of {due:,} deliveries, {PER_SECOND} due each second, two workers ({database})",
        [
            "",
            "p50 s",
            "p99 s",
            "most s",
            "CPU ms each",
            "commits each",
            "missing",
            "sent twice",
            "aim",
            "kept",
        ],
        [
            [
                "due to accepted",
                found["p50"],
                found["p99"],
                found["most"],
                found["cpu_ms"],
                found["commits"],
                found["missing"],
                found["twice"],
                f"p99 {AIM}",
                "yes" if found["p99"] <= AIM and not (found["twice"] or found["missing"]) else "NO",
            ]
        ],
    )
    harness.table(
        f"Claims, without sending ({database})",
        ["workers", "claims/s"],
        [[str(workers), rate] for workers, rate in figures["claims"].items()],
    )
    harness.table(
        f"A worker beside {held:,} rows that wait ({database})",
        ["rows that are", "CPU s a minute"],
        [[name, used] for name, used in figures["held"].items()],
    )


def prepare(environment: dict[str, str], url: str) -> tuple:
    """An instance with a live post and accounts."""
    app = application(environment)
    from campaigns.channels.models import Account
    from campaigns.channels.seats import write_secrets
    from cms.core import clock, schema
    from cms.core.database import db, transaction
    from cms.posts import services as posts

    with app.app_context():
        schema.migrate(db.engine)
        ready = posts.prepare(title="What salt does to a mast", body="Salt eats copper slowly.")
        with transaction():
            post = posts.create_post(ready, kind="article", language="en", by=None, at=clock.now())
            db.session.flush()
            post_id = post.id
        with transaction():
            posts.publish_post(post_id, by=None, at=clock.now())
        rows = [
            Account(
                channel="webhook",
                name=f"Receiver {number}",
                zone="UTC",
                created_at=clock.now(),
                settings={"url": f"{url}/hook"},
                secrets=write_secrets({"secret": SECRET}),
            )
            for number in range(ACCOUNTS)
        ]
        with transaction():
            db.session.add_all(rows)
        with transaction():
            account_ids = [row.id for row in rows]
        db.engine.dispose()
    return app, post_id, account_ids


def lag(
    app: object, environment: dict, post_id: int, account_ids: Sequence[int], due: int, arrivals: dict
) -> dict:
    """How late they are, in seconds, with two workers; and the CPU milliseconds and commits of these for each."""
    empty(app)
    ready, commits = spawn.Semaphore(0), spawn.Value("i", 0)
    workers = [worker(environment, ready, commits) for _ in range(2)]
    for _ in workers:
        assert ready.acquire(timeout=120), "a worker did not start"
    start = datetime.now(UTC) + timedelta(seconds=START + due / 1000)
    times, rows = {}, []
    for number in range(due):
        at = start + timedelta(seconds=number / PER_SECOND)
        rows.append(row := delivery(post_id, account_ids[number % ACCOUNTS], at))
        times[row["key"]] = at.timestamp()
    insert(app, rows)
    before, commits.value = sum(used(one.pid) for one in workers), 0
    wait_for_arrivals(arrivals, due, until=times[rows[-1]["key"]])
    cpu = sum(used(one.pid) for one in workers) - before
    stop(workers)
    late = [arrivals[key][0] - at for key, at in times.items() if key in arrivals]
    return {
        "p50": statistics.median(late),
        "p99": harness.percentile(late, 0.99),
        "most": max(late),
        "cpu_ms": cpu / len(late) * 1000,
        "commits": commits.value / len(late),
        "missing": due - len(late),
        "twice": sum(len(one) > 1 for one in arrivals.values()),
    }


def wait_for_arrivals(arrivals: dict, due: int, until: float) -> None:
    """Until all are there; or the last was due, and none came for a while."""
    there, came = 0, time.time()
    while there < due and time.time() < max(came, until) + PATIENCE:
        time.sleep(0.5)
        if len(arrivals) > there:
            there, came = len(arrivals), time.time()


def claims(app: object, environment: dict, post_id: int, account_ids: Sequence[int], rows: int) -> dict:
    """Claims a second, by the number of workers."""
    found = {}
    for workers in (1, 2, 4):
        empty(app)
        now = datetime.now(UTC) - timedelta(minutes=1)
        insert(app, [delivery(post_id, account_ids[n % ACCOUNTS], now) for n in range(rows)])
        results = spawn.Queue()
        begin = spawn.Event()
        processes = [
            spawn.Process(target=claim_all, args=(environment, begin, results)) for _ in range(workers)
        ]
        for process in processes:
            process.start()
        for _ in processes:
            assert results.get(timeout=300) == "ready"
        begin.set()
        counts = [results.get(timeout=300) for _ in processes]
        for process in processes:
            process.join()
        assert sum(count for count, _began, _ended in counts) == rows
        took = max(ended for *_rest, ended in counts) - min(began for _count, began, _ended in counts)
        found[workers] = rows / took
    return found


def claim_all(environment: dict[str, str], begin: object, results: object) -> None:
    """Claim until nothing is due. Runs in a process of its own."""
    app = application(environment)
    from campaigns.deliveries.engine.claiming import claim_due
    from campaigns.deliveries.engine.places import OF_NETWORK

    with app.app_context():
        claim_due("unsure", OF_NETWORK)
        results.put("ready")
        begin.wait()
        began, count, misses = time.monotonic(), 0, 0
        while misses < 3:
            taken = len(claim_due("scheduled", OF_NETWORK))
            count += taken
            misses = 0 if taken else misses + 1
        results.put((count, began, time.monotonic()))


def idle(
    app: object, environment: dict, post_id: int, account_ids: Sequence[int], rows: int, seconds: int
) -> dict:
    """CPU seconds a minute of a worker with nothing to do: none waits, all are held, all wait at paused accounts."""
    from sqlalchemy import text

    from cms.core.database import db, transaction

    found: dict[str, float] = {}
    then = datetime.now(UTC) - timedelta(hours=24)
    empty(app)
    found["none"] = cpu_of(environment, seconds)
    insert(app, [delivery(post_id, account_ids[n % ACCOUNTS], then, state="held") for n in range(rows)])
    found["held"] = cpu_of(environment, seconds)
    with app.app_context(), transaction():
        db.session.execute(text("UPDATE deliveries SET state = 'scheduled'"))
        db.session.execute(text("UPDATE accounts SET state = 'paused'"))
    found["due at paused accounts"] = cpu_of(environment, seconds)
    with app.app_context(), transaction():
        db.session.execute(text("UPDATE accounts SET state = 'active'"))
    return found


def cpu_of(environment: dict[str, str], seconds: int) -> float:
    """CPU seconds that a worker uses in a minute, once it has started."""
    ready = spawn.Semaphore(0)
    process = worker(environment, ready)
    assert ready.acquire(timeout=120), "the worker did not start"
    before, now = -1.0, used(process.pid)
    while now - before > 0.5:  # until it has done everything for the first time
        time.sleep(5)
        before, now = now, used(process.pid)
    before = now
    time.sleep(seconds)
    after = used(process.pid)
    stop([process])
    return (after - before) * 60 / seconds


def used(pid: int) -> float:
    """CPU seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def worker(environment: dict[str, str], ready: object = None, commits: object = None) -> object:
    """The jobs of deliveries, as `parley worker` runs them. Releases `ready` when it begins, and counts `commits`."""
    process = spawn.Process(target=work, args=(environment, ready, commits))
    process.start()
    return process


def work(environment: dict[str, str], ready: object, commits: object) -> None:
    """Runs in a process of its own."""
    app = application(environment)
    if commits is not None:
        count(commits)
    from campaigns.deliveries.jobs import JOBS
    from cms.core.worker import run_worker

    if ready is not None:
        ready.release()
    run_worker(app, JOBS)


def count(commits: object) -> None:
    """Add every commit of this process to a number that others see."""
    from sqlalchemy import Engine, event

    def add(connection: object) -> None:
        with commits.get_lock():
            commits.value += 1

    event.listen(Engine, "commit", add)


def stop(processes: Sequence[object]) -> None:
    """Ask them to stop, and wait."""
    for process in processes:
        os.kill(process.pid, signal.SIGTERM)
    for process in processes:
        process.join(30)


def application(environment: dict[str, str]) -> object:
    """The application for these settings."""
    from app import create_app
    from cms.core.config import read_config

    return create_app(read_config(environment))


def empty(app: object) -> None:
    """An empty queue."""
    from sqlalchemy import text

    from cms.core.database import db, transaction

    with app.app_context(), transaction():
        for table in ("delivery_events", "delivery_steps", "deliveries"):
            db.session.execute(text(f"DELETE FROM {table}"))


_occurrence = 0


def delivery(post_id: int, account_id: int, at: datetime, state: str = "scheduled") -> dict:
    """A row as planning leaves it, its message composed."""
    from campaigns.channels.messages import Message, Part

    global _occurrence
    _occurrence += 1
    key = str(uuid.uuid4())
    message = Message(
        key=key,
        language="en",
        parts=(Part("Salt eats copper slowly."),),
        url="https://example.com/posts/salt",
        link="https://example.com/l/abc12",
        planned_at=at,
    )
    return {
        "key": key,
        "post_id": post_id,
        "account_id": account_id,
        "occurrence": _occurrence,
        "state": state,
        "due_at": at,
        "planned_at": at,
        "latest_minutes": 3000,
        "payload": message.to_json(),
        "payload_hash": message.hash(),
        "created_at": at,
    }


def insert(app: object, rows: list[dict]) -> None:
    """Many rows at once."""
    from sqlalchemy import insert as insert_into
    from sqlalchemy import text

    from campaigns.deliveries.models import Delivery
    from cms.core.database import db, transaction

    with app.app_context():
        for start in range(0, len(rows), 1000):
            with transaction():
                db.session.execute(insert_into(Delivery), rows[start : start + 1000])
        with transaction():
            db.session.execute(text("ANALYZE"))
        db.engine.dispose()


class network:
    """A receiver that notes when each delivery arrived, by its key, and answers at once."""

    def __enter__(self) -> tuple[str, dict[str, list[float]]]:
        arrivals: dict[str, list[float]] = {}

        class Receiver(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                key = self.headers["webhook-id"].removeprefix("msg_")
                arrivals.setdefault(key, []).append(time.time())
                self.send_response(204)
                self.end_headers()

            def log_message(self, *words: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 128
            daemon_threads = True

        self.server = Server(("127.0.0.1", 0), Receiver)
        import threading

        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}", arrivals

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()


if __name__ == "__main__":
    main()
