"""The queue's places of an account."""

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete

from campaigns.channels.models import AccountSlot
from campaigns.channels.queries import get_account
from campaigns.channels.slots import DAY_SETS, read_wall
from cms.core.database import db
from cms.core.errors import Invalid
from cms.people import audit
from cms.people.models import Person

MOST = 100  # of one account


def add_slots(account_id: int, *, days: str, wall: str, by: Person | None, at: datetime) -> int:
    """A time on one day or on several (`weekdays`, `every`, `weekend`, `0` to `6`); gives how many are new."""
    account = get_account(account_id)
    time = read_wall(wall)
    errors = {}
    if days not in DAY_SETS:
        errors["days"] = _("Please choose one of those that are offered.")
    if not time:
        errors["wall"] = _("Please give a time such as 09:30.")
    if errors:
        raise Invalid(errors=errors)
    known = {(one.weekday, one.wall) for one in account.slots}
    new = [day for day in DAY_SETS[days] if (day, time) not in known]
    if len(known) + len(new) > MOST:
        raise Invalid(errors={"wall": _("An account has at most %(max)d times in its queue.", max=MOST)})
    db.session.add_all(AccountSlot(account_id=account_id, weekday=day, wall=time) for day in new)
    db.session.flush()
    if new:
        detail = {"days": days, "wall": time}
        audit.record("account.slots_added", f"account:{account_id}", by=by, at=at, detail=detail)
    return len(new)


def remove_slots(account_id: int, slot_ids: Collection[int], *, by: Person | None, at: datetime) -> int:
    """Take some away; gives how many. What was planned for one keeps its time."""
    gone = db.session.execute(
        delete(AccountSlot).where(AccountSlot.account_id == account_id, AccountSlot.id.in_(slot_ids))
    )
    number = int(gone.rowcount)  # type: ignore[attr-defined]
    if number:
        audit.record(
            "account.slots_removed", f"account:{account_id}", by=by, at=at, detail={"number": number}
        )
    return number


def set_slots(
    account_id: int, wanted: Collection[tuple[int, str]], *, by: Person | None, at: datetime
) -> None:
    """Exactly these, as (weekday, time); for programs. Raises `Invalid`."""
    account = get_account(account_id)
    read = {(day, read_wall(wall)) for day, wall in wanted}
    if len(read) > MOST or any(not 0 <= day <= 6 or not wall for day, wall in read):
        raise Invalid(
            errors={"slots": _("Please give days from 0 to 6 and times such as 09:30, at most 100.")}
        )
    known = {(one.weekday, one.wall): one.id for one in account.slots}
    remove_slots(account_id, [known[one] for one in known.keys() - read], by=by, at=at)
    new = sorted(read - known.keys())
    db.session.add_all(AccountSlot(account_id=account_id, weekday=day, wall=wall) for day, wall in new)
    db.session.flush()
    if new:
        detail = {"number": len(new)}
        audit.record("account.slots_added", f"account:{account_id}", by=by, at=at, detail=detail)
