"""Asking every account, about once a day, whether its network still lets us in; and warning before credentials end."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import uniform

from sqlalchemy import or_, select, update

from campaigns.channels import queries
from campaigns.channels.models import Account
from campaigns.channels.services.pausing import pause_account
from campaigns.channels.trials import Failed
from campaigns.channels.waiting import waiting_for
from cms.core.database import db
from cms.notices import services as notices

STRIKES = 3  # answers of no, one after the other, before an account is paused
AGAIN = timedelta(minutes=10)
FEW_DAYS = timedelta(days=7)


def due_checks(at: datetime) -> Sequence[int]:
    """Which accounts to ask now, by number."""
    query = select(Account.id).where(
        Account.state == "active", or_(Account.check_at.is_(None), Account.check_at <= at)
    )
    return db.session.scalars(query.order_by(Account.id).limit(200)).all()


def claim_check(account_id: int, *, at: datetime) -> bool:
    """Take an account to ask it; gives whether nobody else did."""
    taken = db.session.execute(
        update(Account)
        .where(
            Account.id == account_id,
            Account.state == "active",
            or_(Account.check_at.is_(None), Account.check_at <= at),
        )
        .values(check_at=at + AGAIN)
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def note_failed(account_id: int, failed: Failed, *, at: datetime) -> None:
    """A check was answered with no: said on the account, tried again soon, and paused at the third time.

    A network that was not reached says nothing of our credentials, and pauses nothing.
    """
    account = queries.get_account(account_id)
    strikes = account.failed_checks + (0 if failed.is_passing else 1)
    again = AGAIN * (6 if failed.is_passing else 1) * uniform(0.9, 1.1)  # noqa: S311 - spreads the work
    db.session.execute(
        update(Account)
        .where(Account.id == account_id, Account.state == "active")
        .values(problem=failed.sentence, problem_code="check", failed_checks=strikes, check_at=at + again)
        .execution_options(synchronize_session="fetch")
    )
    if strikes >= STRIKES:
        pause_account(account_id, reason=failed.sentence, code="check", at=at)


def warn_of_ending(at: datetime) -> int:
    """Tell staff, once for each end, of credentials that end before the last planned delivery or within a week."""
    query = select(Account).where(Account.state != "removed", Account.expires_at.is_not(None))
    found = db.session.scalars(query).all()
    waiting = waiting_for([one.id for one in found])
    told = 0
    for one in found:
        is_new = one.warned_for != one.expires_at
        if is_new and is_ending(one.expires_at, waiting[one.id].last_at, at=at):
            _warn(one, at=at)
            told += 1
    return told


def is_ending(expires_at: datetime | None, last_at: datetime | None, *, at: datetime) -> bool:
    """Whether credentials end within a week, or before the last delivery that is planned."""
    if expires_at is None:
        return False
    return expires_at - at <= FEW_DAYS or (last_at is not None and expires_at <= last_at)


def _warn(account: Account, *, at: datetime) -> None:
    db.session.execute(
        update(Account)
        .where(Account.id == account.id)
        .values(warned_for=account.expires_at)
        .execution_options(synchronize_session="fetch")
    )
    notices.notify(
        "account.ending",
        to=queries.keepers(),
        subject=f"account:{account.id}",
        by=None,
        at=at,
        detail={"name": account.name, "account": account.id},
    )
