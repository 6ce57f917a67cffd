"""Who may upload, and change what is said about a file."""

from cms.media.models import Media
from cms.people.models import Person


def can_upload(person: Person | None) -> bool:
    """Staff and invited experts."""
    return person is not None and person.is_active and (person.is_staff or person.role == "expert")


def can_see_library(person: Person | None) -> bool:
    """Everybody who may upload sees what there is, so that nothing is uploaded twice."""
    return can_upload(person)


def can_edit_every_media(person: Person | None) -> bool:
    """Editors and up."""
    return can_upload(person) and person is not None and person.role in ("editor", "manager", "admin")


def can_edit_media(person: Person | None, media: Media | None) -> bool:
    """Editors and up any file, others what they uploaded themselves."""
    if person is None or media is None or not can_upload(person):
        return False
    return can_edit_every_media(person) or media.uploaded_by_id == person.id


def can_delete_media(person: Person | None, media: Media | None) -> bool:
    """Whoever may change it; that it is used nowhere is asked when it happens."""
    return can_edit_media(person, media)


def can_set_own_portrait(person: Person | None) -> bool:
    """Everybody with an account."""
    return person is not None and person.is_active


def can_set_portraits(person: Person | None, account: Person | None = None) -> bool:
    """Editors, for guests and colleagues."""
    return person is not None and person.is_active and person.role in ("editor", "admin")
