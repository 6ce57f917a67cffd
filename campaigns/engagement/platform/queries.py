"""Reading what networks said."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, column, func, select, values
from sqlalchemy.orm import aliased

from campaigns.channels.models import Account
from campaigns.deliveries.models import Delivery
from campaigns.engagement.platform.models import FigureSeat, FigureWatch, PlatformFigure, PlatformFollowers
from campaigns.engagement.platform.newest import newest
from cms.core.database import db

Span = tuple[int, datetime, datetime]  # an account, from a moment on, and until before another


@dataclass(frozen=True)
class Figure:
    """The newest that is known of one figure of one delivery. `value` None: the network was asked and did not tell."""

    campaign_id: int | None
    post_id: int | None
    account_id: int
    network: str
    delivery_id: int
    metric: str
    value: int | None
    captured_at: datetime
    source: str
    version: int
    is_final: bool


def latest_figures(
    *,
    campaign_ids: Collection[int] | None = None,
    post_ids: Collection[int] | None = None,
    account_ids: Collection[int] | None = None,
    delivery_ids: Collection[int] | None = None,
    until: datetime | None = None,
) -> list[Figure]:
    """For the deliveries of campaigns, posts or accounts, what was known then (default: now): one for each figure."""
    rows = newest().add_columns(
        Delivery.campaign_id, Delivery.post_id, Delivery.account_id, Account.channel.label("network")
    )
    rows = rows.join(Delivery, Delivery.id == PlatformFigure.delivery_id).join(
        Account, Account.id == Delivery.account_id
    )
    wanted = (
        (Delivery.campaign_id, campaign_ids),
        (Delivery.post_id, post_ids),
        (Delivery.account_id, account_ids),
        (Delivery.id, delivery_ids),
    )
    for of, numbers in wanted:
        if numbers is not None:
            rows = rows.where(of.in_(numbers))
    if until is not None:
        rows = rows.where(PlatformFigure.captured_at <= until)
    last = rows.subquery()
    query = select(last).where(last.c.place == 1).order_by(last.c.delivery_id, last.c.metric)
    return [
        Figure(
            row.campaign_id,
            row.post_id,
            row.account_id,
            row.network,
            row.delivery_id,
            row.metric,
            row.value,
            row.captured_at,
            row.source,
            row.definition_version,
            row.is_final,
        )
        for row in db.session.execute(query)
    ]


def growth(delivery_id: int, metric: str) -> list[tuple[datetime, int | None]]:
    """How a figure grew, or fell, oldest first."""
    query = select(PlatformFigure.captured_at, PlatformFigure.value).where(
        PlatformFigure.delivery_id == delivery_id, PlatformFigure.metric == metric
    )
    found = db.session.execute(query.order_by(PlatformFigure.captured_at, PlatformFigure.id))
    return [(at, value) for at, value in found]


def growths(delivery_ids: Collection[int], metric: str) -> dict[int, list[tuple[datetime, int | None]]]:
    """The same for several deliveries at once, by delivery."""
    query = select(PlatformFigure.delivery_id, PlatformFigure.captured_at, PlatformFigure.value).where(
        PlatformFigure.delivery_id.in_(delivery_ids), PlatformFigure.metric == metric
    )
    found: dict[int, list[tuple[datetime, int | None]]] = {}
    for delivery, at, value in db.session.execute(
        query.order_by(PlatformFigure.captured_at, PlatformFigure.id)
    ):
        found.setdefault(delivery, []).append((at, value))
    return found


def followers_gained(spans: Collection[Span]) -> dict[Span, int | None]:
    """Followers at the end less followers at the beginning, of each span; below nought when they left. None where the
    network did not tell one of the two: the last before the beginning counts as it, else the first after it.

    One question, however many spans: each number is found by its key."""
    if not spans:
        return {}
    numbered = dict(enumerate(spans))
    seen, first, last = PlatformFollowers, aliased(PlatformFollowers), aliased(PlatformFollowers)
    kinds = {
        "number": Integer,
        "account": Integer,
        "since": seen.captured_at.type,
        "until": seen.captured_at.type,
    }
    given = values(*(column(name, kind) for name, kind in kinds.items()), name="given")
    span = given.data([(number, *one) for number, one in numbered.items()]).cte("spans").c

    def moment(which: Any, when: Any) -> Any:
        told = (seen.account_id == span.account, seen.value.is_not(None), when)
        return select(which(seen.captured_at)).where(*told).scalar_subquery()

    before, after = (
        moment(func.max, seen.captured_at <= span.since),
        moment(func.min, seen.captured_at > span.since),
    )
    until = moment(func.max, seen.captured_at < span.until)
    ends = select(
        span.number, span.account, func.coalesce(before, after).label("since"), until.label("until")
    )
    of = ends.subquery().c
    rows = (
        select(of.number, last.value - first.value)
        .join(first, (first.account_id == of.account) & (first.captured_at == of.since))
        .join(last, (last.account_id == of.account) & (last.captured_at == of.until))
        .where(of.since < of.until)
    )
    gained: dict[Span, int | None] = dict.fromkeys(spans)
    for number, value in db.session.execute(rows):
        gained[numbered[number]] = value
    return gained


def followers_of(account_ids: Collection[int]) -> dict[int, tuple[datetime, int]]:
    """When followers were last told, and how many there were, by account; nothing where that never happened."""
    newest = PlatformFollowers.captured_at.desc()
    place = func.row_number().over(partition_by=PlatformFollowers.account_id, order_by=newest)
    rows: Select[Any] = select(PlatformFollowers, place.label("place")).where(
        PlatformFollowers.account_id.in_(account_ids), PlatformFollowers.value.is_not(None)
    )
    last = rows.subquery()
    found: Sequence[Any] = db.session.execute(select(last).where(last.c.place == 1)).all()
    return {row.account_id: (row.captured_at, row.value) for row in found}


@dataclass(frozen=True)
class Sum:
    """A figure of several deliveries: of those that are known, and how many these are."""

    value: int
    deliveries: int


def figures_by_account(account_ids: Collection[int], *, sent_since: datetime) -> dict[int, dict[str, Sum]]:
    """By account and figure, what is known of the deliveries that were sent since; absent where nothing is."""
    rows = newest().add_columns(Delivery.account_id)
    rows = rows.join(Delivery, Delivery.id == PlatformFigure.delivery_id).where(
        Delivery.account_id.in_(account_ids),
        Delivery.sent_at >= sent_since,
        PlatformFigure.value.is_not(None),
    )
    last = rows.subquery()
    query = select(last.c.account_id, last.c.metric, func.sum(last.c.value), func.count())
    grouped = query.where(last.c.place == 1).group_by(last.c.account_id, last.c.metric)
    found: dict[int, dict[str, Sum]] = {}
    for account, metric, value, deliveries in db.session.execute(grouped):
        found.setdefault(account, {})[metric] = Sum(int(value), deliveries)
    return found


@dataclass(frozen=True)
class Waiting:
    """How asking stands with an account: when next, and what is in the way."""

    next_at: datetime | None
    resume_at: datetime | None
    problem: str


def waiting_of(account_ids: Collection[int]) -> dict[int, Waiting]:
    """For accounts that are asked at all."""
    first = (
        select(func.min(FigureWatch.due_at))
        .where(FigureWatch.account_id == FigureSeat.account_id, FigureWatch.due_at.is_not(None))
        .scalar_subquery()
    )
    query = select(FigureSeat.account_id, first, FigureSeat.resume_at, FigureSeat.problem)
    found = db.session.execute(query.where(FigureSeat.account_id.in_(account_ids)))
    return {account: Waiting(next_at, resume_at, problem) for account, next_at, resume_at, problem in found}
