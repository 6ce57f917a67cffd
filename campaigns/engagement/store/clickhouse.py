"""The store on ClickHouse, for sites with more events than one PostgreSQL should hold: appending, days, reach, hours.

Adding up is the same code (`folding`). Counts go into summing tables, visitors through a materialised view into states of
`uniqCombined64(12)`, what is known of views and clicks into replacing tables. A batch that is sent again with the same
positions changes nothing: every insert carries them as its deduplication token, and what adding up depends on is written
last. This class is tested against ClickHouse's own engine in one process (chDB); it was never run on a live cluster,
and nothing in the application starts it yet.
"""

import json
from collections.abc import Collection, Hashable, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from typing import Any

from campaigns.engagement.store.columns import Batch
from campaigns.engagement.store.coming import Comings
from campaigns.engagement.store.events import (
    ALL,
    COLUMNS,
    EXACT_BELOW,
    METRICS,
    Cell,
    Event,
    Reach,
    day_number,
)
from campaigns.engagement.store.folding import State, fold
from campaigns.engagement.store.spreading import People
from campaigns.engagement.store.viewing import Views

ERROR = 2 * 1.04 / 2**6  # two standard errors of 4096 registers
_PLACE = "scope UInt8, subject UInt32"
_CHANNEL = "channel LowCardinality(String)"
_COUNTS = ", ".join(f"{name} Int64" for name in COLUMNS)
_DEDUPLICATED = "non_replicated_deduplication_window = 1000"
SCHEMA = (
    f"CREATE TABLE IF NOT EXISTS ev_day ({_PLACE}, day Int32, {_CHANNEL}, {_COUNTS})"
    f" ENGINE = SummingMergeTree ORDER BY (scope, subject, day, channel) SETTINGS {_DEDUPLICATED}",
    f"CREATE TABLE IF NOT EXISTS ev_hour ({_PLACE}, hour Int32, {_CHANNEL}, {_COUNTS})"
    f" ENGINE = SummingMergeTree ORDER BY (scope, subject, hour, channel) SETTINGS {_DEDUPLICATED}",
    "CREATE TABLE IF NOT EXISTS ev_met (scope UInt8, subject UInt32, metric UInt8, channel LowCardinality(String),"
    f" day Int32, visitor UInt64) ENGINE = MergeTree ORDER BY (scope, subject, metric, channel, day)"
    f" SETTINGS {_DEDUPLICATED}",
    f"CREATE TABLE IF NOT EXISTS ev_people ({_PLACE}, metric UInt8, {_CHANNEL},"
    " day Int32, people AggregateFunction(uniqCombined64(12), UInt64)) ENGINE = AggregatingMergeTree"
    f" ORDER BY (scope, subject, metric, channel, day) SETTINGS index_granularity = 64, {_DEDUPLICATED}",
    "CREATE MATERIALIZED VIEW IF NOT EXISTS ev_meet TO ev_people AS SELECT scope, subject, metric, channel, day,"
    " uniqCombined64State(12)(visitor) AS people FROM ev_met GROUP BY scope, subject, metric, channel, day",
    "CREATE TABLE IF NOT EXISTS ev_window (day Int32, window UInt32) ENGINE = ReplacingMergeTree ORDER BY (day, window)",
    "CREATE TABLE IF NOT EXISTS ev_known (kind LowCardinality(String), id String, row String, version UInt64)"
    " ENGINE = ReplacingMergeTree(version) ORDER BY (kind, id)",
)


class ClickHouseStore:
    """On a client of clickhouse-connect, whose database it fills with its tables."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self._comings = Comings()
        for statement in SCHEMA:
            client.command(statement)

    def append_batch(
        self, events: Sequence[Event], positions: Mapping[str, int], *, at: int, unread: int = 0
    ) -> None:
        """As `Store.append_batch`; a batch is known by its positions. Raw is not kept here."""
        batch = Batch.of(events)
        state = self._load(batch)
        self._comings.complete(batch, state)
        cells = fold(batch, state)
        token = blake2b(json.dumps(sorted(positions.items())).encode(), digest_size=16).hexdigest()
        self._insert("ev_hour", cells.hours, token)
        self._insert("ev_day", cells.days, token)
        self._insert("ev_met", _met(cells.people), token)
        self._insert("ev_window", sorted(cells.windows), token)
        changed = [*state.new_views, *state.changed_views]
        views = [("view", str(row[0]), json.dumps(row), at) for row in changed]
        clicks = [
            ("click", row[0], json.dumps(row), at) for row in (*state.new_clicks, *state.changed_clicks)
        ]
        self._insert("ev_known", [*views, *clicks], token)

    def daily(
        self,
        scope: int,
        subjects: Collection[int],
        *,
        since: date,
        until: date,
        by: str | None = None,
    ) -> list[Cell]:
        """As `Store.daily`, by channel or of all."""
        sums = ", ".join(f"sum({name})" for name in COLUMNS)
        said = self._said(scope, subjects, since, until)
        of = f"channel {'!=' if by == 'channel' else '='} ''"
        where = f"scope = {{scope:UInt8}} AND subject IN {{subjects:Array(UInt32)}} AND {of}"
        days = "day >= {since:Int32} AND day < {until:Int32}"
        people = {
            tuple(row[:4]): row[4]
            for row in self._ask(
                "SELECT subject, day, channel, metric, uniqCombined64Merge(12)(people) FROM ev_people"  # noqa: S608
                f" WHERE {where} AND {days} GROUP BY subject, day, channel, metric",
                said,
            )
        }
        rows = self._ask(
            f"SELECT subject, day, channel, {sums} FROM ev_day WHERE {where} AND {days}"  # noqa: S608
            " GROUP BY subject, day, channel ORDER BY subject, day, channel",
            said,
        )
        return [
            Cell.of(
                subject,
                day,
                channel,
                counts,
                (people.get((subject, day, channel, metric), 0) for metric in range(len(METRICS))),
            )
            for subject, day, channel, *counts in rows
        ]

    def reach(
        self,
        scope: int,
        groups: Mapping[Hashable, Collection[int]],
        *,
        since: date,
        until: date,
        channel: str = ALL,
        metric: str = "people",
    ) -> dict[Hashable, Reach]:
        """As `Store.reach`; what is below a hundred people is taken for exact."""
        found = {}
        for name, group in groups.items():
            said = self._said(scope, group, since, until)
            said |= {"channel": channel, "metric": METRICS.index(metric)}
            ((people, first, last),) = self._ask(
                "SELECT uniqCombined64Merge(12)(people), min(day), max(day) FROM ev_people"
                " WHERE scope = {scope:UInt8} AND subject IN {subjects:Array(UInt32)} AND metric = {metric:UInt8}"
                " AND channel = {channel:String} AND day >= {since:Int32} AND day < {until:Int32}",
                said,
            )
            ((windows,),) = self._ask(
                "SELECT uniqExact(window) FROM ev_window WHERE day >= {first:Int32} AND day <= {last:Int32}",
                {"first": first, "last": last},
            )
            off = 0 if people < EXACT_BELOW else round(people * ERROR)
            found[name] = Reach(people, people - off, people + off, off == 0, windows if people else 0)
        return found

    def reach_by_channel(
        self,
        scope: int,
        groups: Mapping[Hashable, Collection[int]],
        channels: Collection[str],
        *,
        since: date,
        until: date,
        metric: str = "people",
    ) -> dict[str, dict[Hashable, Reach]]:
        """As `Store.reach_by_channel`."""
        return {
            one: self.reach(scope, groups, since=since, until=until, channel=one, metric=metric)
            for one in channels
        }

    def series(
        self, scope: int, subject: int, *, since: int, until: int, channel: str = ALL
    ) -> list[dict[str, int]]:
        """As `Store.series`."""
        sums = ", ".join(f"sum({name})" for name in COLUMNS)
        rows = self._ask(
            f"SELECT hour, {sums} FROM ev_hour WHERE scope = {{scope:UInt8}} AND subject = {{subject:UInt32}}"  # noqa: S608
            " AND channel = {channel:String} AND hour >= {since:Int32} AND hour < {until:Int32}"
            " GROUP BY hour ORDER BY hour",
            {"scope": scope, "subject": subject, "channel": channel, "since": since, "until": until},
        )
        return [dict(zip(("hour", *COLUMNS), row, strict=True)) for row in rows]

    def _load(self, batch: Batch) -> State:
        state = State()
        ids = [*map(str, batch.view[batch.view != 0].tolist()), *batch.click[batch.has_click].tolist()]
        rows = self._ask("SELECT kind, row FROM ev_known FINAL WHERE id IN {ids:Array(String)}", {"ids": ids})
        known = [(kind, json.loads(said)) for kind, said in rows]
        state.views = Views.of([row for kind, row in known if kind == "view"])
        state.clicks = {row[0]: row for kind, row in known if kind == "click"}
        return state

    def _insert(self, table: str, rows: Sequence[Sequence[Any]], token: str) -> None:
        if rows:
            settings = {
                "insert_deduplication_token": f"{table}:{token}",
                "deduplicate_blocks_in_dependent_materialized_views": 1,
            }
            self.client.insert(table, [list(row) for row in rows], settings=settings)

    def _ask(self, question: str, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        rows: Sequence[Sequence[Any]] = self.client.query(question, parameters=dict(values)).result_rows
        return rows

    def _said(self, scope: int, subjects: Collection[int], since: date, until: date) -> dict[str, Any]:
        return {
            "scope": scope,
            "subjects": list(subjects),
            "since": day_number(since),
            "until": day_number(until),
        }


def _met(people: People) -> list[tuple[int | str, ...]]:
    """A row for each visitor of each cell."""
    visitors, starts = people.visitors[people.of].tolist(), [0, *people.ends]
    cells = zip(people.cells, starts, people.ends, strict=False)
    return [(*cell, visitor) for cell, start, end in cells for visitor in visitors[start:end]]
