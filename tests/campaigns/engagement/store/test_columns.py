"""Lines read by columns say what they say read one by one; people by columns are those of the library."""

import random
import zlib
from collections.abc import Callable, Iterable

import numpy as np
import pytest
import zstandard
from sqlalchemy import create_engine, inspect, select

from campaigns.engagement.lines import KINDS, Line, read_line, write_line
from campaigns.engagement.store import SITE, Store, columns, rows, sketches, tables
from campaigns.engagement.store.columns import Batch, read_lines
from campaigns.engagement.store.grouping import add, group
from campaigns.engagement.store.raw import pack, unpack
from tests.campaigns.engagement.store.making import NOON, event, views
from tests.databases import KIND


def numbers(many: int, seed: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    chance = random.Random(seed)
    return np.array([chance.getrandbits(62) + 1 for _ in range(many)], np.int64)


def some_lines(many: int) -> list[Line]:
    chance = random.Random(many)
    return [
        Line(
            chance.getrandbits(chance.randrange(1, 64)),
            chance.choice(KINDS),
            chance.choice(["P", "Gs", ""]),
            chance.getrandbits(chance.randrange(1, 64)),
            f"post:{chance.randrange(9)}",
            chance.choice(["", "abc"]),
            *(chance.getrandbits(chance.randrange(1, 40)) for _ in range(4)),
            referrer=chance.choice(["", "news.example/读"]),
            network=chance.choice(["", "00ff"]),
        )
        for _ in range(many)
    ]


@pytest.mark.parametrize("many", [0, 1, 500])
def test_lines_say_the_same_as_read_one_by_one(many: int) -> None:
    lines = some_lines(many)
    batch, unread = read_lines(b"".join(map(write_line, lines)))
    assert (list(batch.some(np.arange(len(batch)))), unread) == (lines, 0)
    backwards = batch.take(np.arange(len(batch))[::-1])
    assert list(backwards.some(np.arange(len(batch)))) == lines[::-1]


def test_words_that_cannot_be_told_apart_by_their_sums_are_read_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(columns, "_FACTOR", np.uint64(0))
    lines = some_lines(50)
    assert list(read_lines(b"".join(map(write_line, lines)))[0].some(np.arange(50))) == lines


@pytest.mark.parametrize("number", ["9" * 19, str(2**63), "1/", ":1", "-1", "", "1a", "é", "1" * 20])
def test_one_line_that_is_none_of_ours_spoils_no_other(number: str) -> None:
    first, last = some_lines(2)
    parts = write_line(first).decode().split("\t")
    parts[4] = number
    bad = "\t".join(parts).encode()
    batch, unread = read_lines(write_line(first) + bad + write_line(last))
    assert read_line(bad) is None
    assert (list(batch.some(np.arange(len(batch)))), unread) == ([first, last], 1)


def test_packed_events_come_out_as_they_were() -> None:
    some = [
        event(),
        event(kind="click", subject="link:3", link=3, post=None, campaign=7, channel="mail"),
        event(verdict="staff"),
    ]
    batch = Batch.of(some)
    assert list(unpack(pack(batch))) == list(batch)
    assert [replaced(one) for one in batch] == [replaced(one) for one in some]


@pytest.mark.parametrize("compress", [zlib.compress, zstandard.compress])
def test_packs_of_before_are_read_as_they_are(compress: Callable[[bytes], bytes]) -> None:
    some = [event(), event(kind="click", subject="link:3", link=3, post=None, campaign=7, channel="mail")]
    lines = [
        "\t".join(
            [
                write_line(one.line).decode().rstrip("\n"),
                *map(str, (one.verdict, one.rule, one.version, one.window, one.day, one.campaign_day)),
                *(str(number or "") for number in (one.post, one.link, one.campaign)),
                *(one.channel, str(one.again)),
            ]
        )
        for one in some
    ]
    assert list(unpack(compress("\n".join(lines).encode()))) == list(Batch.of(some))


def replaced(one: object) -> list[object]:
    names = ("line", "verdict", "rule", "window", "post", "link", "campaign", "day", "channel")
    return [getattr(one, name) for name in names]


def test_what_is_alike_is_one_group_also_when_numbers_are_large() -> None:
    large = np.array([2**62, 1, 2**62, 1], np.int64)
    other = np.array([1, -(2**62), 1, 5], np.int64)
    first, of = group((large, other, large))
    assert (first.tolist(), of.tolist()) == ([1, 3, 0], [2, 0, 2, 1])
    keys, sums = add((large, other), np.array([[1], [2], [3], [4]]))
    assert ([one.tolist() for one in keys], sums.tolist()) == (
        [[1, 1, 2**62], [-(2**62), 5, 1]],
        [[2], [4], [4]],
    )


@pytest.mark.parametrize("many", [1, 7, 8, 24, 25, 300, 384, 386, 5000])
def test_people_met_at_once_are_those_the_library_meets_one_by_one(many: int) -> None:
    visitors = numbers(many, many)
    one_by_one, people = sketches.add(None, visitors.tolist())
    half = sketches.meet(None, sketches.coupons(visitors[: many // 2]))[0] if many > 1 else None
    for before in (None, half):
        met, count = sketches.meet(before, sketches.coupons(visitors))
        assert count == people
        assert len(met) == len(one_by_one)
        assert sketches.bounds(sketches.unite([met, one_by_one]))[0] == people
        assert sketches.bounds(met)[0] == people


def test_a_store_of_the_version_just_before_is_brought_along(store: Store) -> None:
    store.append_batch(views(range(1, 50)), {"a": 1}, at=NOON)
    with store.engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE ev_meta SET value = 3 WHERE name = 'version'")
    again = Store(store.url)
    assert rows_of(again) == rows_of(store)
    again.engine.dispose()


def test_a_store_of_version_2_is_brought_along(store: Store) -> None:
    store.append_batch(views(range(1, 50)), {"a": 1}, at=NOON)
    before = rows_of(store)
    as_it_was(store)
    again = Store(store.url)
    assert rows_of(again) == before
    again.append_batch(views(range(1, 50)), {"a": 2}, at=NOON + 1)
    assert rows_of(again) == before  # what was known of each view is known
    indexes = inspect(again.engine)
    assert [indexes.get_indexes(table) for table in ("ev_views", "ev_clicks", "ev_arrivals")] == [[], [], []]
    again.engine.dispose()


@pytest.mark.parametrize("few", [0, 10_000])
def test_few_rows_and_many_are_written_alike(store: Store, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(rows, "FEW", few)
    click = {"kind": "click", "visitor": 3, "subject": "link:3", "link": 3}
    spoken_of = event(view=90, visitor=900, click="abcdefghijkl")  # of the click itself nothing is known yet
    store.append_batch([*views(range(1, 50)), spoken_of], {"a": 1}, at=NOON)
    store.append_batch(
        [*views(range(25, 75), first_view=25), event(click="abcdefghijkl", **click)], {"a": 2}, at=NOON
    )
    told = store.totals(SITE, [0])[0]
    assert (told.views, told.clicks, told.verified) == (75, 1, 1)


def rows_of(store: Store) -> Iterable[object]:
    with store.engine.connect() as connection:
        return [
            sorted(map(tuple, connection.execute(select(table))))
            for table in (tables.views, tables.clicks, tables.arrivals, tables.days)
        ]


def as_it_was(store: Store) -> None:
    """The tables as version 2 had them."""
    engine = create_engine(store.engine.url) if KIND != "sqlite" else store.engine
    with engine.connect() as connection, connection.begin():
        for table, index in ((tables.views, "month"), (tables.clicks, "month"), (tables.arrivals, "window")):
            if KIND == "sqlite":
                connection.exec_driver_sql(f"CREATE TABLE was_{table.name} AS SELECT * FROM {table.name}")
                connection.exec_driver_sql(f"DROP TABLE {table.name}")
                connection.exec_driver_sql(f"ALTER TABLE was_{table.name} RENAME TO {table.name}")
            connection.exec_driver_sql(f'CREATE INDEX ix_{table.name}_{index} ON {table.name} ("{index}")')
        connection.exec_driver_sql("UPDATE ev_meta SET value = 2 WHERE name = 'version'")
    engine.dispose()
