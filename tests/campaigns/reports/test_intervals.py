"""How sure a rate or a mean is: against published values, and against data whose truth is known."""

from math import inf

import numpy as np
import pytest

from campaigns.reports.figures.intervals import (
    LEAST_POSTS,
    combined,
    error_of,
    mean_interval,
    poisson_interval,
    ratio_interval,
    wilson,
    winsorised,
    winsorised_mean,
)


@pytest.mark.parametrize(
    ("successes", "of", "low", "high"),
    [  # Newcombe (1998), Stat. Med. 17, 857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_of_a_share_is_the_published_one(
    successes: int, of: int, low: float, high: float
) -> None:
    told = wilson(successes, of)
    assert told is not None
    assert (round(told[0], 4), round(told[1], 4)) == (low, high)


def test_of_nobody_there_is_no_share() -> None:
    assert wilson(0, 0) is None


def test_an_estimate_with_more_readers_than_people_stays_a_share() -> None:
    told = wilson(11, 10)
    assert told is not None
    assert told == wilson(10, 10)
    assert told[1] == 1.0


def test_the_largest_post_weighs_as_the_next() -> None:
    assert winsorised(np.array([1.0, 2.0, 3.0, 4.0, 900.0])).tolist() == [1, 2, 3, 4, 4]
    assert winsorised_mean([1, 2, 3, 4, 900]) == 2.8


def test_of_forty_posts_the_two_largest_are_set_to_the_third() -> None:
    assert sorted(winsorised(np.arange(40.0)))[-3:] == [37, 37, 37]


def test_two_posts_stay_as_they_are() -> None:
    assert winsorised(np.array([1.0, 900.0])).tolist() == [1, 900]


def test_without_posts_there_is_no_mean() -> None:
    assert winsorised_mean([]) is None
    assert mean_interval(()) is None


def test_too_few_posts_have_no_interval() -> None:
    assert mean_interval(tuple(range(LEAST_POSTS - 1))) is None
    assert mean_interval(tuple(range(LEAST_POSTS))) is not None


def test_posts_that_are_all_alike_have_an_interval_of_one_point() -> None:
    assert mean_interval((7.0,) * 12) == (7.0, 7.0)


def test_the_same_posts_have_the_same_interval_every_time() -> None:
    posts = tuple(np.random.default_rng(3).lognormal(4, 1, 20))
    first = mean_interval(posts)
    mean_interval.cache_clear()
    assert mean_interval(posts) == first


def test_the_interval_holds_the_true_mean_about_as_often_as_it_says() -> None:
    """Resampling 40 skewed posts falls somewhat short of 95 %, as is known of it; without the correction it falls
    further."""
    rng, true = np.random.default_rng(11), float(np.exp(0.5 * 0.8**2))
    samples = rng.lognormal(0, 0.8, (400, 40))
    told = [mean_interval(tuple(one)) for one in samples]
    held = np.mean([one is not None and one[0] <= true <= one[1] for one in told])
    assert 0.90 <= held <= 0.98


def test_a_ratio_over_posts_is_the_mean_where_all_are_divided_by_the_same() -> None:
    over = tuple(np.random.default_rng(5).lognormal(4, 1, 20).tolist())
    of_means, of_ratios = mean_interval(over), ratio_interval(over, (4.0,) * 20)
    assert of_means is not None
    assert of_ratios == pytest.approx([bound / 4 for bound in of_means])


def test_posts_nobody_saw_tell_nothing_of_a_ratio() -> None:
    over, under = (40.0, 30.0, 90.0, 20.0, 10.0), (2.0, 1.0, 3.0, 1.0, 1.0)
    told = ratio_interval(over, under)
    assert told is not None
    assert told[0] < sum(over) / sum(under) < told[1]
    assert ratio_interval((*over, 0.0), (*under, 0.0)) == told
    assert ratio_interval(over[1:], under[1:]) is None


def test_the_interval_of_a_ratio_holds_the_true_one_about_as_often_as_it_says() -> None:
    """40 seconds a view, more for some posts than for others, of posts whose views differ widely."""
    rng, held = np.random.default_rng(12), 0
    for _ in range(400):
        views = rng.lognormal(4, 0.8, 40).round() + 1
        told = ratio_interval(tuple(views * 40 * rng.gamma(9, 1 / 9, 40)), tuple(views))
        assert told is not None
        held += told[0] <= 40 <= told[1]
    assert 0.90 <= held / 400 <= 0.98


@pytest.mark.parametrize(
    ("count", "low", "high"), [(0, 0.0, 3.689), (1, 0.0253, 5.572), (5, 1.624, 11.668), (40, 28.577, 54.469)]
)
def test_the_interval_of_a_count_is_close_to_the_exact_one(count: int, low: float, high: float) -> None:
    """Exact: Garwood (1936), Biometrika 28, 437-442."""
    assert poisson_interval(count) == pytest.approx((low, high), rel=0.01, abs=0.02)


def test_errors_of_a_quotient_add_up_as_squares_do() -> None:
    by_three, by_four = error_of((1 / 1.03, 1.03), 1), error_of((1 / 1.04, 1.04), 1)
    low, high = combined(100, by_three, divided_by=by_four)
    assert (round(low, 1), round(high, 1)) == (95.2, 105.0)
    assert combined(100, error_of(None, 100)) == (100, 100)
    assert combined(10, error_of((0, 20), 10)) == pytest.approx((0, 20))
    assert error_of((0, 20), 10) == (inf, 2)
    assert combined(1, divided_by=(2, 4)) == pytest.approx(
        (0.25, 2)
    )  # a base too small makes a rate too large
