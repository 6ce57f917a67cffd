"""How sure a rate or a mean is.

A rate of people (so many of so many) has Wilson's interval. A mean over posts, and what it is divided by, has one from
resampling the posts: likes and views within a post hang together, so the post is what repeats, not the impression.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import exp, hypot, inf, log, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, cast

from cms.core.later import later

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[Any]
else:
    np = later("numpy")


SURE = 0.95
RESAMPLES = 1999
SEED = 20261128  # the same data give the same interval, to everybody and every time
LEAST_POSTS = 5  # below it resampling says less than it seems to
WINSORISED = 0.05  # the part of posts, at least one, whose count is set to the largest of the others


def wilson(successes: int, of: int, *, sure: float = SURE) -> tuple[float, float] | None:
    """The interval of a share; None of nothing.

    Wilson, E. B. (1927): Probable inference, the law of succession, and statistical inference. JASA 22, 209-212. It
    stays within 0 and 1 and holds at small numbers, where the normal interval does not. Estimated numbers may have
    more successes than trials: they are cut.
    """
    if of <= 0:
        return None
    share = min(1.0, max(0.0, successes / of))
    z = NormalDist().inv_cdf(0.5 + sure / 2)
    middle = share + z * z / (2 * of)
    spread = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    width = 1 + z * z / of
    return max(0.0, (middle - spread) / width), min(1.0, (middle + spread) / width)


def winsorised(values: "Array", *, part: float = WINSORISED) -> "Array":
    """Rows of counts (last axis: posts) whose largest are set to the largest of the others: `part` of them, one at least.

    One post that went round the world then weighs as much as the best of the others. Tukey, J. W. (1962): The future
    of data analysis. Ann. Math. Stat. 33, 1-67. Fewer than three stay as they are.
    """
    many = values.shape[-1]
    if many < 3:
        return values
    kept = many - max(1, int(part * many))
    limit = np.partition(values, kept - 1, axis=-1)[..., kept - 1 : kept]
    return cast("Array", np.minimum(values, limit))


def winsorised_mean(values: Sequence[float]) -> float | None:
    """The mean of a post, where the largest weigh no more than the largest of the others; None without posts."""
    return float(winsorised(np.asarray(values, float)).mean()) if len(values) else None


@lru_cache(maxsize=512)
def resampled_means(values: tuple[float, ...], *, is_winsorised: bool = True) -> "Array":
    """Means of resampled posts: `RESAMPLES` numbers, the same for the same posts."""
    rows = np.asarray(values, np.float32)[_picks(len(values))]
    return cast("Array", (winsorised(rows) if is_winsorised else rows).mean(axis=1, dtype=np.float64))


@lru_cache(maxsize=32)
def _picks(many: int) -> "Array":
    """Which posts each resample holds, of so many."""
    return np.random.default_rng(SEED).integers(0, many, (RESAMPLES, many), dtype=np.int32)


@lru_cache(maxsize=1024)
def mean_interval(values: tuple[float, ...]) -> tuple[float, float] | None:
    """The interval of the mean over posts, bias-corrected and accelerated; None below `LEAST_POSTS` posts.

    Efron, B. (1987): Better bootstrap confidence intervals. JASA 82, 171-185.
    """
    if len(values) < LEAST_POSTS:
        return None
    data = np.asarray(values, float)
    without_one = (data.sum() - data) / (len(data) - 1)
    return bca(resampled_means(values, is_winsorised=False), float(data.mean()), without_one)


@lru_cache(maxsize=512)
def ratio_interval(over: tuple[float, ...], under: tuple[float, ...]) -> tuple[float, float] | None:
    """The interval of one sum over posts divided by another, such as seconds by views: posts are drawn with both of their
    numbers. None below `LEAST_POSTS` posts that have something to divide by. The same source as `mean_interval`."""
    pairs = [pair for pair in zip(over, under, strict=True) if pair[1]]
    if len(pairs) < LEAST_POSTS:
        return None
    drawn = np.asarray(pairs, float)
    tops, bottoms = drawn.T
    sums = drawn[_picks(len(pairs))].sum(axis=1)
    without_one = (tops.sum() - tops) / (bottoms.sum() - bottoms)
    return bca(sums[:, 0] / sums[:, 1], float(tops.sum() / bottoms.sum()), without_one)


def poisson_interval(count: int, *, sure: float = SURE) -> tuple[float, float]:
    """From where to where a count of things that happen one by one may lie. Of what was not seen once, up to 3.7.

    Byar's approximation of the exact limits: Breslow, N. E., and Day, N. E. (1987): Statistical methods in cancer
    research II. IARC 82, p. 69.
    """
    z = NormalDist().inv_cdf(0.5 + sure / 2)
    low = count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3 if count else 0.0
    more = count + 1
    return max(0.0, low), more * (1 - 1 / (9 * more) + z / (3 * sqrt(more))) ** 3


Bounds = tuple[float, float]
Error = tuple[float, float]  # by which factors a figure may be too large, and too small
EXACT: Error = (1.0, 1.0)


def error_of(bounds: Bounds | None, figure: float) -> Error:
    """Of a figure above nought that lies between these; without bounds it is exact."""
    if bounds is None:
        return EXACT
    low, high = bounds
    return figure / low if low > 0 else inf, high / figure


def combined(figure: float, *errors: Error, divided_by: Error = EXACT) -> tuple[float, float]:
    """From where to where a figure may lie whose errors have nothing to do with each other, those of what it was divided by
    too: on the scale of logarithms their squares add up.

    JCGM 100:2008 (Guide to the expression of uncertainty in measurement), 5.1.6: relative errors of a quotient.
    """
    below, above = zip(*errors, divided_by[::-1], strict=True)
    return figure * exp(-hypot(*map(log, below))), figure * exp(hypot(*map(log, above)))


def bca(resampled: "Array", point: float, without_one: "Array", *, sure: float = SURE) -> tuple[float, float]:
    """Bounds from resampled values, corrected for their bias and for a spread that changes with the value (Efron 1987).

    Where every resample is the same there is nothing to correct, and the bounds are that value.
    """
    normal = NormalDist()
    below = (np.sum(resampled < point) + np.sum(resampled == point) / 2) / len(resampled)
    bias = normal.inv_cdf(min(max(float(below), 1e-6), 1 - 1e-6))
    pulls = without_one.mean() - without_one
    scale = float(np.sum(pulls**2)) ** 1.5
    speed = float(np.sum(pulls**3)) / (6 * scale) if scale else 0.0
    bounds = []
    for tail in ((1 - sure) / 2, (1 + sure) / 2):
        z = bias + normal.inv_cdf(tail)
        level = normal.cdf(bias + z / (1 - speed * z))
        bounds.append(float(np.quantile(resampled, level)))
    return bounds[0], bounds[1]
