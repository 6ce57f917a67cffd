"""At which hours an account's own deliveries did best. Advice from nobody else's figures, with the number it rests on.

It describes what happened, and does not say why: what was sent in the evening may have been better stories.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import select

from campaigns.channels.models import Account
from campaigns.deliveries.models import Delivery
from campaigns.links.counted import clicks_of
from cms.core.database import db
from cms.core.walltime import zone_named

LEAST = 30  # deliveries with a figure, before anything is said
LEAST_OF_HOURS = 5  # of them at the hours that are named
LOOKED_BACK = timedelta(days=365)
SETTLED = timedelta(days=2)  # most clicks came by then; what is younger would look worse than it is
BLOCK = 3  # hours
SHOWN = 3


@dataclass(frozen=True)
class Hours:
    """Hours of working days or of week-ends, by the account's clock: from `from_hour` until before `until_hour`."""

    is_weekend: bool
    from_hour: int
    until_hour: int
    deliveries: int  # that it rests on
    median: float


@dataclass(frozen=True)
class Advice:
    """`best` is empty until there are figures of `LEAST` deliveries; `median` is that of all of them, None without any."""

    deliveries: int  # with a figure
    median: float | None
    best: tuple[Hours, ...]

    @property
    def is_enough(self) -> bool:
        """Whether anything can be said."""
        return self.deliveries >= LEAST

    @property
    def missing(self) -> int:
        """How many more deliveries with figures it takes."""
        return max(0, self.least - self.deliveries)

    @property
    def least(self) -> int:
        """How many deliveries with figures it takes."""
        return LEAST


def best_times(account_id: int, figures: Mapping[int, float], *, at: datetime) -> Advice:
    """Advice from figures by delivery (verified clicks, say), of what this account sent within a year.

    A delivery without a figure is left out: missing is not zero.
    """
    rows = _sent([account_id], until=at, since=at - LOOKED_BACK)
    return advise((one.local, figures[one.delivery_id]) for one in rows if one.delivery_id in figures)


def best_times_by_account(account_ids: Collection[int], *, at: datetime) -> dict[int, Advice]:
    """Advice for each of these accounts, from verified clicks on the links of what had its time to be read.

    The queries do not grow with the number of accounts.
    """
    rows = _sent(account_ids, until=at - SETTLED, since=at - LOOKED_BACK)
    clicks = clicks_of({one.link_id for one in rows if one.link_id is not None})
    samples: dict[int, list[tuple[datetime, float]]] = {one: [] for one in account_ids}
    for one in rows:
        if one.link_id is not None and one.link_id in clicks:
            _by_people, verified = clicks[one.link_id]
            samples[one.account_id].append((one.local, verified))
    return {one: advise(found) for one, found in samples.items()}


def advise(samples: Iterable[tuple[datetime, float]]) -> Advice:
    """From local times and figures: the hours with the best medians, where enough were sent to say so."""
    cells: dict[tuple[bool, int], list[float]] = defaultdict(list)
    for at, value in samples:
        cells[at.weekday() >= 5, at.hour // BLOCK * BLOCK].append(value)
    values = [one for cell in cells.values() for one in cell]
    if len(values) < LEAST:
        return Advice(len(values), median(values) if values else None, ())
    overall = median(values)
    hours = [
        Hours(is_weekend, hour, hour + BLOCK, len(found), median(found))
        for (is_weekend, hour), found in cells.items()
        if len(found) >= LEAST_OF_HOURS and median(found) > overall
    ]
    hours.sort(key=lambda one: (-one.median, one.is_weekend, one.from_hour))
    return Advice(len(values), overall, tuple(hours[:SHOWN]))


@dataclass(frozen=True)
class _Sent:
    delivery_id: int
    account_id: int
    link_id: int | None
    local: datetime  # on the clock of the account


def _sent(account_ids: Collection[int], *, until: datetime, since: datetime) -> list[_Sent]:
    rows = db.session.execute(
        select(Delivery.id, Delivery.account_id, Delivery.link_id, Delivery.sent_at, Account.zone)
        .join(Account, Account.id == Delivery.account_id)
        .where(
            Delivery.account_id.in_(account_ids),
            Delivery.sent_at >= since,
            Delivery.sent_at <= until,
            Delivery.state == "sent",
            Delivery.is_draft.is_(False),
        )
    )
    return [
        _Sent(number, account_id, link_id, sent_at.astimezone(zone_named(zone)))
        for number, account_id, link_id, sent_at, zone in rows
        if sent_at is not None
    ]
