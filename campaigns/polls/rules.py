"""Who may do what here. Pure: they look at what they are given and nothing else."""

from campaigns.polls.models import Poll
from cms.people.models import Person

RUNS = ("editor", "manager", "admin")


def can_ask(person: Person | None) -> bool:
    """See the questions, and ask one."""
    return person is not None and person.is_active and person.role in RUNS


def can_change_poll(person: Person | None, poll: Poll | None) -> bool:
    """See what was answered, take it away, change and close the question."""
    return can_ask(person)
