"""Whether two campaigns differ, per post, and what a second look at the same question costs.

Posts of two campaigns are told apart by a permutation test: were the campaigns the same, the posts could have been dealt
to them in any other way. It asks nothing of how counts are spread, so heavy tails do not fool it. It is descriptive:
campaigns are not drawn by lot, so a difference is not an effect.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import comb
from typing import TYPE_CHECKING

from campaigns.reports.figures.intervals import (
    LEAST_POSTS,
    RESAMPLES,
    SEED,
    resampled_means,
    winsorised,
    winsorised_mean,
)
from cms.core.later import later

if TYPE_CHECKING:
    import numpy as np

    from campaigns.reports.figures.intervals import Array
else:
    np = later("numpy")

PERMUTATIONS = 1999
LEVEL = 0.05
MOST_RATIO = 1e6  # what a ratio to (nearly) nothing is shown as


@dataclass(frozen=True)
class Difference:
    """Two campaigns: the ratio of their winsorised means per post with its interval, and how likely chance does it."""

    ratio: float | None  # None: the second has nothing to be a multiple of
    low: float | None
    high: float | None
    p: float

    def is_apart(self, p: float | None = None) -> bool:
        """Chance hardly does it, and the interval says so too. `p`: corrected for other questions asked beside it."""
        if (self.p if p is None else p) > LEVEL:
            return False
        return self.low is None or self.high is None or self.low > 1 or self.high < 1


def holm(p_values: Sequence[float]) -> list[float]:
    """The same chances, corrected for how many questions were asked, in their order.

    Holm, S. (1979): A simple sequentially rejective multiple test procedure. Scand. J. Stat. 6, 65-70.
    """
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    corrected, least = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(order):
        least = max(least, min(1.0, p_values[index] * (len(p_values) - rank)))
        corrected[index] = least
    return corrected


@lru_cache(maxsize=1024)
def difference(first: tuple[float, ...], second: tuple[float, ...]) -> Difference | None:
    """How the posts of two campaigns differ; None with fewer than `LEAST_POSTS` posts on either side."""
    if min(len(first), len(second)) < LEAST_POSTS:
        return None
    top, bottom = winsorised_mean(first) or 0.0, winsorised_mean(second) or 0.0
    p = chance(first, second)
    if not bottom:
        return Difference(None, None, None, p)
    # Resamples of as many posts pick alike: they are put beside those of another turn, or both would move together.
    ups, downs = resampled_means(first), np.roll(resampled_means(second), RESAMPLES // 2)
    ratios = np.minimum(ups / np.maximum(downs, bottom / MOST_RATIO), MOST_RATIO)
    low, high = np.quantile(ratios, ((1 - 0.95) / 2, (1 + 0.95) / 2))
    return Difference(min(top / bottom, MOST_RATIO), float(low), float(high), p)


@lru_cache(maxsize=1024)
def chance(first: tuple[float, ...], second: tuple[float, ...]) -> float:
    """How often dealing the posts anew makes a difference as large, two-sided; 1 when all posts are alike.

    The studentised difference of winsorised means, so that unlike spreads do not pass for unlike means: Janssen, A.
    (1997), Stat. Probab. Lett. 36, 9-21; Yuen, K. K. (1974), Biometrika 61, 165-170. The deal that happened is one of
    them (Phipson and Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9, 39), so that it is never nought.
    """
    pooled = np.asarray(first + second, np.float32)
    if np.ptp(pooled) == 0:
        return 1.0
    many = len(first)
    dealt = pooled[_deals(len(pooled))]
    seen = float(_studentised(pooled[None, :], many)[0])
    others = np.abs(_studentised(dealt, many))
    return (1 + int(np.sum(others >= abs(seen) - 1e-6))) / (PERMUTATIONS + 1)


def hinge(first: tuple[float, ...], second: tuple[float, ...]) -> tuple[int, int] | None:
    """The one post without which these two could not be told apart: (0 or 1 for whose it is, its place in the row).

    Only the largest post of each is tried: no other can carry a verdict alone.
    """
    for side, values in enumerate((first, second)):
        place = max(range(len(values)), key=values.__getitem__)
        left = values[:place] + values[place + 1 :]
        told = difference(left, second) if side == 0 else difference(first, left)
        if told is None or not told.is_apart():
            return side, place
    return None


def pairs(of: Sequence[int]) -> list[tuple[int, int]]:
    """Every two of them, in their order."""
    found = [(one, other) for place, one in enumerate(of) for other in of[place + 1 :]]
    assert len(found) == comb(len(of), 2)
    return found


def medians(posts: Mapping[int, Sequence[float]]) -> dict[int, float | None]:
    """The median of each campaign's posts; None without posts."""
    return {key: float(np.median(values)) if values else None for key, values in posts.items()}


@lru_cache(maxsize=32)
def _deals(many: int) -> "Array":
    """So many posts in other orders."""
    keys = np.random.default_rng(SEED).random((PERMUTATIONS, many), dtype=np.float32)
    return np.argsort(keys, axis=1).astype(np.int32)


def _studentised(rows: "Array", many: int) -> "Array":
    """Welch's t of the first `many` of each row against the rest, both winsorised. Without spread: 0, or endless."""
    sides = [winsorised(side) for side in (rows[:, :many], rows[:, many:])]
    means = [side.mean(axis=1, dtype=np.float64) for side in sides]
    spread = sum(side.var(axis=1, dtype=np.float64, ddof=1) / side.shape[1] for side in sides)
    gap = means[0] - means[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(spread > 0, gap / np.sqrt(spread), np.where(gap == 0, 0.0, np.sign(gap) * np.inf))
