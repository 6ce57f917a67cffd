"""Erasing somebody: what was theirs alone goes, what others need stays under a name that leads nowhere.

Their row stays as an empty place, a guest without name, address or password, because the audit log and credits point at
its number. Everything happens in the caller's transaction: whole, or not at all.
"""

import secrets
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import Column, ForeignKey, Table, delete, insert, select, update

from cms.core.database import Base, db
from cms.core.models import OutgoingMail
from cms.core.pagecache import touch
from cms.core.seams import announce
from cms.people import audit, handles
from cms.people.events import PersonErased
from cms.people.models import GUEST, Handle, Invitation, OneTimeLink, Person
from cms.people.queries import get_person
from cms.people.services.accounts import keep_an_admin

ONLY_GROWS = "audit_entries"  # says by number who did what; the database lets nobody change it


def erase_person(person_id: int, *, with_texts: bool, by: Person | None, at: datetime) -> None:
    """Erase an account or a guest for good; `with_texts` takes away what they wrote where nobody else needs it.

    Rooms do their part first (`PersonErased`); then every column that may be empty is emptied where it names them, and
    every row that goes with theirs is removed. What must name somebody (a credit, a review) names the empty place. The
    last admin is refused.
    """
    person = get_person(person_id)
    db.session.refresh(person, with_for_update=True)
    if person.erased_at is not None:
        return
    keep_an_admin(person, still_admin=False)
    left_as = gettext("Former member %(number)s", number=secrets.token_hex(3))
    announce(
        PersonErased(person_id, email=person.email, left_as=left_as, with_texts=with_texts, at=at),
    )
    audit.record("person.erased", f"person:{person_id}", by=by, at=at, detail={"texts": with_texts})
    if person.email is not None:
        _forget_address(person.email)
    keys = _reserve_handles(person)
    _part_from(person_id)
    _empty(person, left_as, at=at)
    db.session.execute(
        insert(Handle),
        [{"key": one, "handle": "", "person_id": person_id, "created_at": at} for one in keys],
    )
    db.session.expire_all()
    touch("posts", f"person:{person_id}")


def naming_columns() -> list[tuple[Table, Column[Any], ForeignKey]]:
    """Every column of every room that names somebody, with its key, in the order of tables that depend on others last."""
    return [
        (table, column, key)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "people" and table.name != ONLY_GROWS
    ]


def _part_from(person_id: int) -> None:
    db.session.flush()
    for table, column, key in reversed(naming_columns()):
        if key.ondelete == "CASCADE":
            db.session.execute(delete(table).where(column == person_id))
        elif column.nullable:
            db.session.execute(update(table).where(column == person_id).values({column.name: None}))


def _forget_address(email: str) -> None:
    """Mail that waits or was sent, links, invitations: whatever goes by the address and not by the account."""
    for model, column in (
        (OutgoingMail, OutgoingMail.recipient),
        (OneTimeLink, OneTimeLink.email),
        (Invitation, Invitation.email),
    ):
        db.session.execute(delete(model).where(column == email))


def _reserve_handles(person: Person) -> list[str]:
    """What stays of their handles, so that nobody can take one and be taken for them: hashes that cannot be read."""
    had = set(db.session.scalars(select(Handle.key).where(Handle.person_id == person.id)))
    return sorted(handles.left(one) for one in had | {person.handle_key})


def _empty(person: Person, left_as: str, *, at: datetime) -> None:
    """A direct update: the row has nothing of before, also where a column is added later and has a default."""
    handle = f"former-{secrets.token_hex(4)}"
    values = {
        "name": left_as,
        "handle": handle,
        "handle_key": handles.key(handle),
        "role": GUEST,
        "headline": {},
        "bio": {},
        "locale": "en",
        "timezone": "UTC",
        "created_at": at,
        "erased_at": at,
        "disabled_at": at,
    }
    rest = {
        column.name: None
        for column in Person.__table__.columns
        if column.nullable and column.name not in values
    }
    db.session.execute(
        update(Person)
        .where(Person.id == person.id)
        .values(**values, **rest)
        .execution_options(synchronize_session=False)
    )
