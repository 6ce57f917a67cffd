"""Who gets an account's letters. Whoever ended them themselves is not added again by anybody else's list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update

from campaigns.channels.models import AccountRecipient
from campaigns.channels.queries import get_account
from cms.core.database import db
from cms.core.errors import Invalid
from cms.people import audit, emails
from cms.people.models import Person

UNSUBSCRIBED = "unsubscribed"
REMOVED = "removed"
MOST = 5000  # addresses in one list
SHOWN = 5  # wrong ones that are named


@dataclass(frozen=True)
class Added:
    """What became of a list."""

    new: int
    known: int
    stay_ended: int  # they ended the letters themselves


def add_recipients(account_id: int, text: str, *, by: Person | None, at: datetime) -> Added:
    """Add addresses from a list: one a line, or separated by commas or semicolons. All of them or, when some are no
    addresses, none. Raises `Invalid`."""
    get_account(account_id)
    wanted = _read(text)
    query = select(AccountRecipient).where(
        AccountRecipient.account_id == account_id, AccountRecipient.address.in_(wanted)
    )
    known = {one.address: one for one in db.session.scalars(query)}
    ended = [one for one in known.values() if one.ended_at is not None]
    back = [one for one in ended if one.ended_because != UNSUBSCRIBED]
    for one in back:
        one.ended_at, one.ended_because, one.added_at = None, "", at
    new = [address for address in wanted if address not in known]
    db.session.add_all(AccountRecipient(account_id=account_id, address=one, added_at=at) for one in new)
    db.session.flush()
    added = Added(len(new) + len(back), len(known) - len(ended), len(ended) - len(back))
    audit.record(
        "account.recipients_added", f"account:{account_id}", by=by, at=at, detail={"number": added.new}
    )
    return added


def end_recipient(recipient_id: int, *, because: str, at: datetime) -> bool:
    """No more letters to this one, and why: they said so, or the mail server's words. Gives whether it was the first."""
    done = db.session.execute(
        update(AccountRecipient)
        .where(AccountRecipient.id == recipient_id, AccountRecipient.ended_at.is_(None))
        .values(ended_at=at, ended_because=because[:200])
        .execution_options(synchronize_session="fetch")
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def remove_recipient(account_id: int, recipient_id: int, *, by: Person | None, at: datetime) -> None:
    """End one by hand."""
    found = db.session.get(AccountRecipient, recipient_id)
    if (
        found is not None
        and found.account_id == account_id
        and end_recipient(recipient_id, because=REMOVED, at=at)
    ):
        audit.record(
            "account.recipient_removed",
            f"account:{account_id}",
            by=by,
            at=at,
            detail={"recipient": recipient_id},
        )


def _read(text: str) -> Sequence[str]:
    words = [
        one.strip()
        for one in text.replace(",", "\n")
        .replace(";", "\n")
        .replace("，", "\n")
        .replace("；", "\n")
        .splitlines()
    ]
    wanted: dict[str, None] = {}
    wrong: list[str] = []
    for word in filter(None, words):
        try:
            wanted[emails.normal(word)] = None
        except emails.BadEmail:
            wrong.append(word[:80])
    if wrong:
        named = ", ".join(wrong[:SHOWN]) + (" …" if len(wrong) > SHOWN else "")
        raise Invalid(errors={"addresses": _("These are no e-mail addresses: %(wrong)s", wrong=named)})
    if not wanted:
        raise Invalid(errors={"addresses": _("Please give at least one address.")})
    if len(wanted) > MOST:
        raise Invalid(errors={"addresses": _("At most %(max)d addresses at a time.", max=MOST)})
    return list(wanted)
