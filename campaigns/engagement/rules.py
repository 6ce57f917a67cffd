"""Who may do what here. Pure: they look at what they are given and nothing else."""

from cms.people.models import Person


def can_see_figures(person: Person | None) -> bool:
    """See what readers did with posts and campaigns: everybody at the desk."""
    return person is not None and person.is_active and person.is_staff
