"""How far a campaign is on its way."""

from datetime import date, timedelta

import pytest

from campaigns.reports.dashboards.pace import pace, share_gone

FIRST = date(2026, 11, 1)
LAST = date(2026, 11, 10)


@pytest.mark.parametrize(
    ("value", "day", "expected", "standing"),
    [
        (0, 0, None, "ahead_of_start"),
        (10, 1, 10, "on_track"),
        (9, 1, 10, "on_track"),  # a tenth less is no news
        (8, 1, 10, "behind"),
        (50, 5, 50, "on_track"),
        (44, 5, 50, "behind"),
        (99, 10, 100, "on_track"),  # its day is not over
        (99, 11, 100, "missed"),
        (100, 3, 30, "met"),
        (120, 11, 100, "met"),
        (None, 5, 50, "unknown"),
    ],
)
def test_where_a_target_of_a_hundred_in_ten_days_stands(
    value: int | None, day: int, expected: int | None, standing: str
) -> None:
    found = pace(value, 100, starts_on=FIRST, by_on=LAST, today=FIRST + timedelta(days=day - 1))
    assert (found.expected, found.standing) == (expected, standing)


def test_how_much_is_lacking_is_said() -> None:
    behind = pace(30, 100, starts_on=FIRST, by_on=LAST, today=FIRST + timedelta(days=4))
    assert (behind.behind, behind.percent) == (20, 30)
    unknown = pace(None, 100, starts_on=FIRST, by_on=LAST, today=LAST)
    assert (unknown.behind, unknown.percent) == (0, None)


def test_a_campaign_of_one_day_is_over_when_that_day_is() -> None:
    assert share_gone(FIRST, FIRST, FIRST) == 1.0
    assert share_gone(FIRST, FIRST, FIRST - timedelta(days=1)) is None
    assert share_gone(FIRST, LAST, FIRST) == 0.1


def test_a_target_due_before_its_campaign_begins_divides_by_nothing() -> None:
    found = pace(1, 40, starts_on=LAST, by_on=FIRST, today=LAST)
    assert (found.expected, found.standing) == (40, "missed")
    before = pace(1, 40, starts_on=LAST, by_on=FIRST, today=FIRST + timedelta(days=1))
    assert (before.expected, before.behind, before.standing) == (None, 0, "missed")
