"""Invitations: an account offered by mail."""

from datetime import datetime, timedelta

from flask_babel import gettext
from sqlalchemy import select, update

from cms.core.database import db
from cms.core.errors import Conflict, Invalid
from cms.core.pagecache import touch
from cms.core.secrets import fingerprint, new_token
from cms.people import audit, mails
from cms.people.models import GUEST, ROLES, Invitation, Person
from cms.people.queries import DeadLink, find_account, get_invitation, get_open_invitation, get_person
from cms.people.services.accounts import EmailTaken, add_account

LASTS_FOR = timedelta(days=14)


def invite(
    *,
    email: str,
    name: str,
    role: str,
    locale: str,
    by: Person,
    at: datetime,
    guest_id: int | None = None,
) -> Invitation:
    """Offer an account by mail; an older offer to the same address is withdrawn."""
    if role not in ROLES:
        raise Invalid(errors={"role": gettext("There is no such role.")})
    if find_account(email) is not None:
        raise EmailTaken
    if guest_id is not None and get_person(guest_id).role != GUEST:
        raise Invalid(errors={"guest_id": gettext("This person has an account already.")})
    db.session.execute(
        update(Invitation)
        .where(Invitation.email == email, Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    token = new_token()
    invitation = Invitation(
        email=email,
        name=name,
        role=role,
        guest_id=guest_id,
        token_hash=fingerprint(token),
        invited_by_id=by.id,
        created_at=at,
        expires_at=at + LASTS_FOR,
    )
    db.session.add(invitation)
    db.session.flush()
    audit.record("invitation.sent", f"invitation:{invitation.id}", by=by, at=at, detail={"role": role})
    mails.send_invitation(email, token, name=name, role=role, by=by, locale=locale)
    return invitation


def resend_invitation(invitation_id: int, *, locale: str, by: Person, at: datetime) -> None:
    """Send an offer again, with a new link and the whole time; the old link stops working. Also one that is too old."""
    invitation = get_invitation(invitation_id)
    if invitation.accepted_at is not None:
        raise Conflict(gettext("This invitation was accepted already."))
    if invitation.revoked_at is not None:
        raise Conflict(gettext("This invitation was withdrawn. Please invite them anew."))
    if find_account(invitation.email) is not None:
        raise EmailTaken
    token = new_token()
    invitation.token_hash, invitation.expires_at = fingerprint(token), at + LASTS_FOR
    db.session.flush()
    audit.record(
        "invitation.resent", f"invitation:{invitation_id}", by=by, at=at, detail={"role": invitation.role}
    )
    mails.send_invitation(
        invitation.email, token, name=invitation.name, role=invitation.role, by=by, locale=locale
    )


def revoke_invitation(invitation_id: int, *, by: Person, at: datetime) -> None:
    """Withdraw an offer that was not accepted yet."""
    invitation = get_invitation(invitation_id)
    if invitation.accepted_at is not None:
        raise Conflict(gettext("This invitation was accepted already."))
    if invitation.revoked_at is None:
        invitation.revoked_at = at
        audit.record("invitation.revoked", f"invitation:{invitation_id}", by=by, at=at)


def accept_invitation(token: str, *, name: str, password_hash: str, locale: str, at: datetime) -> Person:
    """Make the account; a guest becomes one and keeps handle and credits."""
    invitation = db.session.scalar(
        select(Invitation).where(Invitation.id == get_open_invitation(token, at=at).id).with_for_update()
    )
    if invitation is None or not invitation.is_open(at):
        raise DeadLink
    invitation.accepted_at = at
    if invitation.guest_id is None:
        account = add_account(
            email=invitation.email,
            name=name,
            role=invitation.role,
            password_hash=password_hash,
            locale=locale,
            by=None,
            at=at,
        )
    else:
        account = _promote_guest(invitation, name=name, password_hash=password_hash, locale=locale, at=at)
    audit.record("invitation.accepted", f"invitation:{invitation.id}", by=account, at=at)
    return account


def _promote_guest(
    invitation: Invitation, *, name: str, password_hash: str, locale: str, at: datetime
) -> Person:
    guest = get_person(invitation.guest_id or 0)
    if guest.role != GUEST:
        raise DeadLink
    if find_account(invitation.email) is not None:
        raise EmailTaken
    guest.name, guest.role, guest.email = name, invitation.role, invitation.email
    guest.email_confirmed_at, guest.password_hash, guest.locale = at, password_hash, locale
    db.session.flush()
    audit.record(
        "account.added", f"person:{guest.id}", by=None, at=at, detail={"role": guest.role, "from": "guest"}
    )
    touch(f"person:{guest.id}")
    return guest
