"""Accounts: how they come to be, change, and are closed."""

from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from flask_babel import gettext, lazy_gettext
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cms.core.config import LOCALES
from cms.core.database import db
from cms.core.errors import Conflict, Invalid
from cms.core.pagecache import touch
from cms.core.seams import announce
from cms.people import audit, handles, mails
from cms.people.events import SignedUp
from cms.people.models import GUEST, ROLES, Handle, Person
from cms.people.queries import find_account, get_open_link, get_person, is_left, suggest_handle
from cms.people.services.links import make_link, use_link
from cms.people.services.sign_ins import end_sign_ins


class EmailTaken(Conflict):
    """Only shown to those who may know that the account exists."""

    message = lazy_gettext("There is an account with this e-mail already.")


class HandleTaken(Invalid):
    """Somebody has it, had it, or has one that looks the same."""

    def __init__(self) -> None:
        sentence = gettext("This handle, or one that looks like it, belongs to somebody else.")
        super().__init__(sentence, errors={"handle": sentence})


class LastAdmin(Conflict):
    """Without an admin nobody could look after accounts."""

    message = lazy_gettext("This is the last admin. Make somebody else an admin first.")


# Coming to be ---------------------------------------------------------------------------------------------------


def add_account(
    *,
    email: str,
    name: str,
    role: str,
    password_hash: str | None,
    at: datetime,
    by: Person | None,
    handle: str | None = None,
    locale: str = "en",
    timezone: str = "UTC",
) -> Person:
    """A new account whose e-mail is known to be right; `email` is normalised."""
    if role not in ROLES:
        raise Invalid(errors={"role": gettext("There is no such role.")})
    if find_account(email) is not None:
        raise EmailTaken
    account = Person(
        name=name,
        role=role,
        email=email,
        email_confirmed_at=at,
        password_hash=password_hash,
        created_at=at,
        locale=locale,
        timezone=timezone,
    )
    _give_handle(account, handle or suggest_handle(name), at=at)
    audit.record("account.added", f"person:{account.id}", by=by, at=at, detail={"role": role})
    return account


def add_guest(*, name: str, at: datetime, handle: str | None = None, source: str | None = None) -> Person:
    """Somebody who is credited but cannot sign in; an import's author, an interviewed neighbour."""
    guest = Person(name=name, role=GUEST, created_at=at, source=source)
    _give_handle(guest, handle or suggest_handle(name), at=at)
    return guest


def start_sign_up(*, email: str, name: str, locale: str, at: datetime) -> None:
    """Send a link that finishes a sign-up. The account is made when it is used, so nobody can take an address that
    is not theirs. Somebody who has an account already is told so by mail, and only by mail."""
    account = find_account(email)
    token = make_link("sign_up", email, person_id=None, at=at, detail={"name": name, "locale": locale})
    if account is None:
        mails.send_sign_up(email, token, name=name, locale=locale)
    else:
        mails.send_has_account(email, locale=account.locale)


def finish_sign_up(token: str, *, password_hash: str, at: datetime) -> Person:
    """Use the link and make the account of a member."""
    link = get_open_link("sign_up", token, at=at)
    use_link(link, at=at)
    account = add_account(
        email=link.email,
        name=link.detail["name"],
        locale=link.detail["locale"],
        role="member",
        password_hash=password_hash,
        by=None,
        at=at,
    )
    announce(SignedUp(account.id))
    return account


# Passwords and e-mail -------------------------------------------------------------------------------------------


def request_reset(email: str, *, locale: str, at: datetime) -> None:
    """Send a link that sets a new password, when there is such an account. For an unknown address the same work is
    done, but nothing is sent."""
    account = find_account(email)
    active = account is not None and account.is_active
    token = make_link("reset_password", email, person_id=account.id if account else None, at=at)
    mails.send_reset(email, token, locale=account.locale if account else locale, really=active)


def finish_reset(token: str, *, password_hash: str, at: datetime) -> Person:
    """Use the link, set the password, sign out everywhere. A second step stays as it is."""
    link = get_open_link("reset_password", token, at=at)
    use_link(link, at=at)
    account = get_person(link.person_id or 0)
    account.password_hash = password_hash
    account.email_confirmed_at = account.email_confirmed_at or at
    end_sign_ins(account.id)
    audit.record("password.reset", f"person:{account.id}", by=account, at=at)
    mails.send_password_changed(account)
    return account


def change_password(person_id: int, *, password_hash: str, keep: int | None, at: datetime) -> None:
    """Set a new password and sign out every browser but the one to `keep`."""
    account = get_person(person_id)
    account.password_hash = password_hash
    end_sign_ins(person_id, keep=keep)
    audit.record("password.changed", f"person:{person_id}", by=account, at=at)
    mails.send_password_changed(account)


def renew_hash(person_id: int, *, password_hash: str) -> None:
    """Keep the same password under today's parameters."""
    get_person(person_id).password_hash = password_hash


def request_email_change(person_id: int, *, email: str, at: datetime) -> None:
    """Send a link to the new address; the old one holds until it is used. A taken address is told so by mail only."""
    account = get_person(person_id)
    token = make_link("change_email", email, person_id=person_id, at=at)
    if find_account(email) is None:
        mails.send_email_change(email, token, locale=account.locale)
    else:
        mails.send_has_account(email, locale=account.locale)


def confirm_email_change(token: str, *, at: datetime) -> Person:
    """Use the link: from now on this is the account's e-mail."""
    link = get_open_link("change_email", token, at=at)
    use_link(link, at=at)
    if find_account(link.email) is not None:
        raise EmailTaken
    account = get_person(link.person_id or 0)
    old, account.email = account.email, link.email
    account.email_confirmed_at = at
    if old:
        mails.send_email_changed(old, locale=account.locale)
    audit.record("email.changed", f"person:{account.id}", by=account, at=at)
    return account


# Profile --------------------------------------------------------------------------------------------------------


def update_profile(
    person_id: int,
    *,
    name: str,
    headline: dict[str, str],
    bio: dict[str, str],
    locale: str,
    timezone: str,
    at: datetime,
) -> None:
    """What others read about somebody, and how pages speak to them."""
    account = get_person(person_id)
    if locale not in LOCALES:
        raise Invalid(errors={"locale": gettext("Please choose one of the languages.")})
    if timezone not in available_timezones():
        raise Invalid(errors={"timezone": gettext("This is not a time zone. It looks like Asia/Shanghai.")})
    account.name, account.headline, account.bio = name, headline, bio
    account.locale, account.timezone = locale, timezone
    touch(f"person:{person_id}")


def rename_handle(person_id: int, *, handle: str, at: datetime) -> None:
    """Move somebody's profile; the old address leads to the new one for ever."""
    account = get_person(person_id)
    if handles.normal(handle) == account.handle:
        return
    old = Handle(key=account.handle_key, handle=account.handle, person_id=person_id, created_at=at)
    if db.session.get(Handle, account.handle_key) is None:
        db.session.add(old)
    _give_handle(account, handle, at=at)
    touch(f"person:{person_id}")


# What an admin does ---------------------------------------------------------------------------------------------


def change_role(person_id: int, *, role: str, by: Person | None, at: datetime) -> None:
    """Give an account another role. It counts from the next request on."""
    account = get_person(person_id)
    if role not in ROLES or account.role == GUEST:
        raise Invalid(errors={"role": gettext("There is no such role.")})
    if account.role == role:
        return
    keep_an_admin(account, still_admin=role == "admin")
    was, account.role = account.role, role
    audit.record("role.changed", f"person:{person_id}", by=by, at=at, detail={"from": was, "to": role})
    touch(f"person:{person_id}")


def sign_out_everywhere(person_id: int, *, by: Person | None, at: datetime) -> int:
    """End every browser of somebody, say after a laptop was lost; gives their number. API tokens go on."""
    get_person(person_id)
    ended = end_sign_ins(person_id)
    audit.record("sign_ins.ended", f"person:{person_id}", by=by, at=at, detail={"number": ended})
    return ended


def edit_profile(
    person_id: int,
    *,
    name: str,
    handle: str,
    headline: dict[str, str],
    bio: dict[str, str],
    by: Person,
    at: datetime,
) -> None:
    """Change what readers see of somebody else. How pages speak to them stays theirs to choose."""
    account = get_person(person_id)
    before = {
        "name": account.name,
        "handle": account.handle,
        "headline": account.headline,
        "bio": account.bio,
    }
    wanted = {"name": name, "handle": handles.normal(handle), "headline": headline, "bio": bio}
    changed = [field for field, value in wanted.items() if before[field] != value]
    if not changed:
        return
    account.name, account.headline, account.bio = name, headline, bio
    touch(f"person:{person_id}")
    rename_handle(person_id, handle=handle, at=at)
    audit.record("profile.changed", f"person:{person_id}", by=by, at=at, detail={"changed": changed})


def disable_account(person_id: int, *, by: Person | None, at: datetime) -> None:
    """Close an account: its browsers and tokens stop at once. What it wrote stays."""
    account = get_person(person_id)
    if account.disabled_at is not None:
        return
    keep_an_admin(account, still_admin=False)
    account.disabled_at = at
    end_sign_ins(person_id)
    audit.record("account.disabled", f"person:{person_id}", by=by, at=at)


def enable_account(person_id: int, *, by: Person | None, at: datetime) -> None:
    """Open a closed account again."""
    account = get_person(person_id)
    if account.disabled_at is None:
        return
    account.disabled_at = None
    audit.record("account.enabled", f"person:{person_id}", by=by, at=at)


# Helpers --------------------------------------------------------------------------------------------------------


def keep_an_admin(account: Person, *, still_admin: bool) -> None:
    """Refuse to take the last admin away. Two who demote each other at once must not both succeed: rows are locked."""
    if account.role != "admin" or still_admin or account.disabled_at is not None:
        return
    admins = db.session.scalars(
        select(Person.id).where(Person.role == "admin", Person.disabled_at.is_(None)).with_for_update()
    ).all()
    if set(admins) <= {account.id}:
        raise LastAdmin


def _give_handle(person: Person, wanted: str, *, at: datetime) -> None:
    """Set the handle, and note it among those that are given for ever."""
    handle = handles.check(wanted)
    key = handles.key(handle)
    if is_left(handle):
        raise HandleTaken
    holder = db.session.get(Handle, key)
    current = select(Person.id).where(Person.handle_key == key)
    with db.session.no_autoflush:
        if (holder and holder.person_id != person.id) or db.session.scalar(current) not in (None, person.id):
            raise HandleTaken
    person.handle, person.handle_key = handle, key
    db.session.add(person)
    try:
        db.session.flush()
        if holder is None:
            db.session.add(Handle(key=key, handle=handle, person_id=person.id, created_at=at))
            db.session.flush()
    except IntegrityError as error:  # somebody else was faster
        raise _taken(error) from error


def _taken(error: IntegrityError) -> Conflict | Invalid:
    said: Any = str(error.orig)
    return EmailTaken() if "email" in said else HandleTaken()
