"""How much of its final value a figure usually has at an age: learned from our own finished deliveries.

The share of a delivery is its value at that age by its final one. Its value at an age is taken from the snapshots
around it, in a straight line between them; before the first, between nought at sending and that one. What comes of
several deliveries is the median of their shares, with the interval of the order statistics that holds the median with
95 % (binomial, exact: David & Nagaraja, Order Statistics, 2003, section 7.1). Deliveries whose figure never became
more than a handful are left out: their shares jump.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import comb
from statistics import median
from typing import NamedTuple

from sqlalchemy import select

from campaigns.channels.models import Account
from campaigns.deliveries.models import Delivery
from campaigns.engagement.platform.models import PlatformFigure
from cms.core.database import db

FEWEST = 6  # deliveries: below, no 95 % interval of a median exists
FEWEST_COUNTED = 5
MOST_LOOKED_AT = 500  # finished deliveries, the newest


class Maturity(NamedTuple):
    """The usual share of the final value, 0 to 1 and sometimes more (figures fall too), its 95 % interval, and of how many
    deliveries it is known."""

    share: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Curve:
    """One finished delivery: ages in seconds since sending with what was told then, oldest first, and the final value."""

    points: Sequence[tuple[float, int]]
    final: int


def maturity(metric: str, network: str, age: timedelta) -> Maturity | None:
    """Learned from all finished deliveries of a network; None when there are too few."""
    return share_at(finished_curves(metric, network), age.total_seconds())


def share_at(curves: Sequence[Curve], age: float) -> Maturity | None:
    """The median share at an age in seconds. Pure."""
    shares = sorted(
        value_at(one.points, age) / one.final for one in curves if one.final >= FEWEST_COUNTED and one.points
    )
    if len(shares) < FEWEST:
        return None
    rank = _rank(len(shares))
    return Maturity(median(shares), shares[rank - 1], shares[-rank], len(shares))


def value_at(points: Sequence[tuple[float, int]], age: float) -> float:
    """What a figure was at an age: on the straight line between what was told before and after. Pure."""
    before = (0.0, 0)
    for at, value in points:
        if at >= age:
            start, base = before
            return base + (value - base) * (age - start) / (at - start) if at > start else float(value)
        before = (at, value)
    return float(before[1])


def finished_curves(metric: str, network: str) -> list[Curve]:
    """Deliveries that were asked about to the end and have a final value; those taken away early never grew up."""
    ended = (
        select(PlatformFigure.delivery_id, Delivery.sent_at)
        .join(Delivery, Delivery.id == PlatformFigure.delivery_id)
        .join(Account, Account.id == Delivery.account_id)
        .where(
            Account.channel == network,
            PlatformFigure.metric == metric,
            PlatformFigure.is_final,
            PlatformFigure.value.is_not(None),
            Delivery.deleted_at.is_(None),
            Delivery.sent_at.is_not(None),
        )
        .order_by(Delivery.sent_at.desc())
        .limit(MOST_LOOKED_AT)
    ).subquery()
    rows = db.session.execute(
        select(ended.c.delivery_id, ended.c.sent_at, PlatformFigure.captured_at, PlatformFigure.value)
        .join(PlatformFigure, PlatformFigure.delivery_id == ended.c.delivery_id)
        .where(PlatformFigure.metric == metric, PlatformFigure.value.is_not(None))
        .order_by(PlatformFigure.captured_at, PlatformFigure.id)
    )
    points: dict[int, list[tuple[float, int]]] = {}
    for delivery, sent_at, at, value in rows:
        points.setdefault(delivery, []).append((_age(sent_at, at), value))
    return [Curve(told, told[-1][1]) for told in points.values()]


def _age(sent_at: datetime, at: datetime) -> float:
    return (at - sent_at).total_seconds()


def _rank(n: int) -> int:
    """The largest r for which the r-th smallest and the r-th largest of n hold the median with 95 %."""
    outside, rank = 0.0, 0
    while rank < n // 2:
        outside += comb(n, rank) / 2**n
        if 2 * outside > 0.05:
            break
        rank += 1
    return max(rank, 1)
