"""Days, weeks and months, in every zone and through changes of the clocks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cms.calendar import days, grid
from tests.cms.calendar.entries import entry


def test_a_month_is_shown_in_whole_weeks() -> None:
    monday = days.stretch("month", date(2026, 11, 21), first_weekday=0)
    sunday = days.stretch("month", date(2026, 11, 21), first_weekday=6)
    assert (monday.first, monday.last, len(monday.weeks)) == (date(2026, 10, 26), date(2026, 12, 6), 6)
    assert (sunday.first, sunday.last, len(sunday.weeks)) == (date(2026, 11, 1), date(2026, 12, 5), 5)


def test_a_month_that_fills_its_weeks_shows_no_other_days() -> None:
    shown = days.stretch("month", date(2027, 2, 10), first_weekday=0)
    assert (shown.first, shown.last) == (date(2027, 2, 1), date(2027, 2, 28))


@pytest.mark.parametrize(
    ("view", "before", "after"),
    [
        ("month", date(2026, 12, 1), date(2027, 2, 1)),
        ("week", date(2027, 1, 24), date(2027, 2, 7)),
        ("list", date(2027, 1, 3), date(2027, 2, 28)),
        ("day", date(2027, 1, 30), date(2027, 2, 1)),
    ],
)
def test_one_turns_the_pages(view: str, before: date, after: date) -> None:
    shown = days.stretch(view, date(2027, 1, 31), first_weekday=0)
    assert (shown.before, shown.after) == (before, after)


def test_a_day_on_which_the_clocks_change_is_23_or_25_hours_long() -> None:
    lengths = {}
    for day in (date(2027, 3, 28), date(2027, 10, 31), date(2027, 5, 1)):
        start, end = days.stretch("day", day, first_weekday=0).bounds("Europe/Berlin")
        lengths[day] = end - start
    assert [one.total_seconds() / 3600 for one in lengths.values()] == [23, 25, 24]


def test_a_day_begins_where_the_clocks_go_forward_at_midnight() -> None:
    assert days.start_of(date(2024, 4, 26), "Africa/Cairo") == datetime(2024, 4, 25, 22, 0, tzinfo=UTC)


def test_an_entry_stands_on_the_day_of_its_reader_and_says_its_own_time() -> None:
    late = entry(at=datetime(2026, 12, 1, 1, 30, tzinfo=UTC), zone="Asia/Shanghai")
    shown = grid.show(late, zone="America/New_York")
    assert (shown.day, shown.time, shown.wall, shown.zone, shown.is_elsewhere) == (
        date(2026, 11, 30),
        "20:30",
        "2026-12-01T09:30",
        "Asia/Shanghai",
        True,
    )
    assert grid.show(late, zone="Asia/Hong_Kong").is_elsewhere is False


def test_the_same_wall_time_before_and_after_a_change_of_the_clocks_reads_the_same() -> None:
    before = entry(at=datetime(2027, 3, 27, 5, 0, tzinfo=UTC), zone="Europe/Berlin")
    after = entry(at=datetime(2027, 3, 28, 4, 0, tzinfo=UTC), zone="Europe/Berlin")
    assert [grid.show(one, zone="Europe/Berlin").time for one in (before, after)] == ["06:00", "06:00"]


def test_a_full_day_says_how_many_more_there_are() -> None:
    month = days.stretch("month", date(2026, 11, 21), first_weekday=0)
    five = [grid.show(entry(number=number), zone="UTC") for number in range(5)]
    [cell] = [
        cell for week in grid.weeks(month, five, room=4) for cell in week if cell.day == date(2026, 11, 21)
    ]
    assert (len(cell.shown), cell.more) == (3, 2)


def test_what_lasts_keeps_its_lane_through_a_week() -> None:
    week = days.stretch("week", date(2026, 11, 18), first_weekday=0)
    start = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)

    def lasting(number: int, first: int, length: int) -> grid.Shown:
        at = start + timedelta(days=first)
        return grid.show(entry(number=number, at=at, ends_at=at + timedelta(days=length)), zone="UTC")

    [row] = grid.weeks(week, [lasting(1, -3, 5), lasting(2, 1, 1), lasting(3, 3, 2)], room=4)
    lanes = [[bar.shown.entry.key[5] if bar else None for bar in cell.bars] for cell in row]
    assert lanes == [["1", None], ["1", "2"], ["1", "2"], ["3", None], ["3", None], ["3", None], [None, None]]
    assert [bar.begins for cell in row[:3] for bar in cell.bars[:1] if bar] == [True, False, False]


def test_what_ends_at_midnight_is_not_drawn_on_the_next_day() -> None:
    at = datetime(2026, 11, 16, 0, 0, tzinfo=UTC)
    assert grid.show(entry(at=at, ends_at=at + timedelta(days=2)), zone="UTC").last_day == date(2026, 11, 17)
