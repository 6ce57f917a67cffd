"""What is out of the ordinary, and what is only noise."""

import random

import pytest

from campaigns.reports.unusual.baseline import judge


@pytest.mark.parametrize("weeks", [0, 1, 3])
def test_too_little_history_says_nothing(weeks: int) -> None:
    assert judge(5000, [10] * weeks) is None


def test_four_weeks_are_enough() -> None:
    found = judge(300, [100, 110, 95, 105])
    assert found is not None
    assert (found.direction, found.value, found.usual) == ("more", 300, 102.5)


def test_silence_on_a_busy_hour_is_told_too() -> None:
    found = judge(0, [100, 110, 95, 105, 100])
    assert found is not None
    assert found.direction == "less"
    assert found.spreads == pytest.approx(-10.0)  # the square root of a hundred is more than 1.4826 x 5


def test_a_handful_is_never_news() -> None:
    assert judge(19, [0, 0, 0, 0]) is None
    assert judge(20, [0, 0, 0, 0]) is not None
    assert judge(0, [19, 19, 19, 19]) is None


def test_one_strange_week_before_hides_nothing_and_makes_nothing() -> None:
    assert judge(100, [100, 5000, 95, 105]) is None
    assert judge(400, [100, 5000, 95, 105]) is not None


def test_weeks_that_are_long_over_do_not_count() -> None:
    assert judge(400, [100] * 8 + [400] * 20) is not None


def test_ordinary_noise_is_told_almost_never() -> None:
    dice = random.Random(7)
    hours = [[dice.gauss(100, 10) for _ in range(9)] for _ in range(3000)]
    told = sum(
        judge(max(0, round(hour[0])), [max(0, round(one)) for one in hour[1:]]) is not None for hour in hours
    )
    assert told <= 3  # one in a thousand
