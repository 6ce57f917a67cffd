"""From what a person said of the time to when a delivery goes out: the instant, and the wall it was given as."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.channels.models import Account, AccountSlot
from campaigns.deliveries.models import OPEN, Delivery
from campaigns.deliveries.services.problems import NoFreeSlot
from campaigns.deliveries.timing import AtWall, NextSlot, Now, When, WithPost, after_quiet, next_slot
from cms.core import walltime
from cms.core.database import db
from cms.core.errors import Invalid
from cms.posts.models import Post

MOST_MINUTES_AFTER = 60 * 24 * 90


@dataclass(frozen=True)
class Place:
    """Where a delivery stands in time. `at` is None while it waits for a post that has no time."""

    state: str
    at: datetime | None
    wall: str | None = None
    zone: str | None = None
    timing: str = "wall"
    after_minutes: int = 0


def place(
    when: When, *, account: Account, post: Post, ignores_quiet: bool, at: datetime, but: int | None = None
) -> Place:
    """Where this puts a delivery of the post; `but` is the delivery that moves, which is not in its own way.

    Raises `Invalid` for a time that is past or does not exist, `AmbiguousTime` for one that comes twice, `NoFreeSlot`.
    """
    state = "scheduled" if post.is_live else "waiting"
    match when:
        case Now():
            if not post.is_live:
                return Place(state, None, timing="publication")
            return Place(state, quietly(at, account, ignores_quiet))
        case WithPost(minutes):
            if not 0 <= minutes <= MOST_MINUTES_AFTER:
                raise Invalid(errors={"after": _("Please give 0 to 129,600 minutes (90 days).")})
            due_at = (
                quietly(at + timedelta(minutes=minutes), account, ignores_quiet) if post.is_live else None
            )
            return Place(state, due_at, timing="publication", after_minutes=minutes)
        case AtWall(wall, zone, which):
            meant = walltime.instant(wall, zone, which=which)
            if meant <= at:
                sentence = _("This time has passed. Please choose another, or send it now.")
                raise Invalid(errors={"wall": sentence})
            return Place(state, quietly(meant, account, ignores_quiet), wall[:16], zone)
        case NextSlot():
            begins = at if post.is_live else max(filter(None, [at, post.due_at]))
            wall, due_at = free_slot(account, begins, ignores_quiet=ignores_quiet, but=but)
            return Place(state, due_at, wall, account.zone, timing="slot")


def quietly(at: datetime, account: Account, ignores_quiet: bool) -> datetime:
    """The instant, or the end of the account's quiet hours when it lies in them and nobody said otherwise."""
    if ignores_quiet:
        return at
    return after_quiet(at, account.quiet_from, account.quiet_until, account.zone)


def free_slot(
    account: Account, after: datetime, *, ignores_quiet: bool = False, but: int | None = None
) -> tuple[str, datetime]:
    """The next place in the account's queue: wall in its zone, and instant. Raises `NoFreeSlot`.

    Call it with the account locked (`lock_account`), so that two do not take the same place.
    """
    rows = db.session.execute(
        select(AccountSlot.weekday, AccountSlot.wall).where(AccountSlot.account_id == account.id)
    )
    slots = [(weekday, wall) for weekday, wall in rows]
    quiet = ("", "") if ignores_quiet else (account.quiet_from, account.quiet_until)
    found = next_slot(slots, account.zone, after, _taken(account.id, after, but), quiet)
    if found is None:
        raise NoFreeSlot(account.name, has_slots=bool(slots))
    return found


def lock_account(account_id: int) -> Account | None:
    """The account, fresh, and its queue locked against others until the commit."""
    return db.session.get(Account, account_id, populate_existing=True, with_for_update={"of": Account})


def _taken(account_id: int, after: datetime, but: int | None) -> Collection[datetime]:
    query = select(Delivery.due_at).where(
        Delivery.account_id == account_id,
        Delivery.state.in_(OPEN),
        Delivery.due_at >= after - timedelta(minutes=1),
    )
    if but is not None:
        query = query.where(Delivery.id != but)
    return [one for one in db.session.scalars(query) if one is not None]
