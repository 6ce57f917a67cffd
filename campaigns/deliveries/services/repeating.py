"""Deliveries that come again and again by a rule. Each time is a row of its own, with a link of its own, made some
weeks ahead; no row is ever sent twice."""

from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.deliveries.models import Delivery, Repeat
from campaigns.deliveries.recurrence import check_rule, occurrences
from campaigns.deliveries.services.minting import campaign_id_of
from campaigns.deliveries.services.noting import note
from campaigns.deliveries.services.placing import Place, lock_account, quietly
from campaigns.deliveries.services.planning import add_delivery, load_post, next_occurrence
from campaigns.deliveries.services.problems import AlreadyPlanned
from cms.core import walltime
from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.people.models import Person
from cms.posts.models import Post

AHEAD = timedelta(days=35)
MOST_AHEAD = 40  # rows of one repeat


def start_repeat(
    post_id: int,
    account_id: int,
    *,
    rule: str,
    wall: str,
    zone: str,
    until_on: date | None,
    by: Person,
    at: datetime,
    which: int | None = None,
) -> int:
    """Send it again and again by a rule (RFC 5545) read in a zone; each time is a delivery of its own.

    `wall` is the first time it may come. Raises `Invalid` naming what is wrong, `AlreadyPlanned` when a repeat of this
    post to this account stands.
    """
    written = check_rule(rule)
    begins = walltime.instant(wall, zone, which=which)
    if begins <= at:
        raise Invalid(errors={"wall": _("This time has passed. Please choose another.")})
    if until_on is not None and until_on < date.fromisoformat(wall[:10]):
        raise Invalid(errors={"until_on": _("It ends before it begins.")})
    if next(occurrences(written, wall=wall[:16], zone=zone, until_on=until_on), None) is None:
        raise Invalid(errors={"rule": _("With this rule it never comes.")})
    load_post(post_id)
    account = lock_account(account_id)
    if account is None or account.state == "removed":
        raise Invalid(errors={"accounts": _("This account is not connected any more.")})
    standing = select(Repeat.id).where(
        Repeat.post_id == post_id, Repeat.account_id == account_id, Repeat.ended_at.is_(None)
    )
    if db.session.scalar(standing) is not None:
        raise AlreadyPlanned([account.name])
    repeat = Repeat(
        post_id=post_id,
        account_id=account_id,
        rule=written,
        wall=wall[:16],
        zone=zone,
        until_on=until_on,
        created_at=at,
        created_by_id=by.id,
    )
    db.session.add(repeat)
    db.session.flush()
    extend_repeat(repeat.id, at=at)
    return repeat.id


def end_repeat(repeat_id: int, *, by: Person, at: datetime) -> None:
    """No more of it; what is planned of it is cancelled."""
    repeat = _load(repeat_id)
    if repeat is None:
        raise NotFound
    if repeat.ended_at is not None:
        return
    repeat.ended_at = at
    planned = db.session.scalars(
        select(Delivery)
        .where(
            Delivery.repeat_id == repeat_id, Delivery.state.in_(("waiting", "scheduled", "held", "missed"))
        )
        .with_for_update()
    )
    for delivery in planned:
        delivery.state = "cancelled"
        delivery.version += 1
        note(delivery.id, "cancelled", by=by, at=at, because="repeat_ended")
    db.session.flush()


def extend_repeat(repeat_id: int, *, at: datetime) -> int:
    """Make the rows of the weeks to come, at least the next one; gives how many. Running it twice makes none twice.

    Times that passed while nobody made their row are left out: they were never planned before anybody's eyes.
    """
    where = db.session.execute(
        select(Repeat.post_id, Repeat.account_id).where(Repeat.id == repeat_id)
    ).first()
    if where is None:
        return 0
    post = db.session.get(Post, where.post_id, populate_existing=True, with_for_update={"of": Post})
    account, repeat = lock_account(where.account_id), _load(repeat_id)
    if post is None or account is None or repeat is None or repeat.ended_at is not None:
        return 0
    if post.trashed_at is not None:
        return 0
    if account.state == "removed":
        repeat.ended_at = at
        return 0
    campaign_id = campaign_id_of(post.id)
    number, made, is_over = next_occurrence(post.id, account.id), 0, True
    for one in occurrences(
        repeat.rule, wall=repeat.wall, zone=repeat.zone, until_on=repeat.until_on, first=repeat.made + 1
    ):
        if made >= MOST_AHEAD or (one.at > at + AHEAD and _has_next(repeat_id, at, made)):
            is_over = False
            break
        repeat.made = one.number
        if one.at <= at:
            continue
        due_at = quietly(one.at, account, False)
        state = "scheduled" if post.is_live else "waiting"
        add_delivery(
            post,
            account,
            Place(state, due_at, one.wall, repeat.zone, timing="repeat"),
            occurrence=number + made,
            campaign_id=campaign_id,
            repeat_id=repeat_id,
            by=None,
            at=at,
        )
        made += 1
    if is_over and not _has_next(repeat_id, at, made):
        repeat.ended_at = at
    db.session.flush()
    return made


def _load(repeat_id: int) -> Repeat | None:
    return db.session.get(Repeat, repeat_id, populate_existing=True, with_for_update={"of": Repeat})


def _has_next(repeat_id: int, at: datetime, made: int) -> bool:
    """Whether a time to come has its row."""
    if made:
        return True
    found = db.session.scalar(
        select(Delivery.id)
        .where(
            Delivery.repeat_id == repeat_id,
            Delivery.state.in_(("waiting", "scheduled")),
            Delivery.due_at > at,
        )
        .limit(1)
    )
    return found is not None
