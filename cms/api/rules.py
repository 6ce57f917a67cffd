"""Who may call what. Most calls ask the rules of the rooms; here are those that only the API needs."""

from cms.media.models import Media
from cms.media.rules import can_see_library
from cms.people.models import Person
from cms.people.rules import can_see_people
from cms.topics.models import Section, Tag
from cms.topics.rules import can_edit_topics


def can_call(person: Person | None, **seen: object) -> bool:
    """Read what the gate lets them see: anybody with a token."""
    return person is not None


def can_see_profile(person: Person | None, subject: Person) -> bool:
    """Those who write here, and guests, for everybody; any account for itself and for those who look after them."""
    if person is None:
        return False
    if can_see_people(person) or subject.id == person.id:
        return True
    return subject.disabled_at is None and subject.role != "member"


def can_see_file(person: Person | None, media: Media | None) -> bool:
    """One file is seen by those who see the list of them."""
    return can_see_library(person)


def can_edit_topic(person: Person | None, section: Section | None = None, tag: Tag | None = None) -> bool:
    """Who may edit one section or tag may edit all."""
    return can_edit_topics(person)
