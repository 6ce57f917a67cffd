"""What jurors judge by: weighted criteria, each with levels that are described. Pure.

What a juror leaves out is missing and never zero: without a mark for every criterion that is asked, there is no score.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

FEWEST_LEVELS, MOST_LEVELS, MOST_CRITERIA, MOST_WEIGHT = 2, 11, 12, 1000
BEST = 100  # a score is between 0, the lowest level everywhere, and this


@dataclass(frozen=True)
class Level:
    """A step of a criterion: its points, and what an entry is like that earns them, by language."""

    points: int
    words: Mapping[str, str]


@dataclass(frozen=True)
class Criterion:
    """One thing that is judged. Levels go up. One that `counts` not is told to entrants and stays out of the score."""

    key: str
    name: Mapping[str, str]
    weight: int
    levels: Sequence[Level]
    counts: bool = True
    is_optional: bool = False

    @property
    def points(self) -> tuple[int, ...]:
        """What may be given."""
        return tuple(level.points for level in self.levels)


Rubric = Sequence[Criterion]
Marks = Mapping[str, int | None]  # points by criterion; None or absent: skipped


def is_complete(rubric: Rubric, marks: Marks) -> bool:
    """Whether every criterion that must be judged was."""
    asked = [one for one in rubric if one.counts and not one.is_optional]
    return all(marks.get(one.key) is not None for one in asked) and any(
        one.counts and marks.get(one.key) is not None for one in rubric
    )


def strange(rubric: Rubric, marks: Marks) -> list[str]:
    """The keys of marks that no level gives, or of criteria that are not there."""
    known = {one.key: one.points for one in rubric}
    return sorted(
        key
        for key, points in marks.items()
        if key not in known or (points is not None and points not in known[key])
    )


def score(rubric: Rubric, marks: Marks) -> Fraction | None:
    """From 0 to 100, exactly; None while something that is asked has no mark.

    Each mark is its share of the way from the lowest level to the highest; the score is the weighted mean of the shares
    that were given (the weighted sum model, Fishburn 1967), so that a skipped optional criterion pulls nowhere.
    """
    if not is_complete(rubric, marks):
        return None
    given = [(one, points) for one in rubric if one.counts and (points := marks.get(one.key)) is not None]
    weight = sum(one.weight for one, _points in given)
    return sum((one.weight * share(one, points) for one, points in given), Fraction()) * BEST / weight


def share(criterion: Criterion, points: int) -> Fraction:
    """How far up its criterion a mark is, from 0 to 1."""
    lowest, highest = min(criterion.points), max(criterion.points)
    return Fraction(points - lowest, highest - lowest)


def to_json(rubric: Rubric) -> list[dict[str, Any]]:
    """As it is stored, and as a bundle carries it."""
    return [
        {
            "key": one.key,
            "name": dict(one.name),
            "weight": one.weight,
            "counts": one.counts,
            "optional": one.is_optional,
            "levels": [{"points": level.points, "words": dict(level.words)} for level in one.levels],
        }
        for one in rubric
    ]


def from_json(said: Sequence[Mapping[str, Any]]) -> list[Criterion]:
    """Back again. Raises `ValueError` for what is no rubric."""
    try:
        rubric = [
            Criterion(
                str(one["key"]),
                dict(one["name"]),
                int(one["weight"]),
                [Level(int(level["points"]), dict(level["words"])) for level in one["levels"]],
                bool(one.get("counts", True)),
                bool(one.get("optional", False)),
            )
            for one in said
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no rubric") from error
    if wrong := mistake(rubric):
        raise ValueError(wrong)
    return rubric


def mistake(rubric: Rubric) -> str:
    """The name of the first thing that is wrong with a rubric, or nothing."""
    keys = [one.key for one in rubric]
    if not 1 <= len(rubric) <= MOST_CRITERIA or len(set(keys)) != len(keys) or not all(keys):
        return "criteria"
    if not any(one.counts and not one.is_optional for one in rubric):
        return "required"
    for one in rubric:
        if not 1 <= one.weight <= MOST_WEIGHT:
            return "weight"
        if not FEWEST_LEVELS <= len(one.levels) <= MOST_LEVELS or list(one.points) != sorted(set(one.points)):
            return "levels"
    return ""
