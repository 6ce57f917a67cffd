"""What this room announces. `app.py` connects who listens."""

from dataclasses import dataclass
from datetime import datetime

from cms.people.models import Person


@dataclass(frozen=True)
class AccountPaused:
    """Nothing goes to an account any more; what was planned for it is kept."""

    account_id: int
    reason: str
    code: str
    at: datetime


@dataclass(frozen=True)
class AccountResumed:
    """It works again."""

    account_id: int
    by: Person | None
    at: datetime


@dataclass(frozen=True)
class AccountRemoved:
    """Its credentials are gone for good: what has not gone out to it never will."""

    account_id: int
    name: str
    by: Person
    at: datetime
