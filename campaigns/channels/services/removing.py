"""Removing an account. The row stays, for what it carried; what opens it is destroyed."""

from datetime import datetime

from campaigns.channels.events import AccountRemoved
from campaigns.channels.queries import get_account
from campaigns.channels.services.problems import NotThisName
from cms.core.database import db
from cms.core.seams import announce
from cms.people import audit
from cms.people.models import Person


def remove_account(account_id: int, *, typed_name: str, by: Person, at: datetime) -> None:
    """Forget an account's secrets for good. What waits to go there is told, and ends with a reason. Raises
    `NotThisName` unless its name was typed."""
    account = get_account(account_id)
    if typed_name.strip() != account.name:
        raise NotThisName
    account.state, account.removed_at = "removed", at
    account.secrets, account.secrets_at, account.expires_at = "", None, None
    account.secrets_version += 1  # who renews them just now finds that they are others
    account.problem = account.problem_code = ""
    account.paused_at = account.check_at = account.limited_until = None
    db.session.flush()
    announce(AccountRemoved(account_id=account_id, name=account.name, by=by, at=at))
    audit.record("account.removed", f"account:{account_id}", by=by, at=at)
