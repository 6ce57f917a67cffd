import random
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.contests.judging.aggregation import Given, Outcome, aggregate
from cms.contests.judging.quantiles import student


def scores(table: dict[str, dict[str, int]]) -> list[Given]:
    return [Given(entry, juror, Fraction(one)) for entry, row in table.items() for juror, one in row.items()]


def run(table: dict[str, dict[str, int]]) -> Outcome:
    return aggregate(scores(table), list(table))


def test_everybody_scored_everything_is_the_mean() -> None:
    out = run({"a": {"x": 80, "y": 90}, "b": {"x": 60, "y": 70}})
    assert out.method == "mean"
    assert out.values == {"a": Decimal("85.0000"), "b": Decimal("65.0000")}
    assert out.strictness == {"x": Decimal("-5.0000"), "y": Decimal("5.0000")}


def test_nobody_scored_anything() -> None:
    out = aggregate([], ["a", "b"])
    assert out.method == "none"
    assert [one.value for one in out.standings] == [None, None]
    assert out.is_noise("a", "b") is None


def test_entry_nobody_scored_has_no_value_and_not_zero() -> None:
    out = run({"a": {"x": 80, "y": 60}, "b": {"x": 70}, "c": {}})
    assert out.method == "fit"
    assert "c" not in out.values
    assert out.margin("a", "c") is None
    assert [one.scores for one in out.standings] == [2, 1, 0]


def test_juror_who_gives_everything_the_same_breaks_nothing() -> None:
    out = run({"a": {"x": 50, "y": 90}, "b": {"x": 50, "y": 90}})
    assert out.values == {"a": Decimal("70.0000"), "b": Decimal("70.0000")}
    assert out.noise == 0
    assert out.is_noise("a", "b") is False


def test_entry_that_met_a_strict_juror_is_not_punished() -> None:
    """`b` has the lower plain mean, but only because the strict juror scored it and the mild one did not."""
    table = {
        "a": {"mild": 70, "usual": 50},
        "b": {"strict": 35, "usual": 55},
        **{f"e{n}": {"mild": 60 + n, "strict": 20 + n, "usual": 40 + n} for n in range(6)},
    }
    out = run(table)
    assert sum(table["a"].values()) > sum(table["b"].values())
    assert out.values["b"] > out.values["a"]
    assert out.strictness["strict"] < out.strictness["usual"] < out.strictness["mild"]


def test_fit_solves_the_equations_it_names() -> None:
    """Against the same minimum, found by stacking the ridge under the design and asking least squares."""
    table = {"a": {"x": 80, "y": 60}, "b": {"x": 70, "z": 20}, "c": {"y": 65, "z": 40}, "d": {"x": 10}}
    out = run(table)
    pairs = sorted((entry, juror) for entry, row in table.items() for juror in row)
    names = [*"abcd", *"xyz"]
    rows = [[float(name in pair) for name in names] + [1.0] for pair in pairs]
    ridge = [[(0.25 if row < 4 else 0.5) ** 0.5 * (row == column) for column in range(8)] for row in range(7)]
    target = [float(table[entry][juror]) for entry, juror in pairs] + [0.0] * 7
    answer = np.linalg.lstsq(np.array(rows + ridge), np.array(target), rcond=None)[0]
    for place, entry in enumerate("abcd"):
        assert float(out.values[entry]) == pytest.approx(answer[-1] + answer[place], abs=1e-4)


def test_few_scores_move_less_than_many() -> None:
    table = {"one": {"x": 100}, "three": {"x": 100, "y": 100, "z": 100}}
    table |= {f"e{n}": {"x": 50, "y": 50, "z": 50} for n in range(5)}
    out = run(table)
    assert 50 < out.values["one"] < out.values["three"] < 100


def test_jurors_that_share_no_entry_are_pointed_out() -> None:
    assert not run({"a": {"x": 80}, "b": {"y": 60}}).is_connected
    assert run({"a": {"x": 80}, "b": {"x": 60, "y": 60}, "c": {"y": 1}}).is_connected


def test_near_places_are_noise_and_far_ones_are_not() -> None:
    out = run(
        {
            "far": {"x": 90, "y": 95, "z": 93},
            "near": {"x": 52, "y": 60, "z": 44},
            "beside": {"x": 58, "y": 51, "z": 46},
        }
    )
    assert out.is_noise("near", "beside") is True
    assert out.is_noise("far", "near") is False


def test_one_juror_says_nothing_of_noise() -> None:
    out = run({"a": {"x": 90}, "b": {"x": 10}})
    assert out.noise is None
    assert out.is_noise("a", "b") is None


def test_margin_of_the_mean_is_fishers_least_significant_difference() -> None:
    table = {"a": {"x": 80, "y": 90, "z": 70}, "b": {"x": 60, "y": 75, "z": 66}}
    out = run(table)
    differences = np.array([20, 15, 4])
    by_hand = student(2) * differences.std(ddof=1) / np.sqrt(3)  # for two entries this is the paired t test
    assert out.margin("a", "b") == pytest.approx(by_hand)


tables = st.dictionaries(
    st.sampled_from("abcdef"),
    st.dictionaries(st.sampled_from("xyz"), st.integers(0, 100), max_size=3),
    min_size=1,
    max_size=6,
)


@settings(deadline=None, max_examples=40)
@given(tables, st.randoms(use_true_random=False))
def test_order_of_scores_and_entries_changes_nothing(
    table: dict[str, dict[str, int]], random: object
) -> None:
    shuffled = scores(table)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert aggregate(shuffled, sorted(table)).values == aggregate(scores(table), sorted(table)).values


@settings(deadline=None, max_examples=40)
@given(tables)
def test_values_are_finite_and_strangers_change_nothing(table: dict[str, dict[str, int]]) -> None:
    out = run(table)
    assert set(out.values) == {entry for entry, row in table.items() if row}
    stranger = [Given("stranger", "x", Fraction(100))]
    assert aggregate([*scores(table), *stranger], list(table)).values == out.values


@settings(deadline=None, max_examples=40)
@given(tables, st.integers(1, 40))
def test_a_better_score_never_harms(table: dict[str, dict[str, int]], more: int) -> None:
    before = run(table)
    for entry, row in table.items():
        for juror in row:
            better = {**table, entry: {**row, juror: row[juror] + more}}
            after = run(better)
            assert after.values[entry] >= before.values[entry]
            return


@pytest.mark.parametrize(
    ("freedom", "expected"),
    [
        (1, 12.7062),
        (2, 4.3027),
        (3, 3.1824),
        (4, 2.7764),
        (5, 2.5706),
        (10, 2.2281),
        (30, 2.0423),
        (1000, 1.9623),
    ],
)
def test_student_is_the_table_in_every_book(freedom: float, expected: float) -> None:
    assert student(freedom) == pytest.approx(expected, abs=2e-3)


def test_student_falls_between_whole_numbers() -> None:
    values = [student(1 + step / 4) for step in range(60)]
    assert all(one > other for one, other in pairwise(values))


def test_student_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="freedom"):
        student(0.5)


def test_where_jurors_read_only_a_part_the_fit_finds_the_best_more_often_than_the_mean() -> None:
    """60 entries, 8 jurors of unequal strictness, 3 scores each: the setting that decided for the fit."""
    drawn = random.Random(7)
    by_fit = by_mean = 0
    for _run in range(80):
        quality = {f"e{n}": drawn.gauss(0, 1.5) for n in range(60)}
        strict = {f"j{n}": drawn.gauss(0, 1.0) for n in range(8)}
        given_ones = [
            Given(entry, juror, Fraction(round(quality[entry] + strict[juror] + drawn.gauss(0, 1), 6)))
            for entry in quality
            for juror in drawn.sample(sorted(strict), 3)
        ]
        best = max(quality, key=lambda one: quality[one])
        values = aggregate(given_ones, list(quality)).values
        sums = dict.fromkeys(quality, Fraction())
        for one in given_ones:
            sums[one.entry] += one.score
        by_fit += best == max(values, key=values.__getitem__)
        by_mean += best == max(sums, key=sums.__getitem__)
    assert by_fit > by_mean
