"""Who may change sections, tags and hot words."""

from cms.people.models import Person

KEEPERS = frozenset({"editor", "manager", "admin"})


def can_edit_topics(person: Person | None) -> bool:
    """Name, order, merge and remove sections and tags, and word the hot list."""
    return person is not None and person.is_active and person.role in KEEPERS
