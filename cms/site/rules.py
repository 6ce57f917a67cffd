"""Who may arrange the site."""

from cms.people.models import Person


def can_arrange_site(person: Person | None) -> bool:
    """Settings, the home page, what readers look for: editors, managers, admins."""
    return person is not None and person.is_staff and person.role in ("editor", "manager", "admin")
