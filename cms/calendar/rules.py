"""Who may see the calendar. What stands in it is decided by each source, for each person."""

from cms.people.models import Person


def can_see_calendar(person: Person | None) -> bool:
    """Everybody who may enter the desk."""
    return person is not None and person.is_staff
