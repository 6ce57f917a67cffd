"""When an account may send: paused by a person or by its network, resumed, or asked to wait.

Workers write here while people edit the same row, so these are single updates that do not touch its version: nobody's
edit is refused because a token died meanwhile.
"""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select, update

from campaigns.channels import queries
from campaigns.channels.catalogue import adapter_for
from campaigns.channels.events import AccountPaused, AccountResumed
from campaigns.channels.models import Account
from cms.core.database import db
from cms.core.seams import announce
from cms.notices import services as notices
from cms.people import audit
from cms.people.models import Person
from cms.transfer.events import DatabaseRestored

BY_HAND = "person"  # the code of a pause that a person asked for


def pause_account(account_id: int, *, reason: str, code: str, at: datetime, by: Person | None = None) -> bool:
    """Nothing goes to it until somebody resumes it; what is planned stays. Tells staff once; gives whether it was us.

    Pausing what is paused or removed changes nothing: the first reason stays.
    """
    values = {"state": "paused", "problem": reason, "problem_code": code[:64], "paused_at": at}
    if not _change(account_id, "active", values):
        return False
    audit.record("account.paused", f"account:{account_id}", by=by, at=at, detail={"code": code[:64]})
    account = queries.get_account(account_id)
    notices.notify(
        "account.paused",
        to=queries.keepers(),
        subject=f"account:{account_id}",
        by=by,
        at=at,
        detail={"name": account.name},
    )
    announce(AccountPaused(account_id=account_id, reason=reason, code=code, at=at))
    return True


def pause_without_credentials(fact: DatabaseRestored) -> None:
    """An archive carries no credentials: what needs some waits until somebody connects it again."""
    query = select(Account).where(Account.state == "active", Account.secrets == "").order_by(Account.id)
    for account in db.session.scalars(query).all():
        if any(field.is_secret and field.is_required for field in adapter_for(account.channel).fields):
            reason = _("Its credentials were not in the archive it came from. Connect it again.")
            pause_account(account.id, reason=reason, code="no_credentials", at=fact.at)


def resume_account(account_id: int, *, by: Person | None, at: datetime) -> bool:
    """It sends again; gives whether it was paused."""
    values = {"state": "active", "problem": "", "problem_code": "", "paused_at": None}
    if not _change(account_id, "paused", values):
        return False
    audit.record("account.resumed", f"account:{account_id}", by=by, at=at)
    announce(AccountResumed(account_id=account_id, by=by, at=at))
    return True


def limit_account(account_id: int, *, until: datetime) -> None:
    """Its network asked us to wait: nothing is sent before. The later of two such instants holds."""
    db.session.execute(
        update(Account)
        .where(Account.id == account_id, or_(Account.limited_until.is_(None), Account.limited_until < until))
        .values(limited_until=until)
        .execution_options(synchronize_session="fetch")
    )


def _change(account_id: int, state: str, values: dict[str, Any]) -> bool:
    changed = db.session.execute(
        update(Account)
        .where(Account.id == account_id, Account.state == state)
        .values(values)
        .execution_options(synchronize_session="fetch")
    )
    return bool(changed.rowcount == 1)  # type: ignore[attr-defined]
