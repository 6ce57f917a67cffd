"""What answers add up to. Pure: small numbers and zero divisors are decided here.

Below `FEW` answers nothing is a percentage. Parts carry Wilson's 95 % interval (E. B. Wilson, 1927). The NPS is
promoters (9, 10) less detractors (0 to 6) in per cent of all answers; its 95 % interval is the adjusted Wald interval
that adds three quarters of a promoter, three quarters of a detractor and one and a half passives.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

FEW = 10
Z = 1.959964  # the normal quantile of 97.5 %
_ADDED, _ADDED_EACH = 3.0, 0.75


@dataclass(frozen=True)
class Part:
    """How many of all, and what part that is; None where there are too few to say."""

    count: int
    percent: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class NPS:
    """Score from -100 to 100 with its interval; None where there are too few answers to say."""

    answers: int
    promoters: int
    passives: int
    detractors: int
    score: float | None
    low: float | None
    high: float | None


def part(count: int, total: int) -> Part:
    """In per cent, with Wilson's interval."""
    if total < FEW:
        return Part(count, None, None, None)
    share = count / total
    middle = (share + Z * Z / (2 * total)) / (1 + Z * Z / total)
    half = Z * sqrt(share * (1 - share) / total + Z * Z / (4 * total * total)) / (1 + Z * Z / total)
    return Part(count, 100 * share, 100 * max(0.0, middle - half), 100 * min(1.0, middle + half))


def nps(scores: Mapping[int, int]) -> NPS:
    """Of how often each score from 0 to 10 was given."""
    promoters = sum(count for score, count in scores.items() if score >= 9)
    detractors = sum(count for score, count in scores.items() if score <= 6)
    answers = sum(scores.values())
    counts = (answers, promoters, answers - promoters - detractors, detractors)
    if answers < FEW:
        return NPS(*counts, None, None, None)
    total = answers + _ADDED
    up, down = (promoters + _ADDED_EACH) / total, (detractors + _ADDED_EACH) / total
    half = Z * sqrt((up + down - (up - down) ** 2) / total)
    middle = up - down
    return NPS(
        *counts,
        100 * (promoters - detractors) / answers,
        100 * max(-1.0, middle - half),
        100 * min(1.0, middle + half),
    )
