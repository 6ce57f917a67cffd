"""Reading people, and what proves who they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from cms.core.database import db
from cms.core.errors import NotFound
from cms.core.models import OutgoingMail
from cms.core.pages import zone
from cms.core.secrets import fingerprint
from cms.people import handles
from cms.people.models import (
    GUEST,
    APIToken,
    AuditEntry,
    Handle,
    Invitation,
    OneTimeLink,
    Person,
    RecoveryCode,
    SecondStep,
    SignIn,
)

IDLE_FOR = timedelta(days=14)  # a browser not seen for so long is signed out
LASTS_FOR = timedelta(days=90)  # and every browser after so long
PAGE_LENGTH = 50


class DeadLink(NotFound):
    """A one-time link that was used, has expired, was revoked, or never was: the four look alike."""

    message = _("This link is used up or too old. Please ask for a new one.")


# People ---------------------------------------------------------------------------------------------------------


def get_person(person_id: int) -> Person:
    """The person with this id."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound
    return person


def zone_of(person: Person) -> str:
    """The zone somebody's times are in: their own, or the site's as long as they never set one."""
    return person.timezone if person.timezone and person.timezone != "UTC" else zone()


def find_person(handle: str) -> Person | None:
    """Who answers to a handle, now or in the past; send the reader on when `person.handle` is another one."""
    key = handles.key(handle)
    current: Person | None = db.session.scalar(select(Person).where(Person.handle_key == key))
    if current is not None:
        return current
    former = select(Person).join(Handle, Handle.person_id == Person.id).where(Handle.key == key)
    found: Person | None = db.session.scalar(former)
    return found


def find_account(email: str) -> Person | None:
    """The account with this (normalised) e-mail, disabled or not."""
    return db.session.scalar(select(Person).where(Person.email == email, Person.role != GUEST))


def people(
    role: str | None = None,
    *,
    search: str = "",
    is_closed: bool = False,
    before: int | None = None,
    limit: int = PAGE_LENGTH,
) -> Sequence[Person]:
    """Everybody, newest first, one more than asked for when there are more; `search` is a part of name, handle or
    e-mail."""
    query = select(Person).where(Person.erased_at.is_(None)).order_by(Person.id.desc()).limit(limit + 1)
    if role:
        query = query.where(Person.role == role)
    if is_closed:
        query = query.where(Person.disabled_at.is_not(None))
    if search:
        words = search.removeprefix("@")
        columns = (Person.name, Person.handle, Person.email)
        query = query.where(or_(*(one.icontains(words, autoescape=True) for one in columns)))
    if before:
        query = query.where(Person.id < before)
    return db.session.scalars(query).all()


def has_admin() -> bool:
    """Whether somebody can look after accounts."""
    query = select(Person.id).where(Person.role == "admin", Person.disabled_at.is_(None)).limit(1)
    return db.session.scalar(query) is not None


def guests() -> Sequence[Person]:
    """Everybody who is credited but has no account, by name."""
    return db.session.scalars(
        select(Person)
        .where(Person.role == GUEST, Person.erased_at.is_(None))
        .order_by(Person.name)
        .limit(500)
    ).all()


def keys_like(key: str) -> set[str]:
    """Handle keys in use that begin like this one; to find a free handle."""
    pattern = key.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return {
        found
        for column in (Handle.key, Person.handle_key)
        for found in db.session.scalars(select(column).where(column.like(pattern, escape="\\")))
    }


def is_left(handle: str) -> bool:
    """Whether somebody had it, or one that looks the same, who was erased since."""
    return db.session.get(Handle, handles.left(handles.key(handle))) is not None


def suggest_handle(name: str) -> str:
    """A free handle for somebody with this name."""
    first = handles.suggest(name, ())
    taken = keys_like(handles.key(first)) | keys_like(handles.key("reader"))
    while is_left(found := handles.suggest(name, taken)):
        taken.add(handles.key(found))
    return found


# Signing in -----------------------------------------------------------------------------------------------------


def find_sign_in(token: str, *, at: datetime) -> tuple[SignIn, Person] | None:
    """The browser that holds this token, and who it is, while both may go on."""
    row = db.session.execute(
        select(SignIn, Person)
        .join(Person, Person.id == SignIn.person_id)
        .where(
            SignIn.token_hash == fingerprint(token),
            SignIn.seen_at > at - IDLE_FOR,
            SignIn.created_at > at - LASTS_FOR,
            Person.disabled_at.is_(None),
            Person.role != GUEST,
        )
    ).one_or_none()
    return (row[0], row[1]) if row else None


def sign_ins_of(person_id: int, *, at: datetime) -> Sequence[SignIn]:
    """Where somebody is signed in, newest first."""
    return db.session.scalars(
        select(SignIn)
        .where(
            SignIn.person_id == person_id, SignIn.seen_at > at - IDLE_FOR, SignIn.created_at > at - LASTS_FOR
        )
        .order_by(SignIn.id.desc())
        .limit(100)
    ).all()


def get_open_link(purpose: str, token: str, *, at: datetime) -> OneTimeLink:
    """The link with this token, while it can still be used."""
    link = db.session.scalar(
        select(OneTimeLink).where(
            OneTimeLink.token_hash == fingerprint(token),
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > at,
        )
    )
    if link is None:
        raise DeadLink
    return link


def find_second_step(person_id: int) -> SecondStep | None:
    """The second step of somebody's sign-in, when one is set up and confirmed."""
    step = db.session.get(SecondStep, person_id)
    return step if step and step.confirmed_at else None


def find_unconfirmed_step(person_id: int) -> SecondStep | None:
    """The second step that somebody is setting up."""
    step = db.session.get(SecondStep, person_id)
    return step if step and not step.confirmed_at else None


def recovery_codes_left(person_id: int) -> int:
    """How many recovery codes were not used yet."""
    unused = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(unused) or 0


# Invitations, tokens, the log -----------------------------------------------------------------------------------


def get_open_invitation(token: str, *, at: datetime) -> Invitation:
    """The invitation with this token, while it can still be accepted."""
    invitation = db.session.scalar(select(Invitation).where(Invitation.token_hash == fingerprint(token)))
    if invitation is None or not invitation.is_open(at):
        raise DeadLink
    return invitation


def get_invitation(invitation_id: int) -> Invitation:
    """The invitation with this id."""
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None:
        raise NotFound
    return invitation


def invitations(*, before: int | None = None, limit: int = PAGE_LENGTH) -> Sequence[Invitation]:
    """Invitations, newest first, one more than asked for when there are more."""
    query = select(Invitation).order_by(Invitation.id.desc()).limit(limit + 1)
    if before:
        query = query.where(Invitation.id < before)
    return db.session.scalars(query).all()


def find_token(token: str, *, at: datetime) -> tuple[APIToken, Person] | None:
    """The API token and whom it acts for, while both may go on."""
    row = db.session.execute(
        select(APIToken, Person)
        .join(Person, Person.id == APIToken.person_id)
        .where(
            APIToken.token_hash == fingerprint(token),
            APIToken.revoked_at.is_(None),
            (APIToken.expires_at.is_(None)) | (APIToken.expires_at > at),
            Person.disabled_at.is_(None),
            Person.role != GUEST,
        )
    ).one_or_none()
    return (row[0], row[1]) if row else None


def tokens_of(person_id: int) -> Sequence[APIToken]:
    """Somebody's API tokens that were not revoked, newest first."""
    return db.session.scalars(
        select(APIToken)
        .where(APIToken.person_id == person_id, APIToken.revoked_at.is_(None))
        .order_by(APIToken.id.desc())
        .limit(200)
    ).all()


@dataclass(frozen=True)
class AuditFilter:
    """What the log is narrowed to; None means everything. `since` belongs to it, `until` does not."""

    subject: str | None = None
    by_id: int | None = None
    act: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def audit_entries(
    *,
    subject: str | None = None,
    wanted: AuditFilter | None = None,
    before: int | None = None,
    limit: int = PAGE_LENGTH,
) -> Sequence[AuditEntry]:
    """The log, newest first, with who did it; one more than asked for when there are more."""
    wanted = wanted or AuditFilter(subject=subject)
    query = select(AuditEntry).options(joinedload(AuditEntry.by))
    if wanted.subject:
        query = query.where(AuditEntry.subject == wanted.subject)
    if wanted.by_id:
        query = query.where(AuditEntry.by_id == wanted.by_id)
    if wanted.act:
        query = query.where(AuditEntry.act == wanted.act)
    if wanted.since:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until:
        query = query.where(AuditEntry.at < wanted.until)
    if before:
        query = query.where(AuditEntry.id < before)
    return db.session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit + 1)).all()


def who_acted() -> Sequence[Person]:
    """Everybody the log names as having done something, by name."""
    acted = select(AuditEntry.by_id).where(AuditEntry.by_id.is_not(None)).distinct()
    return db.session.scalars(
        select(Person).where(Person.id.in_(acted)).order_by(Person.name).limit(500)
    ).all()


def acts_done() -> Sequence[str]:
    """Every act the log knows of."""
    return db.session.scalars(select(AuditEntry.act).distinct().order_by(AuditEntry.act)).all()


def outgoing_mail(*, before: int | None = None, limit: int = PAGE_LENGTH) -> Sequence[OutgoingMail]:
    """The mail queue, newest first, one more than asked for when there are more."""
    query = select(OutgoingMail).order_by(OutgoingMail.id.desc()).limit(limit + 1)
    if before:
        query = query.where(OutgoingMail.id < before)
    return db.session.scalars(query).all()


def count_failed_mail(*, since: datetime) -> int:
    """How many messages were given up since then."""
    query = select(func.count()).where(OutgoingMail.failed_at >= since)
    return db.session.scalar(query) or 0
