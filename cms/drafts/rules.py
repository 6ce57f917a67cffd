"""Who may do what with unsaved text. Reading a colleague's is up to the room that knows what it is about."""

from cms.drafts.models import Draft
from cms.people.models import Person


def is_own(person: Person | None, draft: Draft | None) -> bool:
    """Throw one's own unsaved text away, and take it back."""
    return person is not None and draft is not None and draft.person_id == person.id
