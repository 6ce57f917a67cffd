"""People, sections and tags of a source, and where its old addresses lead."""

from collections.abc import Mapping
from datetime import datetime

from cms.core.config import LOCALES
from cms.core.database import db
from cms.people import services as people
from cms.site.models import OldAddress
from cms.topics import services as topics
from cms.transfer import queries
from cms.transfer.reading.vocabulary import SourcePerson, SourceTag
from cms.transfer.services.remembering import remember

LONGEST_NAME, LONGEST_TAG = 120, 80


def bring_person(person: SourcePerson, *, source: str, at: datetime) -> int:
    """Credit somebody as a guest, who may be given an account later."""
    guest = people.add_guest(name=person.name[:LONGEST_NAME].strip() or "Guest", at=at, source=source[:300])
    remember(source, kind="person", target_id=guest.id, at=at)
    return guest.id


def remap_person(person_id: int, *, source: str, at: datetime) -> None:
    """From now on this author of the source is that person here."""
    remember(source, kind="person", target_id=person_id, at=at)


def bring_tag(tag: SourceTag, *, slug: str, language: str, source: str, at: datetime) -> tuple[int, bool]:
    """The tag at this address, made when there is none. Gives its id and whether it is new."""
    known = queries.find_tag_by_slug(slug)
    found = known or topics.create_tag(
        name={language: tag.name[:LONGEST_TAG].strip() or slug}, slug=slug, source=source[:300]
    )
    remember(source, kind="tag", target_id=found.id, at=at)
    return found.id, known is None


def bring_section(tag: SourceTag, *, slug: str, language: str, source: str, at: datetime) -> tuple[int, bool]:
    """The section at this address, made of a category when there is none. Gives its id and whether it is new."""
    known = queries.find_section_by_slug(slug)
    found = known or topics.create_section(
        name=_in_every_language(tag.name[:LONGEST_TAG].strip() or slug, language),
        slug=slug,
        description={language: tag.description[:500]} if tag.description else {},
        source=source[:300],
    )
    remember(source, kind="section", target_id=found.id, at=at)
    return found.id, known is None


def lead_to(addresses: Mapping[str, str]) -> None:
    """Let these old addresses lead to new ones. Those known already are moved."""
    for path, target in addresses.items():
        known = db.session.get(OldAddress, path)
        if known is None:
            db.session.add(OldAddress(path=path, target=target))
        else:
            known.target = target
    db.session.flush()


def _in_every_language(name: str, language: str) -> dict[str, str]:
    return {language: name} if language in LOCALES else {LOCALES[0]: name}
