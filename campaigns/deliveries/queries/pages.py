"""What the desk's pages read. Each is a fixed number of queries, and every list begins after a key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, defer, joinedload

from campaigns.channels.models import Account
from campaigns.deliveries.models import ASKS_A_PERSON, Delivery, Hold, Repeat
from campaigns.plans.models import Campaign
from cms.core.database import db
from cms.core.errors import NotFound
from cms.core.paging import Key
from cms.core.walltime import zone_named
from cms.posts.models import Post

PAGE_LENGTH = 40
ON_TIME = timedelta(minutes=1)
GOING = ("scheduled", "sending", "finishing")
SHOWS: dict[str, tuple[str, ...]] = {
    "next": GOING,
    "asking": ASKS_A_PERSON,
    "waiting": ("waiting",),
    "sent": ("sent",),
    "cancelled": ("cancelled",),
}


@dataclass(frozen=True)
class Narrowed:
    """What the reader of the list narrowed it to."""

    account_id: int | None = None
    campaign_id: int | None = None
    post_id: int | None = None
    state: str = ""
    on: date | None = None  # the day in `zone`
    zone: str = "UTC"

    @property
    def is_narrowed(self) -> bool:
        """Whether something is left out."""
        return any((self.account_id, self.campaign_id, self.post_id, self.state, self.on))


def deliveries(
    show: str, narrowed: Narrowed, *, after: Key | None = None, limit: int = PAGE_LENGTH
) -> Sequence[Delivery]:
    """One more than a page of them, with their accounts: what goes out soonest first, all else newest first."""
    query = select(Delivery).where(Delivery.state.in_(SHOWS[show]), *_wanted(narrowed))
    if show == "next":
        query = query.where(Delivery.due_at.is_not(None)).order_by(Delivery.due_at, Delivery.id)
        if after is not None:
            query = query.where(_later(Delivery.due_at, after))
    elif show == "sent":
        query = query.where(Delivery.sent_at.is_not(None)).order_by(
            Delivery.sent_at.desc(), Delivery.id.desc()
        )
        if after is not None:
            query = query.where(_earlier(Delivery.sent_at, after))
    else:
        query = query.order_by(Delivery.id.desc())
        if after is not None:
            query = query.where(Delivery.id < after[1])
    return listed(query, limit + 1)


def listed(query: Select[Delivery], limit: int) -> Sequence[Delivery]:
    """With account, campaign, link and planner, and without what they send. One query."""
    options = (
        joinedload(Delivery.account),
        joinedload(Delivery.campaign),
        joinedload(Delivery.link),
        joinedload(Delivery.created_by),
        defer(Delivery.payload),
    )
    return db.session.scalars(query.options(*options).limit(limit)).all()


def key_of(show: str, delivery: Delivery) -> Key:
    """What the page after this row begins with."""
    at = {"next": delivery.due_at, "sent": delivery.sent_at}.get(show) or delivery.created_at
    return at, delivery.id


def counts(narrowed: Narrowed) -> Mapping[str, int]:
    """How many are in each state that is not over. One query."""
    rows = db.session.execute(
        select(Delivery.state, func.count())
        .where(Delivery.state.not_in(("sent", "cancelled")), *_wanted(narrowed))
        .group_by(Delivery.state)
    )
    return {state: count for state, count in rows}  # noqa: C416 - rows are no pairs to the type checker


def repeats_of_post(post_id: int) -> Sequence[tuple[Repeat, Account]]:
    """What goes out again and again of a post, with the account."""
    return [
        (repeat, account)
        for repeat, account in db.session.execute(
            select(Repeat, Account)
            .join(Account, Account.id == Repeat.account_id)
            .where(Repeat.post_id == post_id, Repeat.ended_at.is_(None))
            .order_by(Repeat.id)
        ).all()
    ]


def get_repeat(repeat_id: int) -> Repeat:
    """One repeat. Raises `NotFound`."""
    found = db.session.get(Repeat, repeat_id)
    if found is None:
        raise NotFound
    return found


def asking(*, limit: int) -> Sequence[Delivery]:
    """Those that ask a person, newest first, with their accounts."""
    return deliveries("asking", Narrowed(), limit=limit)


def in_flight(*, limit: int = 50) -> Sequence[Delivery]:
    """What workers have in hand at this moment: a hold does not stop it any more."""
    query = select(Delivery).where(Delivery.lease_until.is_not(None), Delivery.state == "sending")
    return listed(query.order_by(Delivery.lease_until, Delivery.id), limit)


def deliveries_between(
    start: datetime,
    end: datetime,
    *,
    campaign_id: int | None = None,
    section_id: int | None = None,
    person_id: int | None = None,
    limit: int,
) -> Sequence[Delivery]:
    """Those that go out, or went out, with `start <= time < end`, with their accounts. One query."""
    query = (
        select(Delivery)
        .where(Delivery.due_at >= start, Delivery.due_at < end, Delivery.state != "cancelled")
        .order_by(Delivery.due_at, Delivery.id)
    )
    if campaign_id is not None:
        query = query.where(Delivery.campaign_id == campaign_id)
    if section_id is not None:
        query = query.join(Post, Post.id == Delivery.post_id).where(Post.section_id == section_id)
    if person_id is not None:
        query = query.where(Delivery.created_by_id == person_id)
    return listed(query, limit)


@dataclass(frozen=True)
class Punctuality:
    """How late the last deliveries went out, counted from the instant a person meant."""

    count: int
    on_time: int  # within `ON_TIME`
    p95_seconds: int

    @property
    def share(self) -> str:
        """Of those on time: never 100 % when one was not."""
        return f"{100 * self.on_time // self.count}%"


def punctuality() -> Punctuality | None:
    """Of the last thousand that were sent by us at a planned time; None when there are none. One query."""
    rows = db.session.execute(
        select(Delivery.planned_at, Delivery.sent_at)
        .where(Delivery.sent_at.is_not(None), Delivery.planned_at.is_not(None), Delivery.attempts > 0)
        .order_by(Delivery.sent_at.desc(), Delivery.id.desc())
        .limit(1000)
    ).all()
    late = sorted(max(0.0, (sent - planned).total_seconds()) for planned, sent in rows if planned and sent)
    if not late:
        return None
    on_time = sum(one <= ON_TIME.total_seconds() for one in late)
    return Punctuality(len(late), on_time, round(late[min(len(late) - 1, int(len(late) * 0.95))]))


def campaign_names() -> Sequence[tuple[int, dict[str, str]]]:
    """Campaigns that are not put away, newest first, by number and name. One query."""
    rows = db.session.execute(
        select(Campaign.id, Campaign.name)
        .where(Campaign.state != "archived")
        .order_by(Campaign.id.desc())
        .limit(200)
    )
    return [(number, name) for number, name in rows]


# Holds --------------------------------------------------------------------------------------------------------------


def standing_holds() -> Sequence[Hold]:
    """Those that stand, with what they hold and who put them, oldest first. One query."""
    return db.session.scalars(
        select(Hold)
        .where(Hold.lifted_at.is_(None))
        .options(joinedload(Hold.held_by), joinedload(Hold.campaign), joinedload(Hold.account))
        .order_by(Hold.id)
    ).all()


def past_holds(*, limit: int = 20) -> Sequence[Hold]:
    """The last ones that were lifted."""
    return db.session.scalars(
        select(Hold)
        .where(Hold.lifted_at.is_not(None))
        .options(joinedload(Hold.held_by), joinedload(Hold.campaign), joinedload(Hold.account))
        .order_by(Hold.id.desc())
        .limit(limit)
    ).all()


def get_hold(hold_id: int) -> Hold:
    """One hold. Raises `NotFound`."""
    found = db.session.scalar(
        select(Hold)
        .where(Hold.id == hold_id)
        .options(joinedload(Hold.held_by), joinedload(Hold.campaign), joinedload(Hold.account))
    )
    if found is None:
        raise NotFound
    return found


def held_by(hold: Hold, *, limit: int = 100) -> Sequence[Delivery]:
    """Deliveries that were due while such a hold stood and that nobody decided on yet."""
    query = select(Delivery).where(Delivery.state == "held", *_covered(hold))
    return listed(query.order_by(Delivery.planned_at, Delivery.id), limit)


def _covered(hold: Hold) -> list[ColumnElement[bool]]:
    if hold.scope == "campaign":
        return [Delivery.campaign_id == hold.campaign_id]
    return [Delivery.account_id == hold.account_id] if hold.scope == "account" else []


def _wanted(narrowed: Narrowed) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if narrowed.account_id is not None:
        conditions.append(Delivery.account_id == narrowed.account_id)
    if narrowed.campaign_id is not None:
        conditions.append(Delivery.campaign_id == narrowed.campaign_id)
    if narrowed.post_id is not None:
        conditions.append(Delivery.post_id == narrowed.post_id)
    if narrowed.state:
        conditions.append(Delivery.state == narrowed.state)
    if narrowed.on is not None:
        place = zone_named(narrowed.zone)
        start, end = (datetime.combine(narrowed.on + timedelta(days=one), time(), place) for one in (0, 1))
        conditions += [Delivery.due_at >= start, Delivery.due_at < end]
    return conditions


def _later(column: InstrumentedAttribute[datetime | None], key: Key) -> ColumnElement[bool]:
    return (column > key[0]) | ((column == key[0]) & (Delivery.id > key[1]))


def _earlier(column: InstrumentedAttribute[datetime | None], key: Key) -> ColumnElement[bool]:
    return (column < key[0]) | ((column == key[0]) & (Delivery.id < key[1]))
