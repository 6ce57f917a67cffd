"""Who may do what here. Pure: they look at what they are given and nothing else."""

from campaigns.channels.models import Account
from cms.people.models import Person

RUNS = ("editor", "manager", "admin")
HOLDS_KEYS = ("manager", "admin")


def can_see_accounts(person: Person | None) -> bool:
    """The pages of this room."""
    return person is not None and person.role in RUNS


def can_run_account(person: Person | None, account: Account | None = None) -> bool:
    """Pause and resume it, test it, and decide when it speaks and to whom."""
    return can_see_accounts(person)


def can_connect(person: Person | None, account: Account | None = None) -> bool:
    """Credentials: give them, replace them, destroy them."""
    return person is not None and person.role in HOLDS_KEYS
