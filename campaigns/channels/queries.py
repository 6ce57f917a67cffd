"""Reading accounts, their slots and their recipients."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from campaigns.channels.models import Account, AccountRecipient
from campaigns.channels.rules import RUNS
from cms.core.database import db
from cms.core.errors import NotFound
from cms.people.models import Person

PAGE_LENGTH = 50


def find_account(account_id: int) -> Account | None:
    """The account of this number, removed or not, with its slots."""
    return db.session.scalar(
        select(Account).where(Account.id == account_id).options(selectinload(Account.slots))
    )


def get_account(account_id: int) -> Account:
    """The account of this number, with its slots. Raises `NotFound` when it never was, or is removed."""
    found = find_account(account_id)
    if found is None or found.state == "removed":
        raise NotFound
    return found


def accounts(
    *,
    channel: str | None = None,
    state: str | None = None,
    with_removed: bool = False,
    after: int | None = None,
    limit: int = 200,
) -> Sequence[Account]:
    """Accounts with their slots, oldest first; of one network, in one state, or from a number on."""
    query = select(Account).options(selectinload(Account.slots)).order_by(Account.id).limit(limit)
    if channel:
        query = query.where(Account.channel == channel)
    if state:
        query = query.where(Account.state == state)
    elif not with_removed:
        query = query.where(Account.state != "removed")
    if after is not None:
        query = query.where(Account.id > after)
    return db.session.scalars(query).all()


def troubled_accounts(limit: int = 100) -> Sequence[Account]:
    """Accounts that may have something wrong: paused ones, those whose last check failed, those whose credentials end."""
    query = select(Account).where(
        Account.state != "removed",
        or_(Account.state == "paused", Account.problem != "", Account.expires_at.is_not(None)),
    )
    return db.session.scalars(query.order_by(Account.id).limit(limit)).all()


def recipients(
    account_id: int, *, ended: bool = False, after: int | None = None, limit: int = PAGE_LENGTH + 1
) -> Sequence[AccountRecipient]:
    """Who gets an account's letters, or who got them once; oldest first."""
    is_over = AccountRecipient.ended_at.is_not(None) if ended else AccountRecipient.ended_at.is_(None)
    query = select(AccountRecipient).where(AccountRecipient.account_id == account_id, is_over)
    if after is not None:
        query = query.where(AccountRecipient.id > after)
    return db.session.scalars(query.order_by(AccountRecipient.id).limit(limit)).all()


def count_recipients(account_id: int) -> tuple[int, int]:
    """How many get an account's letters, and how many got them once."""
    over = func.count(AccountRecipient.ended_at)
    query = select(func.count() - over, over).where(AccountRecipient.account_id == account_id)
    row = db.session.execute(query).one()
    return int(row[0]), int(row[1])


def find_recipient(recipient_id: int) -> tuple[AccountRecipient, Account] | None:
    """Somebody who gets, or got, letters, and the account that sends them."""
    query = (
        select(AccountRecipient, Account)
        .join(Account, Account.id == AccountRecipient.account_id)
        .where(AccountRecipient.id == recipient_id)
    )
    row = db.session.execute(query).one_or_none()
    return (row[0], row[1]) if row else None


def keepers() -> Sequence[int]:
    """Who is told when something is wrong with an account, by number."""
    return db.session.scalars(
        select(Person.id).where(Person.role.in_(RUNS), Person.disabled_at.is_(None)).order_by(Person.id)
    ).all()
