"""The store itself: appends batches exactly once, forgets what is old, adds raw up again."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, create_engine, delete, event, inspect, select, update

from campaigns.engagement.store import pyramid, tables
from campaigns.engagement.store.adding import Referrers, add_up, load
from campaigns.engagement.store.columns import Batch
from campaigns.engagement.store.coming import SAME_VIEW, Comings, remember
from campaigns.engagement.store.events import Event
from campaigns.engagement.store.folding import fold
from campaigns.engagement.store.raw import pack, unpack
from campaigns.engagement.store.reading import Reading
from campaigns.engagement.store.rows import AT_ONCE, batched, put
from cms.core.database import engine_options
from cms.core.errors import Problem

AT_A_TIME = 50_000  # events that are added up together
IN_A_PACK = 20_000  # events of raw that lie together
CACHE = 32_768  # KiB of pages that a connection to SQLite keeps
WAITING = 8192  # pages that wait to be put back, at most, as soon as nobody reads
_WRITING = {"parley_write": True}  # SQLite: take the write lock at once
Score = Callable[
    [Sequence[Event]], None
]  # gives events another verdict, in the order in which they were added up


class Store(Reading):
    """Opened when it is first used. Any number may read; who appends waits for the one before."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self._comings: Comings | None = None
        self._referrers = Referrers()
        self._forgotten = 0  # arrivals of windows before this one are gone

    @cached_property
    def engine(self) -> Engine:
        """With its tables, which are made when they are missing. Raises `Problem` for a store of another program."""
        options = engine_options(self.url)
        if not self.url.startswith("sqlite"):
            options |= {"pool_size": 2, "max_overflow": 2}
        engine = create_engine(self.url, **options)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _remember_pages)
        with engine.connect().execution_options(**_WRITING) as connection, connection.begin():
            if connection.dialect.name == "postgresql":  # two that start together would both make them
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7231845)")
            _check_version(connection)
            tables.metadata.create_all(connection)
            names = ("next", "dropped", "unread", "as_of", "closed", "late")
            put(connection, tables.meta, [("version", tables.VERSION), *((name, 0) for name in names)])
        return engine

    def append_batch(
        self, events: Sequence[Event], positions: Mapping[str, int], *, at: int, unread: int = 0
    ) -> None:
        """As `append`, of events one by one."""
        self.append((Batch.of(some) for some in batched(events, AT_A_TIME)), positions, at=at, unread=unread)

    def append(
        self, batches: Iterable[Batch], positions: Mapping[str, int], *, at: int, unread: int = 0
    ) -> None:
        """Raw, what it adds up to and how far the files are read: all of it or nothing.

        `positions` are bytes read of each file; `at` is the moment, in milliseconds; `unread` counts lines that
        say nothing. Gives the events their channels where they have none.
        """
        try:
            with self._writing() as connection:
                for batch in batches:
                    self._append(connection, batch, self._take_numbers(connection, len(batch)))
                put(connection, tables.positions, positions.items(), {"read": "new"})
                self._say(connection, "as_of", at, is_more=False)
                self._say(connection, "unread", unread)
        except BaseException:
            self._comings, self._referrers = None, Referrers()  # they remember what did not happen
            raise

    def forget_files(self, files: Iterable[str]) -> None:
        """Files that are gone: names are never used again."""
        with self._writing() as connection:
            for some in batched(files, AT_ONCE):
                connection.execute(delete(tables.positions).where(tables.positions.c.file.in_(some)))

    def close_days(self, *, before: int, is_stopping: Callable[[], bool] = lambda: False) -> int:
        """Build the nodes of the pyramid whose days (since 1970) are over, some days at a time until all are or we are
        stopping; gives how many were written."""
        done = 0
        with self.engine.connect() as connection:
            steps = pyramid.steps(connection, before=before)
        for until in steps:
            if is_stopping():
                break
            with self._writing() as connection:
                self._take_numbers(connection, 0)
                done += pyramid.close(connection, before=until)
        return done

    def forget(self, *, before_month: int, before_window: int) -> int:
        """Drop the raw of older months, and how people came in older windows; what was added up stays. Gives the number
        of months."""
        old = [month for month in self.months() if month < before_month]
        with self._writing() as connection:
            if old:  # views and clicks are looked at from end to end
                for table in (tables.packs, tables.views, tables.clicks):
                    connection.execute(delete(table).where(table.c.month < before_month))
            if before_window > self._forgotten:
                connection.execute(delete(tables.arrivals).where(tables.arrivals.c.window < before_window))
        self._forgotten = before_window
        return len(old)

    def rebuild(
        self, *, score: Score | None = None, progress: Callable[[int, int], None] | None = None
    ) -> int:
        """Add up again all raw that is kept; days that it does not hold whole stay. Gives the number of events.

        With `score`, events get another verdict before, which raw keeps. `progress` is told how many of all are done.
        """
        pack_ = tables.packs.c
        with self._writing() as connection:
            self._take_numbers(connection, 0)
            packs = connection.execute(
                select(pack_.first, pack_.month, pack_.count).order_by(pack_.first)
            ).all()
            if not packs:
                return 0
            first_hour = _first_hour(min(month for _, month, _ in packs))
            first_day = first_hour // 24 + 1  # in every zone this day began after the month did, in UTC
            self._clear(connection, first_hour, first_day)
            self._say(connection, "late", 1)
            self._referrers = Referrers()
            comings = Comings()
            total = sum(int(count) for *_, count in packs)
            done = 0
            for number, _, count in packs:
                stored = connection.scalar(select(pack_.lines).where(pack_.first == number))
                assert stored is not None
                events = list(unpack(stored))
                if score is not None:
                    score(events)
                batch = Batch.of(events)
                if score is not None:
                    comings.recall(batch)
                    connection.execute(
                        update(tables.packs).where(pack_.first == number).values(lines=pack(batch))
                    )
                self._add_again(connection, batch, first_hour, first_day)
                done += count
                if progress is not None:
                    progress(done, total)
        return total

    def tail(self, milliseconds: int) -> list[Event]:
        """The last events that were added up: of the last so many milliseconds, and at most some 20,000."""
        pack_ = tables.packs.c
        found: list[Event] = []
        with self.engine.connect() as connection:
            query = select(pack_.first, pack_.until).order_by(pack_.first.desc()).limit(64)
            latest = None
            for number, until in connection.execute(query).all():
                latest = until if latest is None else latest
                if len(found) >= IN_A_PACK:
                    break
                if until < latest - milliseconds:  # what came late lies between
                    continue
                stored = connection.scalar(select(pack_.lines).where(pack_.first == number))
                found = [*unpack(stored or b""), *found]
        return found

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self.engine.connect().execution_options(**_WRITING) as connection, connection.begin():
            yield connection

    def _append(self, connection: Connection, batch: Batch, first: int) -> None:
        if self._comings is None:
            self._comings = Comings()
            self._comings.recall(Batch.of(self.tail(SAME_VIEW)))
        state = load(connection, batch)
        self._comings.complete(batch, state)
        self._keep_raw(connection, batch, first)
        cells = fold(batch, state)
        closed = self._closed(connection)
        add_up(connection, cells, state, self._referrers, closed=closed)
        if len(batch) and min(batch.day.min(), batch.campaign_day.min()) < closed:
            self._say(connection, "late", 1)
        self._say(connection, "dropped", cells.dropped)

    def _add_again(self, connection: Connection, batch: Batch, first_hour: int, first_day: int) -> None:
        state = load(connection, batch)
        remember(batch, state)
        cells = fold(batch, state, first_day=first_day)
        add_up(connection, cells, state, self._referrers, closed=self._closed(connection))

    def _keep_raw(self, connection: Connection, batch: Batch, first: int) -> None:
        rows = []
        for month in np.unique(batch.month).tolist():
            mine = np.flatnonzero(batch.month == month)
            for start in range(0, len(mine), IN_A_PACK):
                some = batch.take(mine[start : start + IN_A_PACK])
                rows.append((first, month, len(some), int(some.at.min()), int(some.at.max()), pack(some)))
                first += len(some)
        put(connection, tables.packs, rows)

    def _take_numbers(self, connection: Connection, many: int) -> int:
        """The first of so many numbers. PostgreSQL holds the row: others who append wait here."""
        row = tables.meta.c
        next_number = connection.scalar(
            update(tables.meta).where(row.name == "next").values(value=row.value + many).returning(row.value)
        )
        assert next_number is not None
        return int(next_number) - many

    def _closed(self, connection: Connection) -> int:
        closed = connection.scalar(select(tables.meta.c.value).where(tables.meta.c.name == "closed"))
        return int(closed or 0)

    def _clear(self, connection: Connection, first_hour: int, first_day: int) -> None:
        connection.execute(delete(tables.hours).where(tables.hours.c.hour >= first_hour))
        for table in (tables.views, tables.clicks, tables.arrivals):
            connection.execute(delete(table))
        for by_day in (tables.days, tables.splits, tables.windows, tables.facts, tables.dirty):
            connection.execute(delete(by_day).where(by_day.c.day >= first_day))
        sketch = tables.sketches.c
        for level in range(pyramid.LEVELS):
            mine = (sketch.level == level) & ((sketch.node + 1) * 4**level > first_day)
            connection.execute(delete(tables.sketches).where(mine))
        row = tables.meta.c
        connection.execute(
            update(tables.meta).where(row.name == "closed", row.value > first_day).values(value=first_day)
        )

    def _say(self, connection: Connection, name: str, value: int, *, is_more: bool = True) -> None:
        row = tables.meta.c
        new: Any = row.value + value if is_more else value
        connection.execute(update(tables.meta).where(row.name == name).values(value=new))


def _remember_pages(connection: Any, record: Any) -> None:
    """Views and clicks lie all over their tables, so a batch changes many pages: more than SQLite keeps by itself, and
    more than it lets wait before it puts them back into the file."""
    connection.execute(f"PRAGMA cache_size=-{CACHE}")
    connection.execute(f"PRAGMA wal_autocheckpoint={WAITING}")


def _check_version(connection: Connection) -> None:
    if not inspect(connection).has_table(tables.meta.name):
        return
    row = tables.meta.c
    version = connection.scalar(select(row.value).where(row.name == "version"))
    if version in tables.BEFORE:
        tables.migrate(connection, version)
        connection.execute(update(tables.meta).where(row.name == "version").values(value=tables.VERSION))
    elif version != tables.VERSION:
        raise Problem(
            f"The store of what readers did has version {version or 1}, and this program reads version {tables.VERSION}:"
            " remove analytics.db, or with PostgreSQL the tables that begin with ev_, and start again."
        )


def _first_hour(month: int) -> int:
    return int(datetime(month // 100, month % 100, 1, tzinfo=UTC).timestamp()) // 3600
