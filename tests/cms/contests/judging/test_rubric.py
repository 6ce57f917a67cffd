from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.contests.judging import rubric
from cms.contests.judging.rubric import Criterion, Level


def criterion(key: str, weight: int = 1, levels: int = 5, **more: bool) -> Criterion:
    return Criterion(
        key, {"en": key}, weight, [Level(one, {"en": f"level {one}"}) for one in range(1, levels + 1)], **more
    )


RUBRIC = [criterion("idea", 2), criterion("style", 1), criterion("joy", counts=False)]


def test_lowest_everywhere_is_nothing_and_highest_is_all() -> None:
    assert rubric.score(RUBRIC, {"idea": 1, "style": 1}) == 0
    assert rubric.score(RUBRIC, {"idea": 5, "style": 5}) == 100


def test_weights_count() -> None:
    assert rubric.score(RUBRIC, {"idea": 5, "style": 1}) == Fraction(200, 3)


def test_skipped_is_not_zero() -> None:
    assert rubric.score(RUBRIC, {"idea": 5}) is None
    assert rubric.score(RUBRIC, {"idea": 5, "style": None}) is None


def test_skipped_optional_criterion_pulls_nowhere() -> None:
    asked = [criterion("idea", 2), criterion("style", 3, is_optional=True)]
    assert rubric.score(asked, {"idea": 4}) == 75
    assert rubric.score(asked, {"idea": 4, "style": 1}) == 30


def test_independent_criterion_stays_out() -> None:
    assert rubric.score(RUBRIC, {"idea": 3, "style": 3, "joy": 5}) == 50


def test_marks_of_no_level_are_strange() -> None:
    assert rubric.strange(RUBRIC, {"idea": 6, "style": None, "smell": 1}) == ["idea", "smell"]


def test_rubric_survives_its_json() -> None:
    assert rubric.to_json(rubric.from_json(rubric.to_json(RUBRIC))) == rubric.to_json(RUBRIC)


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [criterion("idea"), criterion("idea")],
        [criterion("idea", counts=False)],
        [criterion("idea", is_optional=True)],
        [criterion("idea", 0)],
        [criterion("idea", levels=1)],
        [replace(criterion("idea"), levels=[Level(2, {}), Level(1, {})])],
    ],
)
def test_what_is_no_rubric_is_refused(wrong: list[Criterion]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        rubric.from_json(rubric.to_json(wrong))


def test_what_is_no_json_of_a_rubric_is_refused() -> None:
    with pytest.raises(ValueError, match="no rubric"):
        rubric.from_json([{"key": "idea"}])


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(1, 5), min_size=3, max_size=3), st.lists(st.integers(1, 50), min_size=3, max_size=3)
)
def test_score_stays_in_its_range_and_grows_with_each_mark(points: list[int], weights: list[int]) -> None:
    asked = [criterion(key, weight) for key, weight in zip("abc", weights, strict=True)]
    marks = dict(zip("abc", points, strict=True))
    score = rubric.score(asked, marks)
    assert score is not None
    assert 0 <= score <= 100
    for key in "abc":
        if marks[key] < 5:
            better = rubric.score(asked, {**marks, key: marks[key] + 1})
            assert better is not None
            assert better > score
