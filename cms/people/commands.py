"""What the shell does with people: `parley user add`, `parley token add`, `parley mail`."""

import sys
from datetime import timedelta

import click
from flask_babel import gettext

from cms.core import clock
from cms.core.config import LOCALES
from cms.core.database import db, transaction
from cms.core.doctor import Check, Finding
from cms.core.errors import Invalid, NotFound
from cms.core.models import OutgoingMail
from cms.core.pages import absolute, config
from cms.people import audit, emails, passwords, queries, services
from cms.people.forms import clean_line
from cms.people.models import ROLES, SCOPES
from cms.people.services.links import make_link


@click.group("user")
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="As readers see it.")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What the account may do.")
@click.option("--handle", help="The profile's address, /@HANDLE; made from the name by default.")
@click.option("--locale", type=click.Choice(LOCALES), help="The language of mail to them.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add_user(
    email: str, name: str, role: str, handle: str | None, locale: str | None, password_stdin: bool
) -> None:
    """Make an account. Without a password, prints a link that sets one (good for an hour)."""
    address, at = emails.normal(email), clock.now()
    shown = clean_line(name)
    if not 1 <= len(shown) <= 80:
        raise Invalid(gettext("A name has at most 80 characters."))
    password_hash = _password(address, shown) if password_stdin else None
    with transaction():
        account = services.add_account(
            email=address,
            name=shown,
            role=role,
            handle=handle,
            password_hash=password_hash,
            locale=locale or config().locale,
            timezone=config().timezone,
            by=None,
            at=at,
        )
        link = "" if password_hash else make_link("reset_password", address, person_id=account.id, at=at)
        handle = account.handle
    click.echo(f"{address} is {role}, profile {absolute(f'/@{handle}')}")
    if link:
        click.echo(f"Choose a password: {absolute(f'/password/{link}')}")


@user.command("link")
@click.argument("email")
def link_user(email: str) -> None:
    """Print a link by which the owner of an account chooses a password (good for an hour)."""
    address, at = emails.normal(email), clock.now()
    with transaction():
        account = queries.find_account(address)
        if account is None:
            raise NotFound(gettext("There is no such account."))
        link = make_link("reset_password", address, person_id=account.id, at=at)
        audit.record("password.link_made", f"person:{account.id}", by=None, at=at)
    click.echo(f"Choose a password: {absolute(f'/password/{link}')}")


@click.group("token")
def token() -> None:
    """API tokens."""


@token.command("add")
@click.argument("email")
@click.option("--scope", "scopes", multiple=True, required=True, help=f"May be repeated: {' '.join(SCOPES)}")
@click.option("--expires", type=click.IntRange(1, 3650), help="Days until it ends; never by default.")
@click.option("--name", default="made in the shell", help="What it is for.")
def add_token(email: str, scopes: tuple[str, ...], expires: int | None, name: str) -> None:
    """Print a new API token for an account, this once."""
    account, at = queries.find_account(emails.normal(email)), clock.now()
    if account is None or not account.is_active:
        raise NotFound(gettext("There is no such account."))
    chosen = [part for scope in scopes for part in scope.replace(",", " ").split()]
    with transaction():
        secret = services.create_token(
            account.id,
            name=clean_line(name)[:80],
            scopes=chosen,
            expires_at=at + timedelta(days=expires) if expires else None,
            by=None,
            at=at,
        )
    click.echo(secret)


@click.command("mail")
@click.argument("number", required=False, type=int)
def show_mail(number: int | None) -> None:
    """List mail that waits or failed, or print one message by its number."""
    if number is not None:
        row = db.session.get(OutgoingMail, number)
        if row is None:
            raise NotFound(gettext("There is no such message."))
        click.echo(f"To: {row.recipient}\nSubject: {row.subject}\n\n{row.text}")
        return
    for row in queries.outgoing_mail(limit=200):
        if row.sent_at is None:
            state = "failed: " + (row.failure or "") if row.failed_at else "waiting"
            click.echo(f"{row.id}\t{row.created_at:%Y-%m-%d %H:%M}\t{row.recipient}\t{row.subject}\t{state}")


def check_admin() -> Finding:
    """For the doctor: whether somebody can look after accounts. A fresh site has nobody, and is well."""
    if queries.has_admin():
        return Finding("Admin", True, "There is somebody who looks after accounts.")
    return Finding("Admin", True, "Nobody yet: `parley user add EMAIL --name NAME --role admin` makes one.")


def _password(email: str, name: str) -> str:
    typed = sys.stdin.readline().rstrip("\r\n")
    passwords.check(typed, about=(email, name))
    return passwords.make_hash(typed)


COMMANDS: list[click.Command] = [user, token, show_mail]
CHECKS: list[Check] = [audit.check_log, check_admin]
