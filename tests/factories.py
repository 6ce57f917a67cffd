"""Plain functions that make rows and commit them, and the named cast: Nadia edits, Tom manages, Ivy is an
outsider, Rae reads. Each takes only what a test cares about."""

from typing import TypeVar

from cms.core import clock
from cms.core.database import db, transaction
from cms.people.models import Person
from cms.topics.models import Section, Tag

Row = TypeVar("Row")
PASSWORD = "correct horse battery staple"


def save(row: Row) -> Row:
    """Add a row and commit."""
    with transaction():
        db.session.add(row)
    return row


def make_person(name: str = "Nadia Rahimi", role: str = "editor", **fields: object) -> Person:
    """Somebody. Guests have no email."""
    handle = str(fields.pop("handle", name.split()[0].lower()))
    email = None if role == "guest" else f"{handle}@example.com"
    defaults: dict[str, object] = {"email": email, "created_at": clock.now(), "handle_key": handle}
    return save(Person(name=name, handle=handle, role=role, **{**defaults, **fields}))


def nadia() -> Person:
    """Edits."""
    return make_person("Nadia Rahimi", "editor")


def tom() -> Person:
    """Manages."""
    return make_person("Tom Okafor", "manager")


def ivy() -> Person:
    """Is an outsider: a member who has nothing to do with what is being tested."""
    return make_person("Ivy Lindqvist", "member")


def rae() -> Person:
    """Reads, and has an account."""
    return make_person("Rae Sato", "member")


def make_section(slug: str = "hot-focus", **fields: object) -> Section:
    """A section."""
    return save(Section(slug=slug, **{"name": {"en": "Hot focus", "zh": "热点"}, **fields}))


def make_tag(slug: str = "5g", **fields: object) -> Tag:
    """A tag."""
    return save(Tag(slug=slug, **{"name": {"en": slug.upper()}, **fields}))
