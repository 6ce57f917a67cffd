"""Putting deliveries into the queue, and moving them in it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from campaigns.channels.models import Account
from campaigns.deliveries.models import OPEN, Delivery, DeliveryStep
from campaigns.deliveries.services.minting import campaign_id_of, mint_for, title_of
from campaigns.deliveries.services.noting import note
from campaigns.deliveries.services.placing import Place, free_slot, lock_account, place, quietly
from campaigns.deliveries.services.problems import (
    AlreadyPlanned,
    AlreadySent,
    ChangedMeanwhile,
    NotMovable,
    PostGone,
)
from campaigns.deliveries.timing import When
from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.people.models import Person
from cms.posts.events import PostPublished, PostTakenDown
from cms.posts.models import Post

MOST_CHOICES = 50
NOT_DONE_WITH = (*OPEN, "refused", "missed")  # a person mends, moves or cancels it before there is another
MOVABLE = ("waiting", "scheduled")


@dataclass(frozen=True)
class Choice:
    """One account, and when."""

    account_id: int
    when: When
    ignores_quiet: bool = False


def plan_deliveries(
    post_id: int, choices: Sequence[Choice], *, by: Person | None, at: datetime, again: bool = False
) -> list[int]:
    """One delivery per choice: `waiting` for its post, or `scheduled`. Gives their ids, in the order of the choices.

    All of them or none. An account that has a delivery of this post which is not done with keeps it, and the choice is
    refused with `AlreadyPlanned` (two editors scheduling the same post); one that was sent it is refused with
    `AlreadySent`, unless `again` asks for a new occurrence. Raises what `placing.place` raises.
    """
    if not 0 < len({one.account_id for one in choices}) == len(choices) <= MOST_CHOICES:
        raise Invalid(errors={"accounts": _("Please choose one to fifty accounts, each of them once.")})
    post = load_post(post_id)
    accounts = _accounts([one.account_id for one in choices])
    numbers = refuse_double(post_id, accounts, again=again)
    campaign_id = campaign_id_of(post_id)
    made = []
    for choice in choices:
        account = accounts[choice.account_id]
        where = place(choice.when, account=account, post=post, ignores_quiet=choice.ignores_quiet, at=at)
        made.append(
            add_delivery(
                post,
                account,
                where,
                occurrence=numbers[account.id],
                campaign_id=campaign_id,
                ignores_quiet=choice.ignores_quiet,
                by=by,
                at=at,
            )
        )
    db.session.flush()
    return made


def move_delivery(
    delivery_id: int,
    when: When,
    *,
    expected_version: int | None = None,
    ignores_quiet: bool | None = None,
    by: Person,
    at: datetime,
) -> None:
    """Another time. Raises `Conflict` when it is being sent, or was, or somebody changed it since `expected_version`."""
    post, account = _load_around(delivery_id)
    delivery = load_delivery(delivery_id, expected_version=expected_version)
    if delivery.state not in MOVABLE or _has_published(delivery_id):
        raise NotMovable
    if ignores_quiet is not None:
        delivery.ignores_quiet = ignores_quiet
    before = delivery.planned_at
    where = place(
        when,
        account=account,
        post=post,
        ignores_quiet=delivery.ignores_quiet,
        at=at,
        but=delivery_id,
    )
    put(delivery, where)
    delivery.payload = delivery.payload_hash = None  # composed anew: nothing of it arrived
    delivery.attempts = 0
    delivery.version += 1
    note(delivery_id, "moved", by=by, at=at, before=_said(before), **_told(where))
    db.session.flush()


def follow_publication(fact: PostPublished) -> None:
    """A post went live: what waited for it is scheduled. What should have gone out before and still may goes out now;
    what may not any more is `missed`, and a person decides."""
    waiting = db.session.scalars(
        select(Delivery)
        .where(Delivery.post_id == fact.post_id, Delivery.state == "waiting")
        .order_by(Delivery.account_id, Delivery.id)  # accounts are locked in one order everywhere
        .with_for_update()
    ).all()
    for delivery in waiting:
        _release(delivery, at=fact.at)
    db.session.flush()


def follow_taken_down(fact: PostTakenDown) -> None:
    """A post is not live any more: what has not gone out waits again. What a worker has in hand asks for itself."""
    scheduled = db.session.scalars(
        select(Delivery)
        .where(Delivery.post_id == fact.post_id, Delivery.state == "scheduled")
        .order_by(Delivery.id)
        .with_for_update()
    ).all()
    for delivery in scheduled:
        delivery.state = "waiting"
        if delivery.timing == "publication":  # it goes out with the next one
            delivery.due_at = delivery.planned_at = None
        delivery.version += 1
        note(delivery.id, "waits", by=None, at=fact.at, because="taken_down")
    db.session.flush()


def add_delivery(
    post: Post,
    account: Account,
    where: Place,
    *,
    occurrence: int,
    campaign_id: int | None,
    by: Person | None,
    at: datetime,
    ignores_quiet: bool = False,
    repeat_id: int | None = None,
) -> int:
    """One row with its link and the first line of its story. Raises `AlreadyPlanned` when another was quicker."""
    link = mint_for(post, account, campaign_id=campaign_id, by=by, at=at)
    delivery = Delivery(
        key=str(uuid.uuid4()),
        post_id=post.id,
        title=title_of(post),
        account_id=account.id,
        campaign_id=campaign_id,
        occurrence=occurrence,
        repeat_id=repeat_id,
        link_id=link.id,
        latest_minutes=account.latest_minutes,
        ignores_quiet=ignores_quiet,
        created_at=at,
        created_by_id=by.id if by else None,
    )
    put(delivery, where)
    db.session.add(delivery)
    db.session.flush()
    note(delivery.id, "planned", by=by, at=at, **_told(where))
    return delivery.id


def put(delivery: Delivery, where: Place) -> None:
    """Write a place into a row."""
    delivery.state = where.state
    delivery.due_at = delivery.planned_at = where.at
    delivery.wall, delivery.zone = where.wall, where.zone
    delivery.timing, delivery.after_minutes = where.timing, where.after_minutes


def refuse_double(post_id: int, accounts: Mapping[int, Account], *, again: bool) -> dict[int, int]:
    """Refuse a delivery of this post to accounts that are not to have another: raises `AlreadyPlanned`, `AlreadySent`.

    Gives the number of the next one to each.
    """
    rows = db.session.execute(
        select(
            Delivery.id, Delivery.account_id, Delivery.state, Delivery.occurrence, Delivery.repeat_id
        ).where(Delivery.post_id == post_id, Delivery.account_id.in_(accounts))
    ).all()
    numbers = dict.fromkeys(accounts, 1)
    for row in rows:
        numbers[row.account_id] = max(numbers[row.account_id], row.occurrence + 1)
    single = [row for row in rows if row.repeat_id is None]
    blocking = OPEN if again else NOT_DONE_WITH
    planned = [row for row in single if row.state in blocking]
    if planned:
        raise AlreadyPlanned(_names(accounts, planned), [row.id for row in planned])
    sent = [row for row in single if row.state == "sent"]
    if sent and not again:
        raise AlreadySent(_names(accounts, sent), [row.id for row in sent])
    return numbers


def load_post(post_id: int) -> Post:
    """The post, fresh and locked against another planner. Raises `NotFound` and `PostGone`."""
    post = db.session.get(Post, post_id, populate_existing=True, with_for_update={"of": Post})
    if post is None:
        raise NotFound
    if post.trashed_at is not None:
        raise PostGone
    return post


def load_delivery(delivery_id: int, *, expected_version: int | None = None) -> Delivery:
    """The row, fresh and locked. Raises `NotFound`, and `ChangedMeanwhile` when it has another version."""
    delivery = db.session.get(Delivery, delivery_id, populate_existing=True, with_for_update={"of": Delivery})
    if delivery is None:
        raise NotFound
    if expected_version is not None and delivery.version != expected_version:
        raise ChangedMeanwhile
    return delivery


def _load_around(delivery_id: int) -> tuple[Post, Account]:
    """Its post and its account, locked before the row itself: the order in which everybody locks them."""
    row = db.session.execute(
        select(Delivery.post_id, Delivery.account_id).where(Delivery.id == delivery_id)
    ).first()
    if row is None:
        raise NotFound
    if row.post_id is None:
        raise NotMovable
    post, account = load_post(row.post_id), lock_account(row.account_id)
    assert account is not None
    return post, account


def _has_published(delivery_id: int) -> bool:
    """Whether readers see a part of it already: a thread that goes on where it stopped."""
    return bool(
        db.session.scalar(
            select(DeliveryStep.key)
            .where(
                DeliveryStep.delivery_id == delivery_id, DeliveryStep.publishes, DeliveryStep.state == "done"
            )
            .limit(1)
        )
    )


def _accounts(ids: Sequence[int]) -> dict[int, Account]:
    """Locked in one order, so that two planners wait for each other and never in a circle."""
    found = {one: lock_account(one) for one in sorted(ids)}
    accounts = {number: one for number, one in found.items() if one is not None and one.state != "removed"}
    if len(accounts) < len(ids):
        raise Invalid(errors={"accounts": _("One of these accounts is not connected any more.")})
    return accounts


def _names(accounts: Mapping[int, Account], rows: Sequence[object]) -> list[str]:
    return sorted({accounts[row.account_id].name for row in rows})  # type: ignore[attr-defined]


def _release(delivery: Delivery, *, at: datetime) -> None:
    account = lock_account(delivery.account_id)
    assert account is not None
    if delivery.timing == "publication":
        meant = at + timedelta(minutes=delivery.after_minutes)
        delivery.planned_at = delivery.due_at = quietly(meant, account, delivery.ignores_quiet)
    elif delivery.timing == "slot" and (delivery.planned_at is None or delivery.planned_at <= at):
        wall, due_at = free_slot(account, at, ignores_quiet=delivery.ignores_quiet, but=delivery.id)
        delivery.wall, delivery.zone = wall, account.zone
        delivery.planned_at = delivery.due_at = due_at
    elif delivery.planned_at is None:
        delivery.planned_at = delivery.due_at = quietly(at, account, delivery.ignores_quiet)
    delivery.version += 1
    if (
        delivery.planned_at is not None
        and delivery.planned_at + timedelta(minutes=delivery.latest_minutes) < at
    ):
        delivery.state, delivery.code = "missed", "post_too_late"
        delivery.reason = _("The post was published too late for this time.")
        note(delivery.id, "missed", by=None, at=at, because="post_too_late")
        return
    delivery.state = "scheduled"
    note(delivery.id, "scheduled", by=None, at=at, due=_said(delivery.due_at))


def _told(where: Place) -> dict[str, str | int | None]:
    return {
        "due": _said(where.at),
        "wall": where.wall,
        "zone": where.zone,
        "timing": where.timing,
        "after": where.after_minutes,
    }


def _said(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def next_occurrence(post_id: int, account_id: int) -> int:
    """The number of the next delivery of a post to an account."""
    last = db.session.scalar(
        select(func.max(Delivery.occurrence)).where(
            Delivery.post_id == post_id, Delivery.account_id == account_id
        )
    )
    return (last or 0) + 1
