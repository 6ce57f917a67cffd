"""What young campaigns come to: learned from how those that are over grew, day by day since their launch."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from cms.core.later import later

if TYPE_CHECKING:
    import numpy as np
else:
    np = later("numpy")


LEAST_PAST = 3  # campaigns that are over: below it nothing is learned
BAND = (0.1, 0.9)  # four of five past campaigns lie between
LEAST_IN = 0.05  # a campaign that had less of its whole by some day says nothing of what follows that day
GROWN = 0.5  # below this part in, a comparison is too early
FULL_DAYS = 90  # after so many days a campaign counts as grown
Curve = tuple[float, ...]  # added up by day since launch, the first day first


@dataclass(frozen=True)
class Band:
    """A middle and what lies around it."""

    middle: float
    low: float
    high: float


def grown(curves: Sequence[Curve]) -> tuple[Curve, ...]:
    """The curves something can be learned from: they end above nought; of equal length, the last value going on."""
    longest = max((len(curve) for curve in curves), default=0)
    return tuple(curve + (curve[-1],) * (longest - len(curve)) for curve in curves if curve and curve[-1] > 0)


@lru_cache(maxsize=256)
def share_in(past: tuple[Curve, ...], day: int) -> Band | None:
    """The part of the whole that is in at the end of a day (1: the first); None with too few past campaigns."""
    if len(past) < LEAST_PAST or day < 1:
        return None
    table = np.asarray(past)
    return _band(table[:, min(day, table.shape[1]) - 1] / table[:, -1])


@lru_cache(maxsize=256)
def ghost(past: tuple[Curve, ...], days: int, *, is_cumulative: bool = True) -> list[float] | None:
    """The median past campaign, day by day; None with too few of them."""
    if len(past) < LEAST_PAST:
        return None
    table = np.asarray(past)[:, :days]
    if not is_cumulative:
        table = np.diff(table, axis=1, prepend=0)
    return [float(value) for value in np.median(table, axis=0)]


def projection(past: tuple[Curve, ...], *, value: float, day: int, days: int) -> list[Band] | None:
    """Where a campaign that has `value` at the end of `day` comes to, for each day after it up to `days`.

    It grows as each of those before it did from that day on; the band holds four of five of them. None with too few
    past campaigns that had `LEAST_IN` of their whole by then: what is multiplied by hundreds is no forecast.
    """
    had = [curve for curve in past if 1 <= day <= len(curve) and curve[day - 1] >= LEAST_IN * curve[-1] > 0]
    if len(had) < LEAST_PAST:
        return None
    table = np.asarray(had)
    factors = table / table[:, day - 1 : day]
    last = table.shape[1]
    return [_band(value * factors[:, min(one, last) - 1]) for one in range(day + 1, days + 1)]


def _band(values: "np.typing.NDArray[np.float64]") -> Band:
    low, middle, high = np.quantile(values, (BAND[0], 0.5, BAND[1]))
    return Band(float(middle), float(low), float(high))
