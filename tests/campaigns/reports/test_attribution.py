"""Credits add up to one for each conversion, whatever the model; money is parted without losing a unit."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.reports.figures.attribution import MODELS, credits, parted, ranks, shares

DAY = timedelta(days=1)
TIMES = st.lists(st.integers(0, 90 * 86400).map(lambda one: timedelta(seconds=one)), min_size=1, max_size=40)


@given(TIMES, st.integers(0, 10**12))
def test_credits_add_up_to_one_and_money_to_its_amount(times: list[timedelta], amount: int) -> None:
    before = sorted(times, reverse=True)
    for model in MODELS:
        parts = shares(model, before)
        assert sum(parts) == 1
        assert all(part >= 0 for part in parts)
        money = parted(amount, parts)
        assert sum(money) == amount
        assert all(abs(one - amount * part) < 1 for one, part in zip(money, parts, strict=True))


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("first", [1, 0, 0]),
        ("last", [0, 0, 1]),
        ("linear", [Fraction(1, 3)] * 3),
        ("position", [Fraction(2, 5), Fraction(1, 5), Fraction(2, 5)]),
        ("decay", [Fraction(1, 7), Fraction(2, 7), Fraction(4, 7)]),
    ],
)
def test_each_model_parts_three_weekly_visits(model, expected) -> None:  # type: ignore[no-untyped-def]
    assert shares(model, [14 * DAY, 7 * DAY, 0 * DAY]) == expected


def test_the_order_changes_with_the_model_and_the_unknown_is_kept() -> None:
    journeys = [[("search", 3 * DAY), ("mail", 1 * DAY)]] * 3 + [[("mail", 2 * DAY)], []]
    first, last = (credits(journeys, model, "?") for model in ("first", "last"))
    assert first == {"search": 3, "mail": 1, "?": 1}
    assert last == {"search": 0, "mail": 4, "?": 1}
    assert ranks(first)["search"] == 1
    assert ranks(last)["search"] == 3
