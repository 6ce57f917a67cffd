"""Quiet hours and slots, with clocks that change in six zones; each rule against counting minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.deliveries.timing import after_quiet, forgiving_instant, is_quiet, next_slot, slot_walls

ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Asia/Shanghai",
    "Australia/Lord_Howe",  # half an hour
    "America/St_Johns",
    "Africa/Casablanca",  # back and forth around Ramadan
)
WALLS = st.times().map(lambda one: one.strftime("%H:%M"))
MINUTES = st.integers(0, 60 * 24 * 1000).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text + "+00:00")


def shows_quiet(at: datetime, begins: str, ends: str, zone: str) -> bool:
    """What a person with a watch would say."""
    now = at.astimezone(ZoneInfo(zone)).strftime("%H:%M")
    return begins <= now < ends if begins < ends else now >= begins or now < ends


@given(MINUTES, WALLS, WALLS, st.sampled_from(ZONES))
def test_quiet_hours_end_at_the_first_minute_that_shows_none(
    at: datetime, begins: str, ends: str, zone: str
) -> None:
    expected = at
    while begins != ends and shows_quiet(expected, begins, ends, zone):
        expected += timedelta(minutes=1)
    assert after_quiet(at, begins, ends, zone) == expected


@pytest.mark.parametrize(
    ("at", "ends", "zone", "expected"),
    [
        ("2026-03-08T05:00", "02:30", "America/New_York", "2026-03-08T07:00"),  # jumped over: at 03:00
        ("2026-03-29T00:10", "02:30", "Europe/Berlin", "2026-03-29T01:00"),
        ("2026-11-01T05:10", "01:30", "America/New_York", "2026-11-01T05:30"),  # the first of two
        ("2026-11-01T06:10", "01:30", "America/New_York", "2026-11-01T06:30"),  # the second of two
        ("2026-04-04T15:05", "01:45", "Australia/Lord_Howe", "2026-04-04T15:15"),  # back by half an hour
        ("2026-11-21T12:00", "07:00", "Asia/Shanghai", "2026-11-21T12:00"),  # it is 20:00 there
        ("2026-11-21T15:10", "07:00", "Asia/Shanghai", "2026-11-21T23:00"),
    ],
)
def test_quiet_hours_where_clocks_change(at: str, ends: str, zone: str, expected: str) -> None:
    assert after_quiet(utc(at), "23:00", ends, zone) == utc(expected)


def test_no_quiet_hours_where_one_end_is_missing_or_both_are_the_same() -> None:
    at = utc("2026-11-21T18:00")
    assert [after_quiet(at, *both, "UTC") for both in (("", "07:00"), ("17:00", ""), ("18:00", "18:00"))] == [
        at
    ] * 3


def test_quiet_begins_on_the_minute_and_is_over_on_the_minute() -> None:
    quiet = [
        is_quiet(utc(f"2026-11-21T{one}"), "22:00", "22:30", "UTC")
        for one in ("21:59", "22:00", "22:29", "22:30")
    ]
    assert quiet == [False, True, True, False]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("wall", ["01:30", "02:15", "02:30", "12:00", "23:45"])
def test_a_weekly_slot_comes_once_a_week_for_two_years(zone: str, wall: str) -> None:
    at, weeks = utc("2025-01-01T00:00"), []
    for _ in range(104):
        found = next_slot([(6, wall)], zone, at, [])
        assert found is not None
        weeks.append(date.fromisoformat(found[0][:10]).isocalendar()[:2])
        at = found[1]
    assert weeks == [(date(2025, 1, 5) + timedelta(weeks=one)).isocalendar()[:2] for one in range(104)]


def test_a_slot_keeps_its_wall_over_the_change_of_clocks() -> None:
    walls = slot_walls([(6, "09:30")], "Europe/Berlin", utc("2026-03-20T00:00"))
    assert [next(walls) for _ in range(3)] == [
        ("2026-03-22T09:30", utc("2026-03-22T08:30")),
        ("2026-03-29T09:30", utc("2026-03-29T07:30")),
        ("2026-04-05T09:30", utc("2026-04-05T07:30")),
    ]


def test_a_slot_that_does_not_exist_comes_as_much_later_as_clocks_jump_and_one_that_comes_twice_comes_once() -> (
    None
):
    assert forgiving_instant("2026-03-29T02:30", "Europe/Berlin") == utc("2026-03-29T01:30")  # 03:30 there
    assert forgiving_instant("2026-10-25T02:30", "Europe/Berlin") == utc("2026-10-25T00:30")


def test_the_next_slot_is_the_first_that_is_free_and_not_quiet() -> None:
    slots = [(0, "09:00"), (0, "12:00"), (2, "23:30")]
    monday = utc("2026-11-23T00:00")
    assert next_slot(slots, "UTC", monday, []) == ("2026-11-23T09:00", utc("2026-11-23T09:00"))
    taken = [utc("2026-11-23T09:00") + timedelta(seconds=20)]
    assert next_slot(slots, "UTC", monday, taken) == ("2026-11-23T12:00", utc("2026-11-23T12:00"))
    late = utc("2026-11-23T12:00")
    assert next_slot(slots, "UTC", late, []) == ("2026-11-25T23:30", utc("2026-11-25T23:30"))
    assert next_slot(slots, "UTC", late, [], ("22:00", "07:00")) == (
        "2026-11-30T09:00",
        utc("2026-11-30T09:00"),
    )


def test_a_queue_without_slots_or_with_quiet_ones_alone_has_no_next() -> None:
    assert next_slot([], "UTC", utc("2026-11-23T00:00"), []) is None
    assert next_slot([(0, "23:00")], "UTC", utc("2026-11-23T00:00"), [], ("22:00", "07:00")) is None


@given(MINUTES, st.sampled_from(ZONES), st.lists(st.tuples(st.integers(0, 6), WALLS), min_size=1, max_size=4))
def test_slots_come_in_order_and_after_the_instant(
    at: datetime, zone: str, slots: list[tuple[int, str]]
) -> None:
    walls = slot_walls(slots, zone, at)
    found = [next(walls) for _ in range(10)]
    assert all(one[1] > at for one in found)
    assert [one[0] for one in found] == sorted(one[0] for one in found)
    assert {(date.fromisoformat(one[0][:10]).weekday(), one[0][11:]) for one in found} <= set(slots)
    assert all(time.fromisoformat(one[0][11:]) for one in found)
