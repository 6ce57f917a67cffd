"""Counting: what a beacon costs beside the smallest WSGI answer there is, what readers feel of a flood of beacons and of a
stampede of link previews, and how fast the collector adds up.

The beacon (`/e.gif`, the same way as `POST /e`) and the ceiling run in turns under `parley serve`'s web server with two
processes, which share this machine with the load. The flood is 5,000 beacons a second of as many visitors beside a worker
that collects; a reader opens a post again and again, in peace and in the flood by turns, then while 4,000 preview programs
ask for the same post within a minute. The collector then adds up a mixture of views, reading time, clicks and machines,
and is compared with putting as many rows into one plain table through the driver: in an empty store, and in one that
holds a month of views. Compare within one run: machines differ. What is lost at `kill -9` is tested, not measured:
`tests/campaigns/engagement/test_kills.py`.
"""

import contextlib
import random
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import harness

BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Sec-Fetch-Site": "same-origin",
    "Accept-Language": "en",
}
MOST = 100_000  # events that are added up
AGAIN, SECONDS = 3, 2  # times that each load goes on between two starts of the servers, and how long
MONTH = 2_000_000  # views that a store may hold before
_HOUR = 3_600_000  # milliseconds
CONNECTIONS, REST = 58, 10  # of the flood, and milliseconds between two beacons of each: some 5,000 a second


def main() -> None:
    """Measure and print; `--previews URL MANY SECONDS` is the stampede itself, in a process of its own."""
    if sys.argv[1:2] == ["--previews"]:
        ask_for_previews(sys.argv[2], *map(int, sys.argv[3:5]))
        return
    options = harness.arguments(__doc__ or "")
    with harness.data_folder(options.database) as environment:
        post, code = prepare(environment)
        served = measure_served(environment, post, code, 1 if options.quick else 7)
    with harness.data_folder(options.database) as environment:
        post, code = prepare(environment)
        felt = measure_felt(environment, post, code, *((4, 1, 300) if options.quick else (15, 4, 4000)))
    many, turns, month = (4000, 1, MONTH // 100) if options.quick else (MOST, 5, MONTH)
    with harness.data_folder(options.database) as environment:
        prepare(environment)
        added = measure_collector(environment, many, turns, before=0)
    with harness.data_folder(options.database) as environment:
        prepare(environment)
        added_to = measure_collector(environment, many, turns, before=month)
    figures = {"served": served, "felt": felt, "collector": added, "collector_of_month": added_to}
    show(figures, options.database)
    harness.write_json(options.json, figures)


def prepare(environment: dict[str, str]) -> tuple[int, str]:
    """A site with one post and a link to it, and the salt of this month; gives the post's number and the link's code."""
    from app import create_app
    from campaigns.engagement.gate import GIF
    from campaigns.engagement.visitors import keep_salts
    from campaigns.links.services import mint_link
    from cms.core import clock, schema
    from cms.core.config import read_config
    from cms.core.database import db, transaction
    from cms.posts import services

    Path(environment["PARLEY_DATA"], "ceiling.bin").write_bytes(GIF)
    app = create_app(read_config(environment))
    with app.app_context():
        schema.migrate(db.engine)
        ready = services.prepare(title="Spring notes", body="Quiet.")
        with transaction():
            keep_salts(at=clock.now(), length="month")
            post = services.create_post(ready, kind="article", language="en", by=None, at=clock.now())
            number = post.id
            services.publish_post(number, by=None, at=clock.now())
            link = mint_link(
                target="/posts/spring-notes", post_id=number, account_id=None, campaign_id=None, source="mastodon",
                medium="social", by=None, at=clock.now(),
            )  # fmt: skip
            code = link.code
        db.engine.dispose()
    return number, code


def measure_served(
    environment: dict[str, str], post: int, code: str, turns: int
) -> dict[str, dict[str, float]]:
    """Requests per second, microseconds of the servers' own work for each, and latencies; in turns, so that a busy moment
    hits all. Under full load a server goes on in one of two ways for some seconds, with few requests in each hand-over
    from thread to thread or with many, which differ by half: so there are many short turns, some with each start."""
    targets = {
        "the ceiling": ("ceiling:front", "/"),
        "a beacon": ("app:serve_app", f"/e.gif?s=post:{post}"),
        "a redirect": ("app:serve_app", f"/l/{code}"),
    }
    loads: dict[str, list[harness.Load]] = {name: [] for name in targets}
    works: dict[str, list[float]] = {name: [] for name in targets}
    surroundings = {**environment, "PYTHONPATH": str(Path(__file__).parent)}
    for _ in range(turns):
        with contextlib.ExitStack() as stack:
            servers = {}
            for target in dict.fromkeys(target for target, _ in targets.values()):
                port = harness.free_port()
                serving = harness.serving(harness.granian(target, port, 2), surroundings, port)
                servers[target] = port, stack.enter_context(serving)
            for once in range(AGAIN + 1):
                lasts = SECONDS if once else 1  # the first is to get warm
                for name, (target, path) in targets.items():
                    port, server = servers[target]
                    before = harness.work_of(server)
                    load = harness.load(f"http://127.0.0.1:{port}{path}", seconds=lasts, headers=BROWSER)
                    if once:
                        loads[name].append(load)
                        works[name].append(
                            (harness.work_of(server) - before) / (load.per_second * lasts) * 1e6
                        )
    return {
        name: {
            **{
                figure: statistics.median(getattr(one, figure) for one in many)
                for figure in ("per_second", "p50", "p99")
            },
            "work": statistics.median(works[name]),
            "errors": sum(one.errors for one in many),
        }
        for name, many in loads.items()
    }


def measure_felt(
    environment: dict[str, str], post: int, code: str, seconds: int, turns: int, previews: int
) -> dict[str, float]:
    """What a reader waits for, in peace and in a flood by turns, then in a stampede; whether all was counted, and how soon
    it is."""
    port = harness.free_port()
    command = [
        sys.executable,
        "-c",
        "from app import main; main()",
        "serve",
        "--port",
        str(port),
        "--workers",
        "2",
    ]
    behind_proxy = {**environment, "PARLEY_TRUSTED_PROXIES": "1"}  # which says who asks
    with harness.serving(command, behind_proxy, port):
        url = f"http://127.0.0.1:{port}/en/posts/spring-notes"
        harness.get(url)
        address, lasts = f"http://127.0.0.1:{port}/e", seconds + 1
        script = ("flood.lua", str(post), str(REST))
        peace, flooded, floods = list[float](), list[float](), list[harness.Load]()
        for turn in range(turns):
            peace += read_for(url, seconds)
            flooding = beside(harness.wrk(address, lasts, CONNECTIONS, script=(*script, str(turn))))
            flooded += read_for(url, seconds)
            floods.append(harness.read_load(flooding.communicate()[0]))
            answered = sum(one.answered for one in floods)
            views, visible = counted(environment, post, "views", answered)  # then there is peace again
        half = beside(harness.wrk(address, lasts, CONNECTIONS // 2, script=(*script, str(turns))))
        seen = watch_clicks(environment, f"http://127.0.0.1:{port}/l/{code}", seconds)
        half_sent = harness.read_load(half.communicate()[0])
        lasts = 60 * previews // 4000
        trampling = beside([sys.executable, __file__, "--previews", url, str(previews), str(lasts)])
        trampled = read_for(url, lasts)
        trampling.communicate()
        shown, _ = counted(environment, post, "previews", previews)
    p95 = {name: harness.percentile(some, 0.95) for name, some in
           (("peace", peace), ("flood", flooded), ("stampede", trampled))}  # fmt: skip
    return {
        **p95,
        "half": half_sent.per_second,
        "seen_p50": harness.percentile(seen, 0.5),
        "seen_p95": harness.percentile(seen, 0.95),
        "beacons": statistics.median(one.per_second for one in floods),
        "beacon_p99": statistics.median(one.p99 for one in floods),
        "uncounted": max(0, answered - views),  # those under way at the end are counted, and not answered
        "visible": visible,
        "previews": previews,
        "uncounted_previews": previews - shown,
    }


def beside(command: list[str]) -> subprocess.Popen[bytes]:
    """Something at work meanwhile, and for a little longer."""
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parent)


def read_for(url: str, seconds: float) -> list[float]:
    """Milliseconds of opening a page, twenty times a second."""
    found, until = [], time.perf_counter() + seconds
    while time.perf_counter() < until:
        found.append(harness.get(url)[2])
        time.sleep(0.05)
    return found


def ask_for_previews(url: str, many: int, seconds: float) -> None:
    """As a network's servers do, spread over so many seconds."""
    start = time.perf_counter()
    for number in range(many):
        time.sleep(max(0.0, start + seconds * number / many - time.perf_counter()))
        harness.get(url, {"User-Agent": "http.rb/5.2.0 (Mastodon/4.5.0; +https://social.example/) Bot"})


def counted(environment: dict[str, str], post: int, what: str, many: int) -> tuple[int, float]:
    """What the store says of a post once it says so much, or after a minute; and how many seconds that took."""
    from campaigns.engagement.store import POST

    store, start = open_store(environment), time.perf_counter()
    while True:
        totals = store.totals(POST, [post]).get(post)
        seen, waited = (getattr(totals, what) if totals else 0), time.perf_counter() - start
        if seen >= many or waited > 60:
            store.engine.dispose()
            return seen, waited
        time.sleep(0.1)


def watch_clicks(environment: dict[str, str], url: str, seconds: int) -> list[float]:
    """Seconds from following the only link there is, each time as somebody else, until the store counts it."""
    from campaigns.engagement.store import LINK

    found: list[float] = []
    store, until = open_store(environment), time.perf_counter() + seconds
    while time.perf_counter() < until:
        start = time.perf_counter()
        harness.get(
            url,
            {
                "User-Agent": f"Mozilla/5.0 (X11; Linux x86_64; rv:{len(found)}.0) Gecko/20100101 Firefox/140.0"
            },
        )
        while not (totals := store.totals(LINK, [1])) or totals[1].clicks <= len(found):
            time.sleep(0.01)
        found.append(time.perf_counter() - start)
        time.sleep(random.random() / 2)  # not in step with the collector
    store.engine.dispose()
    return found


def open_store(environment: dict[str, str]) -> Any:
    """The store of this instance."""
    from campaigns.engagement.store import Store
    from cms.core.config import read_config

    config = read_config(environment)
    return Store(f"sqlite:///{config.data / 'analytics.db'}" if config.is_sqlite else config.database_url)


def measure_collector(environment: dict[str, str], many: int, turns: int, *, before: int) -> dict[str, Any]:
    """Events per second of one collector, and of putting the same lines into one table and nothing else: medians of some
    turns, of which each adds other lines to the same store and then puts the same into a new table. The store holds so
    many views of the last 30 days before."""
    from app import create_app
    from campaigns.engagement.installing import store
    from campaigns.engagement.store import SITE
    from campaigns.engagement.store.sketches import unite
    from cms.core.config import read_config
    from cms.core.database import db

    folder = Path(environment["PARLEY_DATA"], "spool")
    folder.mkdir(exist_ok=True)
    app = create_app(read_config(environment))
    taken: dict[str, list[float]] = {}
    with app.app_context():
        kept = store()
        unite([])  # the library is loaded once
        _fill(kept, before)
        for turn in range(turns):
            said = mixture(many, seed=turn)
            (folder / f"load{turn}.events").write_bytes(b"".join(said))
            for name, some in (
                ("collector", _collect(folder, kept, many)),
                ("plain", _insert_plainly(kept, said, turn)),
            ):
                for of, seconds in zip(("", "_cpu"), some, strict=True):
                    taken.setdefault(name + of, []).append(many / seconds)
        assert kept.totals(SITE, [0])[0].views > many * turns / 4
        phases = _phases(folder, kept, many, turns)
        kept.engine.dispose()
        db.engine.dispose()
    ratios = [one / other for one, other in zip(taken["collector_cpu"], taken["plain_cpu"], strict=True)]
    return {
        "events": many,
        "before": before,
        **{name: statistics.median(some) for name, some in taken.items()},
        "least": min(ratios),
        "most": max(ratios),
        "phases": phases,
    }


def _fill(kept: Any, many: int) -> None:
    from campaigns.engagement.store import tables
    from campaigns.engagement.store.rows import put

    chance, now = random.Random(1), round(time.time() * 1000)
    with kept.engine.connect().execution_options(parley_write=True) as connection, connection.begin():
        for _ in range(0, many, 100_000):
            ats = [now - _HOUR * chance.randrange(3, 720) for _ in range(min(many, 100_000))]
            rows = [(view_number(at, chance), 202601, at, "mastodon", 1, 1, 12, 1, 50) for at in ats]
            put(connection, tables.views, sorted(rows))


def view_number(at: int, chance: random.Random) -> int:
    """As a page of ours makes it (`static/js/visit.js`): the hour, then chance."""
    return at // _HOUR << 43 | chance.getrandbits(43)


def click_id(at: int, chance: random.Random) -> str:
    """As a redirect gives one out (`campaigns/links/clicks.py`): the hour, then chance."""
    return f"{at // _HOUR % 2**16:04x}{chance.getrandbits(32):08x}"


def _collect(folder: Path, kept: Any, many: int) -> tuple[float, float]:
    from campaigns.engagement import collector

    done, start, busy = 0, time.perf_counter(), time.process_time()
    while told := collector.collect(folder, kept, window="month", oldest=timedelta(days=90)):
        done += told["events"]
    assert done == many
    return time.perf_counter() - start, time.process_time() - busy


def _phases(folder: Path, kept: Any, many: int, turn: int) -> dict[str, float]:
    """Seconds of work for 100,000 events, by what is done; of one more turn, as looking costs a little."""
    from campaigns.engagement import collector
    from campaigns.engagement.store import store as storing

    spent: dict[str, float] = {}

    def watched(what: str, done: Any) -> Any:
        def go(*some: Any, **more: Any) -> Any:
            start = time.process_time()
            try:
                return done(*some, **more)
            finally:
                spent[what] = spent.get(what, 0) + (time.process_time() - start) * 100_000 / many

        return go

    with contextlib.ExitStack() as stack:
        for of, name, what in (
            (collector, "_read", "reading lines"),
            (collector, "_told", "who did what"),
            (storing, "load", "what is known of views and clicks"),
            (storing.Comings, "complete", "channels, and what is done again"),
            (storing.Store, "_keep_raw", "raw"),
            (storing, "fold", "adding up"),
            (storing, "add_up", "writing sums, people, views, clicks"),
        ):
            stack.enter_context(mock.patch.object(of, name, watched(what, getattr(of, name))))
        (folder / f"load{turn}.events").write_bytes(b"".join(mixture(many, seed=turn)))
        _, work = _collect(folder, kept, many)
    return {**spent, "all of it": work * 100_000 / many}


def mixture(many: int, *, seed: int = 7) -> list[bytes]:
    """Lines of the last hour: views of 500 posts by 40,000 people, reading time, clicks, previews and robots."""
    from campaigns.engagement.lines import Line, write_line

    chance, now = random.Random(seed), round(time.time() * 1000) - 3_600_000
    agents = ["browser:chrome", "browser:firefox", "browser:safari", "browser:wechat", "crawler:google"]
    referrers = ["", "", "", "news.example/a", "www.google.com/", "feedly.com/i", "blog.example/x"]
    lines: list[Line] = []
    for number in range(many):
        visitor = (chance.randrange(40_000) * 0x9E3779B97F4A7C15) % 2**62 + 1
        post, at = min(int(chance.paretovariate(0.8)), 500), now + number * 30
        view, about = view_number(at, chance), {"at": at, "language": "en", "device": chance.choice("dm")}
        kind = chance.random()
        if kind < 0.55:
            agent, referrer = chance.choice(agents), chance.choice(referrers)
            line = Line(kind="view", hints="P", visitor=visitor, subject=f"post:{post}", view=view, agent=agent,
                        referrer=referrer, **about)  # type: ignore[arg-type]  # fmt: skip
        elif kind < 0.85:
            before = lines[-chance.randrange(1, min(len(lines), 200) + 1)] if lines else None
            line = Line(kind="read", hints="P", visitor=before.visitor if before else visitor, subject=f"post:{post}",
                        view=before.view or view if before else view, seconds=chance.randrange(1, 30), depth=50,
                        agent="browser:chrome", **about)  # type: ignore[arg-type]  # fmt: skip
        elif kind < 0.95:
            line = Line(kind="click", hints="G", visitor=visitor, subject=f"link:{post}", click=click_id(at, chance),
                        agent=chance.choice(agents), network=f"{visitor % 2**32:08x}", **about)  # type: ignore[arg-type]  # fmt: skip
        else:
            line = Line(
                kind="fetch", hints="G", visitor=0, subject=f"post:{post}", agent="preview:mastodon", **about
            )  # type: ignore[arg-type]
        lines.append(line)
    return [write_line(line) for line in lines]


def _insert_plainly(kept: Any, said: list[bytes], turn: int) -> tuple[float, float]:
    """The fields of the same lines, cut before the clock starts, as rows of text of one table without key or index: by
    `executemany` (PostgreSQL: `COPY`), a transaction for each 10,000, in the same file and with the same settings as
    the store. Seconds, and seconds of this process's own work."""
    from campaigns.engagement.store.rows import is_postgresql

    rows = [tuple(line.decode().rstrip("\n").split("\t")) for line in said]
    columns = ", ".join(f"c{number} TEXT" for number in range(len(rows[0])))
    with kept.engine.connect().execution_options(parley_write=True) as connection:
        connection.exec_driver_sql(f"CREATE TABLE ev_plain{turn} ({columns})")
        connection.commit()
        start, busy = time.perf_counter(), time.process_time()
        for first in range(0, len(rows), 10_000):
            some = rows[first : first + 10_000]
            if is_postgresql(connection):
                cursor = connection.connection.cursor()
                with cursor.copy(f"COPY ev_plain{turn} FROM STDIN") as copying:
                    for row in some:
                        copying.write_row(row)
                cursor.close()
            else:
                marks = ", ".join("?" * len(rows[0]))
                connection.exec_driver_sql(f"INSERT INTO ev_plain{turn} VALUES ({marks})", some)
            connection.commit()
        return time.perf_counter() - start, time.process_time() - busy


def show(figures: dict[str, Any], database: str) -> None:
    """Print the tables."""
    ceiling = figures["served"]["the ceiling"]
    harness.table(
        f"Served by two processes, 32 connections, {database}",
        [
            "what",
            "requests/s",
            "of the ceiling",
            "µs of work",
            "of the ceiling",
            "p50 ms",
            "p99 ms",
            "errors",
        ],
        [
            [
                name,
                one["per_second"],
                one["per_second"] / ceiling["per_second"],
                one["work"],
                ceiling["work"] / one["work"],
                one["p50"],
                one["p99"],
                int(one["errors"]),
            ]
            for name, one in figures["served"].items()
        ],
    )
    felt = figures["felt"]
    harness.table(
        "What a reader waits for a post, p95 in milliseconds",
        ["in peace", f"beside {felt['beacons']:,.0f} beacons/s", "beside the stampede"],
        [[felt["peace"], felt["flood"], felt["stampede"]]],
    )
    print(
        f"Of the beacons {felt['uncounted']} are not counted, of {felt['previews']} previews"
        f" {felt['uncounted_previews']}; the last beacon was counted {felt['visible']:.1f} s after the flood."
        f"\nBeside {felt['half']:,.0f} beacons/s a click is in the store {felt['seen_p50']:.2f} s after it (p50),"
        f" {felt['seen_p95']:.2f} s (p95). In the flood a beacon is answered in {felt['beacon_p99']:.1f} ms (p99)."
    )
    for added in figures["collector"], figures["collector_of_month"]:
        harness.table(
            f"One process adds up {added['events']:,} events; {added['before']:,} views are there before",
            ["what", "events/s", "of plain rows", "events per second of work", "of plain rows"],
            [
                [
                    "raw, sums, people, position",
                    added["collector"],
                    added["collector"] / added["plain"],
                    added["collector_cpu"],
                    added["collector_cpu"] / added["plain_cpu"],
                ],
                ["plain rows in one table", added["plain"], 1.0, added["plain_cpu"], 1.0],
            ],
        )
        print(f"Of plain rows by work, turn by turn: {added['least']:.2f} to {added['most']:.2f}")
        phases = [[what, seconds] for what, seconds in added["phases"].items()]
        harness.table("The collector's work for 100,000 events, once", ["what", "seconds"], phases)


if __name__ == "__main__":
    main()
