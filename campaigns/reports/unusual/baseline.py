"""What an hour of the week usually brings, and whether this one is out of the ordinary. Pure.

An hour is compared with the same hour of the same weekday of the weeks before: by median, and by the median of the
distances from it (MAD), which one strange week does not move as it moves a mean and a standard deviation. 1.4826 MAD
estimates a standard deviation where hours are spread normally (Rousseeuw & Croux, 1993). Counts scatter at least as the
square root of their mean (Poisson), so the spread is never taken for less; and a site with a handful of readers is never
called unusual.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

FEWEST_WEEKS = 4  # of history; with less there is no "usually"
MOST_WEEKS = 8  # older weeks tell of another site
FAR = 5.0  # spreads from the median: by chance once in two hundred years, were hours spread normally
FEWEST = 20  # views between an hour and its median: below, it is nobody's news
TO_NORMAL = 1.4826

Direction = Literal["more", "less"]


@dataclass(frozen=True)
class Unusual:
    """An hour far from its like: what it had, what such hours have, and how many spreads lie between."""

    direction: Direction
    value: int
    usual: float
    spreads: float


def judge(value: int, history: Sequence[int]) -> Unusual | None:
    """An hour against the same hours of the weeks before, the newest first. None: nothing to tell, or too little known."""
    known = history[:MOST_WEEKS]
    if len(known) < FEWEST_WEEKS:
        return None
    usual = median(known)
    spread = max(TO_NORMAL * median(abs(one - usual) for one in known), usual**0.5, 1.0)
    spreads = (value - usual) / spread
    if abs(spreads) < FAR or abs(value - usual) < FEWEST:
        return None
    return Unusual("more" if spreads > 0 else "less", value, usual, spreads)
