"""Comparing campaigns: six of them over 365 days and eight channels, with people told apart over days and channels.

The roll-ups are those that 10 and 100 million events leave: 40 campaigns share them by Zipf's law. They are not counted
from events, which would take an hour, but made with a fixed seed and written by the store's own writer into its own
tables (`ev_day`, `ev_sketch`); the pyramid is built by the store. Each cell unites groups of some hundred visitors, so
people come back on other days and by other channels, and are found to be the same. One question asks for daily counts
by channel, daily counts of all, people by campaign, by campaign and channel, and of all six together.

"First" is a new process, with loading the library of sketches. "Nothing kept" is a process that has answered before and
forgot all of it; "warm" are questions of which none was asked before, where what was read of each campaign is kept; "again"
is the same question once more. Beside what one waited stands the process's own work, as machines are shared.
"""

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import harness

DAYS, CHANNELS, CAMPAIGNS, GROUP = 365, 8, 40, 500
UNTIL = date(2026, 11, 1)
SINCE = UNTIL - timedelta(days=DAYS)


def main() -> None:
    """Measure and print; `--ask URL` asks once, in a process of its own."""
    if sys.argv[1:2] == ["--ask"]:
        print(json.dumps(ask_once(sys.argv[2])))
        return
    options = harness.arguments(__doc__ or "")
    sizes = (100_000, 1_000_000) if options.quick else (10_000_000, 100_000_000)
    figures: dict[str, Any] = {}
    for events in sizes:
        with harness.data_folder(options.database) as environment:
            figures[str(events)] = measure(environment, events, 5 if options.quick else 40)
    small, large = (figures[str(events)] for events in sizes)
    figures["growth"] = large["bare"]["work"]["p50"] / small["bare"]["work"]["p50"]
    show(figures, sizes, options.database)
    harness.write_json(options.json, figures)


def measure(environment: dict[str, str], events: int, turns: int) -> dict[str, Any]:
    """Fill, then ask in new processes, then again and again in this one."""
    from campaigns.engagement.store import Store

    url = address(environment)
    store = Store(url)
    start = time.perf_counter()
    rows = fill(store, events)
    filled = time.perf_counter() - start
    if not url.startswith("sqlite"):
        with store.engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("ANALYZE")  # as PostgreSQL does by itself within a minute
    first = [ask_in_new_process(url) for _ in range(3)]
    questions = _different(random.Random(3), turns)
    ask(store, range(1, 7))
    bare = [timed(partial(ask, store, some)) for some in questions if _forget(store)]
    _forget(store)
    warm = [timed(partial(ask, store, some)) for some in questions]
    kept = [timed(lambda: ask(store, range(1, 7))) for _ in range(turns)]
    people, truth = check(store)
    store.engine.dispose()
    return {
        "rows": rows,
        "filled": filled,
        "first": {name: statistics.median(one[name] for one in first) for name in first[0]},
        "bare": {name: _spread([one[name] for one in bare]) for name in bare[0]},
        "warm": {name: _spread([one[name] for one in warm]) for name in warm[0]},
        "kept": {name: _spread([one[name] for one in kept]) for name in kept[0]},
        "error": people / truth - 1,
    }


def _different(chance: random.Random, turns: int) -> list[list[int]]:
    """So many questions of six of the twelve biggest campaigns; none is asked twice, as answers are kept."""
    found: dict[tuple[int, ...], None] = {}
    while len(found) < turns:
        found[tuple(sorted(chance.sample(range(1, 13), 6)))] = None
    return [list(one) for one in found]


def _forget(store: Any) -> bool:
    """Nothing is kept of what was answered."""
    store._kept = type(store._kept)()
    return True


def _spread(some: list[float]) -> dict[str, float]:
    return {"p50": harness.percentile(some, 0.5), "p95": harness.percentile(some, 0.95)}


def address(environment: dict[str, str]) -> str:
    """Where the store of this instance is."""
    from cms.core.config import read_config

    config = read_config(environment)
    return f"sqlite:///{config.data / 'analytics.db'}" if config.is_sqlite else config.database_url


def fill(store: Any, events: int) -> int:
    """Give the store what so many events leave; returns rows of `ev_sketch`."""
    from sqlalchemy import func, select

    from campaigns.engagement.store import tables
    from campaigns.engagement.store.events import day_number
    from campaigns.engagement.store.rows import put

    shares = [1 / rank for rank in range(1, CAMPAIGNS + 1)]
    put_windows = [
        (day_number(SINCE) + day, int((SINCE + timedelta(days=day)).strftime("%Y%m"))) for day in range(DAYS)
    ]
    for campaign, share in enumerate(shares, 1):
        days, sketches = cells_of(campaign, round(events * share / sum(shares)), day_number(SINCE))
        with store._writing() as connection:
            put(connection, tables.days, days)
            put(connection, tables.sketches, sketches)
            put(connection, tables.windows, put_windows)
    store.close_days(before=day_number(UNTIL))
    with store.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(tables.sketches)) or 0


def cells_of(campaign: int, events: int, first_day: int) -> tuple[list[Any], list[Any]]:
    """Rows of days and sketches of one campaign: a third as many visitors as events, in groups that come together."""
    from campaigns.engagement.store import sketches
    from campaigns.engagement.store.events import ALL, CAMPAIGN

    chance = random.Random(campaign)
    size = min(GROUP, max(1, events // 20_000))
    groups = [
        sketches.add(None, (visitor_of(campaign, group * size + one) for one in range(size)))[0]
        for group in range(max(1, events // 4 // size))
    ]
    a_cell = events / DAYS / CHANNELS
    days, rows = [], []
    for day in range(first_day, first_day + DAYS):
        united = []
        for channel in (f"account:{number}" for number in range(1, CHANNELS + 1)):
            views = max(1, round(a_cell * chance.uniform(0.5, 1.5)))
            met = chance.choices(groups, k=max(1, round(views * 0.6 / size)))
            people = sketches.unite(met)
            assert people is not None
            united.append(people)
            days.append(day_row(campaign, day, channel, views, people))
            rows.append((CAMPAIGN, campaign, 0, channel, 0, day, people))
        whole = sketches.unite(united)
        assert whole is not None
        days.append(day_row(campaign, day, ALL, round(a_cell * CHANNELS), whole))
        rows.append((CAMPAIGN, campaign, 0, ALL, 0, day, whole))
    return days, rows


def visitor_of(campaign: int, number: int) -> int:
    """A visitor's number, spread over 62 bits as hashes are."""
    return ((campaign * 10_000_019 + number) * 0x9E3779B97F4A7C15) % 2**62 + 1


def day_row(campaign: int, day: int, channel: str, views: int, people: bytes) -> tuple[Any, ...]:
    """Counts in the usual proportions, and the estimate of this cell."""
    from campaigns.engagement.store import sketches
    from campaigns.engagement.store.events import CAMPAIGN

    counts = (
        views,
        views // 3,
        views * 41,
        views // 5,
        views // 6,
        views // 2,
        views // 4,
        views // 90,
        views // 30,
    )
    met = sketches.bounds(people)[0]
    return (CAMPAIGN, campaign, day, channel, *counts, met, met // 3, met // 5)


def ask(store: Any, campaigns: Any) -> dict[Any, Any]:
    """What the page of a comparison asks."""
    from campaigns.engagement.store import ALL, CAMPAIGN

    wanted, span = list(campaigns), {"since": SINCE, "until": UNTIL}
    cells = store.daily(CAMPAIGN, wanted, by="channel", **span)
    whole = store.daily(CAMPAIGN, wanted, **span)
    assert (len(cells), len(whole)) == (len(wanted) * DAYS * CHANNELS, len(wanted) * DAYS)
    each: dict[Any, Any] = {one: [one] for one in wanted}
    channels = [ALL, *(f"account:{number}" for number in range(1, CHANNELS + 1))]
    found: dict[Any, Any] = store.reach_by_channel(CAMPAIGN, each | {"all": wanted}, channels, **span)
    return found


def check(store: Any) -> tuple[int, int]:
    """People of the biggest campaign as the store tells them, and as day sketches united one by one tell them."""
    from sqlalchemy import select

    from campaigns.engagement.store import ALL, CAMPAIGN, sketches, tables

    of = tables.sketches.c
    mine = (of.scope == CAMPAIGN, of.subject == 1, of.metric == 0, of.channel == ALL, of.level == 0)
    with store.engine.connect() as connection:
        truth = sketches.bounds(
            sketches.unite(map(bytes, connection.scalars(select(of.people).where(*mine))))
        )[0]
    return store.reach(CAMPAIGN, {1: [1]}, since=SINCE, until=UNTIL)[1].people, truth


def ask_once(url: str) -> dict[str, float]:
    """Milliseconds of the first question of a process, with opening the store."""
    from campaigns.engagement.store import Store

    return timed(lambda: ask(Store(url), range(1, 7)))


def ask_in_new_process(url: str) -> dict[str, float]:
    """The same, in one."""
    done = subprocess.run(
        [sys.executable, __file__, "--ask", url],
        capture_output=True,
        check=True,
        text=True,
        cwd=Path(__file__).parent,
    )
    taken: dict[str, float] = json.loads(done.stdout)
    return taken


def timed(what: Callable[[], Any]) -> dict[str, float]:
    """Milliseconds until it is done, and of this process's own work."""
    start, busy = time.perf_counter(), time.process_time()
    what()
    return {"waited": (time.perf_counter() - start) * 1000, "work": (time.process_time() - busy) * 1000}


def show(figures: dict[str, Any], sizes: tuple[int, int], database: str) -> None:
    """Print the table."""
    harness.table(
        f"Six campaigns, {DAYS} days, {CHANNELS} channels, {database}; milliseconds",
        [
            "roll-ups of events",
            "sketches",
            "",
            "first",
            "nothing kept p50",
            "p95",
            "warm p50",
            "p95",
            "again p95",
            "reach off by",
        ],
        [
            [
                f"{events:,}",
                one["rows"],
                name,
                one["first"][name],
                one["bare"][name]["p50"],
                one["bare"][name]["p95"],
                one["warm"][name]["p50"],
                one["warm"][name]["p95"],
                one["kept"][name]["p95"],
                f"{one['error']:.2%}",
            ]
            for events in sizes
            for one in [figures[str(events)]]
            for name in ("waited", "work")
        ],
    )
    print(
        f"Growth of the median of work with nothing kept, from the smaller to the larger: x{figures['growth']:.2f}"
    )


if __name__ == "__main__":
    main()
