"""Who may follow. Pure."""

from cms.people.models import Person


def can_follow(person: Person | None) -> bool:
    """Follow something, and read what one follows: anybody with an account."""
    return person is not None and person.is_active
