"""What the store tells: by day and channel, by split, different people, facts, and how people came."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from campaigns.engagement.store import (
    ALL,
    CAMPAIGN,
    LINK,
    POST,
    SITE,
    Fact,
    Reach,
    Store,
    Touch,
    reading,
    tables,
)
from campaigns.engagement.store.adding import REFERRERS
from campaigns.engagement.store.events import day_of
from tests.campaigns.engagement.store.making import NOON, TODAY, append, event, views
from tests.databases import KIND, fresh_database

ON = day_of(TODAY)
AFTER = ON + timedelta(days=1)


def cells(
    store: Store, scope: int, subject: int, by: str | None = None
) -> dict[tuple[date, str], tuple[int, ...]]:
    """Views and people by day and key."""
    found = store.daily(scope, [subject], since=date(2026, 1, 1), until=date(2027, 1, 1), by=by)  # type: ignore[arg-type]
    return {(cell.day, cell.key): (cell.counts["views"], cell.people) for cell in found}  # type: ignore[misc]


def test_people_of_all_channels_are_counted_and_not_added(store: Store) -> None:
    append(
        store,
        *views(range(1, 6), referrer="e.example/a"),
        *views(range(3, 9), first_view=50, referrer="www.google.com/"),
    )
    assert cells(store, POST, 1) == {(ON, ALL): (8, 8)}  # three came back within ten seconds
    assert cells(store, POST, 1, "channel") == {(ON, "site"): (5, 5), (ON, "search"): (3, 3)}


def test_the_same_page_again_within_ten_seconds_is_one_view(store: Store) -> None:
    again = (
        event(view=2, at=NOON + 9_999),
        event(view=3, at=NOON + 10_000),
        event(view=4, post=2, subject="post:2"),
    )
    append(store, event(), *again)
    assert (cells(store, POST, 1), cells(store, POST, 2)) == ({(ON, ALL): (2, 1)}, {(ON, ALL): (1, 1)})


def test_a_process_that_begins_anew_remembers_the_last_seconds(store: Store) -> None:
    append(store, event())
    other = Store(store.url)
    append(other, event(view=2, at=NOON + 5_000))
    other.engine.dispose()
    assert cells(store, POST, 1) == {(ON, ALL): (1, 1)}


def test_time_read_after_coming_again_counts_and_makes_no_second_reader(store: Store) -> None:
    read = {"kind": "read", "view": 2, "at": NOON + 60_000, "seconds": 40}
    append(store, event(), event(view=2, at=NOON + 1000), event(**read))
    told = store.totals(POST, [1])[1]
    assert (told.views, told.seconds, told.engaged) == (1, 40, 0)


def test_events_one_by_one_come_to_the_same_as_all_at_once(store: Store, tmp_path: Path) -> None:
    chance, said = random.Random(5), []
    for number in range(300):
        kind = "view" if number < 30 else chance.choice(("view", "view", "read", "read", "read", "click"))
        more = (
            {"click": f"click-{chance.randrange(20):06}"} if kind != "read" and chance.random() < 0.5 else {}
        )
        said.append(
            {
                "kind": kind,
                "at": NOON + number * 700,
                "view": 0 if kind == "click" else number + 1 if number < 30 else chance.randrange(1, 30),
                "visitor": chance.randrange(6),
                "sequence": chance.randrange(4),
                "seconds": chance.choice((0, 2, 9, 4000)),
                "depth": chance.randrange(100),
                "verdict": chance.choice(("human", "human", "human", "crawler")),
            }
            | more
        )
    append(store, *(event(**one) for one in said))
    with fresh_database(tmp_path / "other") as url:
        other = Store(url if KIND != "sqlite" else f"sqlite:///{tmp_path / 'other.db'}")
        for number, one in enumerate(said):
            append(other, event(**one), read=number)
        for table in tables.ADDED_UP:
            assert everything(other, table) == everything(store, table)
        other.engine.dispose()


def everything(store: Store, table: Table) -> list[tuple[object, ...]]:
    with store.engine.connect() as connection:
        return sorted(map(tuple, connection.execute(select(table))), key=repr)


def test_a_double_tap_is_one_click_and_ten_clicks_are_ten(store: Store) -> None:
    tap = {"kind": "click", "subject": "link:9", "link": 9, "view": 0, "channel": "account:4"}
    append(store, *(event(**tap, click=f"tap-{n:08}", at=NOON + n * 1999) for n in range(2)))
    append(store, *(event(**tap, click=f"one-{n:08}", at=NOON + n * 2000) for n in range(2, 11)))
    assert (store.totals(LINK, [9])[9].clicks, store.totals(LINK, [9])[9].clickers) == (10, 1)


@pytest.mark.parametrize(
    ("said", "channel"),
    [
        ({"referrer": "www.google.co.uk/search"}, "search"),
        ({"referrer": "m.baidu.com"}, "search"),
        ({"referrer": "notgoogle.example"}, "site"),
        ({"referrer": "mail.example.com/inbox"}, "mail"),
        ({"referrer": "feedly.com/i"}, "feed"),
        ({"referrer": "news.example/a"}, "site"),
        ({"utm": "letter|Email|spring||"}, "mail"),
        ({"utm": "x|rss|||"}, "feed"),
        ({"utm": "invented|social|never-heard-of|a|b"}, "direct"),
        ({"utm": "|"}, "direct"),
        ({"hints": "Pi"}, "inside"),
        ({"click": "never-given-o"}, "link"),
        ({}, "direct"),
    ],
)
def test_how_a_view_came(store: Store, said: dict[str, str], channel: str) -> None:
    append(store, event(**said))
    assert list(cells(store, POST, 1, "channel")) == [(ON, channel)]


def test_a_click_gives_its_channel_to_the_page_and_to_what_is_done_there(store: Store) -> None:
    append(
        store,
        event(kind="click", subject="link:9", link=9, view=0, click="abcDEF-_1234", channel="account:4"),
        event(click="abcDEF-_1234", at=NOON + 100),
    )
    append(store, event(kind="read", view=1, seconds=12, at=NOON + 20_000))
    append(store, event(view=7, post=2, subject="post:2", hints="Pi", at=NOON + 30_000))
    append(store, event(kind="fact", value="share:copy", view=3, post=2, at=NOON + 40_000))
    (cell,) = store.daily(POST, [1], since=ON, until=AFTER, by="channel")
    assert (cell.key, cell.counts["clicks"], cell.counts["verified"], cell.counts["engaged"]) == (
        "account:4",
        1,
        1,
        1,
    )
    assert (cell.people, cell.people_engaged, cell.clickers) == (1, 1, 1)
    assert list(cells(store, POST, 2, "channel")) == [(ON, "inside")]
    (fact,) = store.facts(campaigns=None, posts=[2], since=ON, until=AFTER)
    assert (fact.channel, fact.kind, fact.key, fact.count, fact.people) == (
        "account:4",
        "share",
        "copy",
        1,
        1,
    )


def test_days_of_a_campaign_are_in_its_zone(store: Store) -> None:
    append(store, event(campaign=5, campaign_day=TODAY + 1))
    assert list(cells(store, CAMPAIGN, 5)) == [(AFTER, ALL)]
    assert list(cells(store, POST, 1)) == list(cells(store, SITE, 0)) == [(ON, ALL)]


def test_a_split_adds_up_to_the_day_and_says_what_it_does_not_know(store: Store) -> None:
    append(
        store,
        event(view=1, visitor=1, language="zh-CN", country="CN"),
        event(view=2, visitor=2, language="zh", country="QQ"),
        event(view=3, visitor=3, language="xx-forged", device="m"),
        event(view=4, visitor=4, verdict="crawler", language="de"),
    )
    split = {by: cells(store, POST, 1, by) for by in ("language", "country", "device", "referrer")}
    assert split == {
        "language": {(ON, "?"): (1, None), (ON, "zh"): (2, None)},
        "country": {(ON, "?"): (2, None), (ON, "CN"): (1, None)},
        "device": {(ON, "d"): (2, None), (ON, "m"): (1, None)},
        "referrer": {(ON, "?"): (3, None)},
    }


def test_referrers_beyond_the_cap_of_a_day_are_counted_together(store: Store) -> None:
    many = [event(view=n, visitor=n, referrer=f"site-{n:03}.example/path") for n in range(1, REFERRERS + 11)]
    append(store, *many[:30])
    append(store, *many[30:])
    split = cells(store, POST, 1, "referrer")
    assert len(split) == REFERRERS + 1
    assert split[ON, "other"] == (10, None)
    assert sum(seen for seen, _ in split.values()) == REFERRERS + 10


def nodes(store: Store) -> dict[int, int]:
    """How many nodes of the site there are on each level above days."""
    sketch = tables.sketches.c
    wanted = (
        select(sketch.level, func.count(sketch.node.distinct()))
        .where(sketch.level > 0)
        .group_by(sketch.level)
    )
    with store.engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(wanted)}


def test_reach_unites_days_subjects_and_nothing_twice(store: Store) -> None:
    for back in range(90):
        append(
            store,
            *views(range(back, back + 5), day=TODAY - back, first_view=1000 * back + 1, campaign=1),
            *views(
                range(500 + back, 502 + back),
                day=TODAY - back,
                first_view=1000 * back + 500,
                campaign=2,
                post=2,
            ),
        )
    groups = {"one": [1], "both": [1, 2], "none": [3]}
    span = {"since": day_of(TODAY - 89), "until": AFTER}
    before = store.reach(CAMPAIGN, groups, **span)
    assert before["one"] == Reach(93, 93, 93, True, 1)  # visitor 0 is nobody
    assert (before["both"].people, before["none"]) == (93 + 91, Reach(0, 0, 0, True, 0))
    answers = iter([False, False, True])
    assert store.close_days(before=TODAY, is_stopping=lambda: next(answers)) > 0
    assert store.reach(CAMPAIGN, groups, **span) == before
    assert store.close_days(before=TODAY) > 0  # the rest
    assert store.reach(CAMPAIGN, groups, **span) == before
    assert nodes(store) == {
        level: len(range((TODAY - 89) >> 2 * level, TODAY >> 2 * level)) for level in (1, 2, 3)
    }
    assert store.reach(CAMPAIGN, {1: [1]}, since=day_of(TODAY - 9), until=ON)[1].people == 13
    assert store.close_days(before=TODAY) == 0


def test_what_comes_late_is_in_the_pyramid_at_once_and_after_it_is_built_again(store: Store) -> None:
    append(store, *views(range(1, 4), day=TODAY - 30), *views(range(4, 6), day=TODAY - 25, first_view=50))
    store.close_days(before=TODAY)
    append(store, event(day=TODAY - 29, visitor=77, view=99))
    span = {"since": day_of(TODAY - 64), "until": AFTER}
    assert store.reach(POST, {1: [1]}, **span)[1].people == 6
    assert store.close_days(before=TODAY) > 0
    with store.engine.connect() as connection:
        assert connection.execute(select(tables.dirty)).all() == []
    assert store.reach(POST, {1: [1]}, **span)[1].people == 6


def test_many_people_are_estimated_within_the_bounds_that_are_said(store: Store) -> None:
    append(store, *views(range(1, 5001)))
    append(store, *views(range(2501, 7501), first_view=9000, day=TODAY + 1))
    (reach,) = store.reach(POST, {1: [1]}, since=ON, until=AFTER + timedelta(days=1)).values()
    assert reach.low <= 7500 <= reach.high
    assert 0.05 < (reach.high - reach.low) / reach.people < 0.08
    assert not reach.is_exact
    (cell, _) = store.daily(POST, [1], since=ON, until=AFTER + timedelta(days=1))
    assert abs((cell.people or 0) - 5000) < 250


def test_facts_are_counted_by_day_and_those_with_a_number_once(store: Store) -> None:
    done = {"kind": "fact", "value": "goal:3", "campaign": 5}
    append(store, event(**done, view=8), event(**done, view=8), event(**done, view=9, visitor=2))
    append(
        store,
        event(**done, view=8),
        event(**done, view=0),
        event(**done, view=0),
        event(**done | {"value": "signup"}, view=8, visitor=0),
    )
    append(store, event(**done, verdict="crawler", view=77))
    told = store.facts(campaigns=[5], posts=None, since=ON, until=AFTER)
    assert told == [
        Fact(5, 1, "direct", ON, "goal", "3", 4, 2),
        Fact(5, 1, "direct", ON, "signup", "", 1, None),
    ]
    assert store.facts(campaigns=None, posts=[9], since=ON, until=AFTER) == []
    assert store.facts(campaigns=None, posts=None, since=AFTER, until=AFTER) == []
    assert store.facts(campaigns=None, posts=None, since=ON, until=AFTER, kinds=["signup"]) == told[1:]


def test_a_journey_is_how_somebody_came_before_and_never_after(store: Store) -> None:
    append(
        store,
        event(
            kind="click",
            subject="link:9",
            link=9,
            campaign=5,
            view=0,
            click="abcDEF-_1234",
            channel="account:4",
        ),
        event(click="abcDEF-_1234", at=NOON + 100),
        event(view=2, at=NOON + 60_000, hints="Pi"),
        event(view=3, at=NOON + 90_000, referrer="news.example/a", post=2, subject="post:2"),
        event(kind="fact", value="goal:3", view=20, at=NOON + 120_000),
        event(view=4, at=NOON + 150_000, referrer="news.example/a"),
        event(kind="fact", value="goal:3", view=21, visitor=2, at=NOON + 160_000),
        event(kind="fact", value="goal:4", view=22, at=NOON + 170_000),
    )
    came = [
        Touch(datetime.fromtimestamp((NOON + 100) / 1000, UTC), 5, "account:4", 1),
        Touch(datetime.fromtimestamp((NOON + 90_000) / 1000, UTC), None, "site", 2),
    ]
    at = datetime.fromtimestamp(NOON / 1000, UTC)
    told = list(store.journeys("goal", "3", since=ON, until=AFTER))
    assert told == [(at + timedelta(seconds=120), came), (at + timedelta(seconds=160), [])]
    assert list(store.journeys("goal", "3", since=ON, until=AFTER, campaigns=[5])) == told[:1]
    assert len(list(store.journeys("goal", None, since=ON, until=AFTER))) == 3


def test_totals_of_some_days(store: Store) -> None:
    append(store, event(), event(view=2, day=TODAY + 1))
    assert store.totals(POST, [1, 2], since=AFTER)[1].views == 1
    assert store.totals(POST, [1, 2], until=AFTER)[1].views == 1
    assert store.totals(POST, [1, 2])[1].views == 2


def test_answers_of_days_that_are_over_are_kept_until_something_late_changes_them(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(store, *views(range(1, 4), day=TODAY - 5), *views(range(1, 3), first_view=50))
    store.close_days(before=TODAY)
    span = {"since": day_of(TODAY - 9), "until": AFTER}
    over = {"since": day_of(TODAY - 9), "until": ON}

    def told() -> tuple[list[int], int]:
        days = [cell.counts["views"] for cell in store.daily(POST, [1], **span)]
        return days, store.reach(POST, {1: [1]}, **over)[1].people

    assert told() == ([3, 2], 3)
    asked: list[Any] = []
    for where, name in ((store, "_daily"), (reading, "unite_places")):
        find = getattr(where, name)

        def listening(*said: Any, find: Any = find, **more: Any) -> Any:
            asked.append((said[1:4], *more))
            return find(*said, **more)

        monkeypatch.setattr(where, name, listening)
    assert told() == ([3, 2], 3)
    assert asked == [(([1], TODAY, TODAY + 1),)]  # the day that goes on; nothing else
    append(store, event(day=TODAY - 5, visitor=9, view=99))
    assert told() == ([4, 2], 4)


def test_what_came_late_hides_nobody_of_the_last_minutes(store: Store) -> None:
    for number, minutes in enumerate((0, -300, 5), start=1):
        append(store, event(at=NOON + minutes * 60_000, visitor=number, view=number), read=number)
    assert [one.line.visitor for one in store.tail(30 * 60_000)] == [1, 3]
