"""The read side of the store: what was added up. Nothing here writes; what scans raw is in `journeys`."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal, TypeVar, get_args

from sqlalchemy import Connection, RowMapping, func, select

from campaigns.engagement.store import sketches, tables
from campaigns.engagement.store.events import (
    ALL,
    COLUMNS,
    METRICS,
    SITE,
    UNSAID,
    Cell,
    Fact,
    Reach,
    Totals,
    day_number,
    day_of,
)
from campaigns.engagement.store.journeys import Raw
from campaigns.engagement.store.keeping import Kept
from campaigns.engagement.store.reaching import Place, United, reach_of, unite_places, windows_of
from campaigns.engagement.store.rows import AT_ONCE, batched, no_search_for_circles

Name = TypeVar("Name", bound=Hashable)
Metric = Literal["people", "people_engaged", "clickers"]
By = Literal["channel", "country", "language", "device", "referrer"]
_LAST = 2**31 - 1  # a day after all days
_days, _hours, _splits, _sketch = tables.days.c, tables.hours.c, tables.splits.c, tables.sketches.c


class Reading(Raw):
    """What was counted, read by any number at once."""

    def __init__(self) -> None:
        self._kept = Kept()

    def positions(self) -> dict[str, int]:
        """How many bytes of each file are in the store."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(tables.positions.c.file, tables.positions.c.read))
            return {row.file: row.read for row in rows}

    def notes(self) -> dict[str, int]:
        """`dropped` and `unread` lines so far, and `as_of`: when the last batch was added, in milliseconds."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(tables.meta.c.name, tables.meta.c.value))
            return {name: value for name, value in rows if name in ("dropped", "unread", "as_of")}

    def first_day(self) -> date | None:
        """The first day on which anybody was counted, in the zone of the site; None where nobody was yet."""
        of = tables.days.c
        mine = (of.scope == SITE, of.subject == 0, of.channel == ALL)
        with self.engine.connect() as connection:
            first = connection.scalar(select(func.min(of.day)).where(*mine))
        return None if first is None else day_of(first)

    def months(self) -> list[int]:
        """The months of which raw is kept, the oldest first."""
        with self.engine.connect() as connection:
            months = select(tables.packs.c.month).distinct().order_by(tables.packs.c.month)
            return list(connection.scalars(months))

    def totals(
        self, scope: int, subjects: Iterable[int], *, since: date | None = None, until: date | None = None
    ) -> dict[int, Totals]:
        """Figures by subject, of those about which anything is known; from day `since` to before day `until`."""
        first, last = _span(since, until)
        found: dict[int, dict[str, Any]] = {}
        wanted = list(dict.fromkeys(subjects))
        with self.engine.connect() as connection:
            for some in batched(wanted, AT_ONCE):
                rows = connection.execute(
                    select(_days.subject, *(func.sum(_days[name]).label(name) for name in COLUMNS))
                    .where(_days.scope == scope, _days.subject.in_(some), _days.channel == ALL)
                    .where(_days.day >= first, _days.day < last)
                    .group_by(_days.subject)
                ).mappings()
                found |= {row["subject"]: {name: int(row[name]) for name in COLUMNS} for row in rows}
        metrics: tuple[Metric, ...] = get_args(Metric)
        for metric in metrics:
            reached = self.reach(
                scope, {one: [one] for one in found}, since=since, until=until, metric=metric
            )
            for subject, reach in reached.items():
                of = found[subject]
                of[metric] = reach.people
                if reach.people:
                    of["windows"] = max(of.get("windows", 0), reach.windows)
                    of["is_exact"] = of.get("is_exact", True) and reach.is_exact
        return {subject: Totals(**figures) for subject, figures in found.items()}

    def series(
        self, scope: int, subject: int, *, since: int, until: int, channel: str = ALL
    ) -> list[dict[str, int]]:
        """Counts by hour (hours since 1970, UTC), from `since` to before `until`, without hours of nothing."""
        mine = (_hours.scope == scope, _hours.subject == subject, _hours.channel == channel)
        query = select(_hours.hour, *(_hours[name] for name in COLUMNS)).where(
            *mine, _hours.hour >= since, _hours.hour < until
        )
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(query.order_by(_hours.hour)).mappings()]

    def daily(
        self, scope: int, subjects: Collection[int], *, since: date, until: date, by: By | None = None
    ) -> list[Cell]:
        """Cells of days from `since` to before `until`, by subject, day and key; without those of nothing.

        Of `country`, `language`, `device` and `referrer` the cells of a day add up to what people did that day: what
        is not known is "?", what is beyond the cap of the day "other".
        """
        first, last = _span(since, until)
        with self.engine.connect() as connection:
            finished, changes = _finished(connection)
        if first < finished:
            over = min(last, finished)
            span = first, over, by, changes
            kept = self._finished_days(scope, subjects, *span)
            open_days = self._daily(scope, subjects, over, last, by) if over < last else []
            if not open_days:
                return kept
            return sorted([*kept, *open_days], key=lambda cell: (cell.subject, cell.day, cell.key))
        return self._daily(scope, subjects, first, last, by)

    def _finished_days(
        self, scope: int, subjects: Collection[int], first: int, last: int, by: By | None, changes: int
    ) -> list[Cell]:
        """Kept for each subject, so that comparing one more campaign reads that one alone."""
        wanted = sorted(set(subjects))

        def find(missing: Sequence[int]) -> dict[int, list[Cell]]:
            cells = self._daily(scope, missing, first, last, by)
            return {one: [] for one in missing} | {
                subject: list(some) for subject, some in groupby(cells, key=itemgetter(0))
            }

        asked = {one: ("daily", scope, first, last, by, changes, one) for one in wanted}
        found = self._kept.get_each(asked, find)
        return [cell for one in wanted for cell in found[one]]

    def _daily(
        self, scope: int, subjects: Collection[int], first: int, last: int, by: By | None
    ) -> list[Cell]:
        with self.engine.connect() as connection, no_search_for_circles():
            whole = list(_cells(connection, scope, subjects, first, last, is_whole=by != "channel"))
            if by is None or by == "channel":
                return whole
            parts = list(_split_cells(connection, scope, subjects, first, last, by))
        return sorted([*parts, *_unsaid(whole, parts)], key=lambda cell: (cell.subject, cell.day, cell.key))

    def reach(
        self,
        scope: int,
        groups: Mapping[Name, Collection[int]],
        *,
        since: date | None = None,
        until: date | None = None,
        channel: str = ALL,
        metric: Metric = "people",
    ) -> dict[Name, Reach]:
        """Different people of each group of subjects over the days together, with the bounds of the error."""
        return self.reach_by_channel(scope, groups, [channel], since=since, until=until, metric=metric)[
            channel
        ]

    def reach_by_channel(
        self,
        scope: int,
        groups: Mapping[Name, Collection[int]],
        channels: Collection[str],
        *,
        since: date | None = None,
        until: date | None = None,
        metric: Metric = "people",
    ) -> dict[str, dict[Name, Reach]]:
        """The same for several channels, asked at once."""
        (first, last), of = _span(since, until), METRICS.index(metric)
        wanted = tuple(dict.fromkeys(channels))
        subjects = sorted({subject for group in groups.values() for subject in group})
        with self.engine.connect() as connection:
            finished, changes = _finished(connection)
            windows = windows_of(connection)

            def find(missing: Sequence[int]) -> dict[int, dict[Place, United]]:
                """Of each subject, its channels."""
                places = [(subject, channel) for channel in wanted for subject in missing]
                found: dict[int, dict[Place, United]] = {subject: {} for subject in missing}
                span = {"first": first, "last": last, "metric": of}
                for place, united in unite_places(connection, scope, places, **span).items():
                    found[place[0]][place] = united
                return found

            asked = {one: ("reach", scope, first, last, of, wanted, changes, one) for one in subjects}
            told = self._kept.get_each(asked, find) if last <= finished else find(subjects)
        united = {place: one for of_subject in told.values() for place, one in of_subject.items()}
        return reach_of(groups, wanted, united, windows)

    def facts(
        self,
        *,
        campaigns: Collection[int] | None,
        posts: Collection[int] | None,
        since: date,
        until: date,
        kinds: Collection[str] | None = None,
    ) -> list[Fact]:
        """What was done from day `since` to before day `until`, of these campaigns and posts (None: of any), by day."""
        fact, (first, last) = tables.facts.c, _span(since, until)
        query = select(tables.facts).where(fact.day >= first, fact.day < last)
        for column, wanted in ((fact.campaign, campaigns), (fact.post, posts), (fact.kind, kinds)):
            if wanted is not None:
                query = query.where(column.in_(list(wanted)))
        query = query.order_by(fact.day, fact.campaign, fact.post, fact.kind, fact.key, fact.channel)
        with self.engine.connect() as connection:
            return [_fact(row) for row in connection.execute(query).mappings()]


def _finished(connection: Connection) -> tuple[int, int]:
    """The day before which all days are over, and how often one of them was changed by something late."""
    row = tables.meta.c
    rows = connection.execute(select(row.name, row.value).where(row.name.in_(("closed", "late"))))
    told = dict(rows.all())
    return told["closed"], told["late"]


def _span(since: date | None, until: date | None) -> tuple[int, int]:
    return (0 if since is None else day_number(since)), (_LAST if until is None else day_number(until))


def _cells(
    connection: Connection, scope: int, subjects: Collection[int], first: int, last: int, *, is_whole: bool
) -> Iterator[Cell]:
    channel = _days.channel == ALL if is_whole else _days.channel != ALL
    for some in batched(sorted(subjects), AT_ONCE):
        query = (
            select(_days.subject, _days.day, _days.channel, *(_days[name] for name in (*COLUMNS, *METRICS)))
            .where(
                _days.scope == scope, _days.subject.in_(some), _days.day >= first, _days.day < last, channel
            )
            .order_by(_days.subject, _days.day, _days.channel)
        )
        rows: Any = connection.execute(query).cursor  # as the driver gives them: there are many
        yield from map(Cell, rows)


def _split_cells(
    connection: Connection, scope: int, subjects: Collection[int], first: int, last: int, by: str
) -> Iterator[Cell]:
    for some in batched(sorted(subjects), AT_ONCE):
        query = (
            select(_splits.subject, _splits.day, _splits.key, *(_splits[name] for name in COLUMNS))
            .where(_splits.scope == scope, _splits.subject.in_(some), _splits.dimension == by)
            .where(_splits.day >= first, _splits.day < last)
        )
        for subject, day, key, *numbers in connection.execute(query):
            yield Cell.of(subject, day, key, numbers)


_BY_PEOPLE = ("views", "engaged", "seconds", "clicks")


def _unsaid(whole: Iterable[Cell], parts: Iterable[Cell]) -> Iterator[Cell]:
    """What is in none of the parts."""
    said: dict[tuple[int, date], dict[str, int]] = defaultdict(lambda: dict.fromkeys(_BY_PEOPLE, 0))
    for cell in parts:
        sums = said[cell.subject, cell.day]
        for name in _BY_PEOPLE:
            sums[name] += cell.counts[name]
    for cell in whole:
        rest = {name: cell.counts[name] - said[cell.subject, cell.day][name] for name in _BY_PEOPLE}
        if any(rest.values()):
            yield Cell.of(cell.subject, cell[1], UNSAID, (rest.get(name, 0) for name in COLUMNS))


def _fact(row: RowMapping) -> Fact:
    people = sketches.bounds(bytes(row["people"]))[0] if row["people"] else None
    return Fact(
        row["campaign"] or None,
        row["post"] or None,
        row["channel"],
        day_of(row["day"]),
        row["kind"],
        row["key"],
        row["count"],
        people if row["told"] == row["count"] else None,
    )
