"""The messages this room writes, each in its reader's language."""

from flask import current_app
from flask_babel import force_locale, gettext

from cms.core.mail import queue_template
from cms.core.pages import absolute
from cms.people.models import Person


def send_sign_up(email: str, token: str, *, name: str, locale: str) -> None:
    """Finish signing up."""
    with force_locale(locale):
        subject = gettext("Finish signing up at %(site)s", site=_site())
    _send(email, "sign_up", subject, locale, name=name, link=_link(f"/sign-up/{token}", locale))


def send_has_account(email: str, *, locale: str) -> None:
    """Somebody used your address, and you have an account already."""
    with force_locale(locale):
        subject = gettext("You already have an account at %(site)s", site=_site())
    _send(email, "has_account", subject, locale, link=_link("/password", locale))


def send_reset(email: str, token: str, *, locale: str, really: bool) -> None:
    """Set a new password. Written but not sent unless `really`, so that the work does not tell who has an account."""
    with force_locale(locale):
        subject = gettext("Set a new password for %(site)s", site=_site())
        context = {
            "subject": subject,
            "locale": locale,
            "site": _site(),
            "link": _link(f"/password/{token}", locale),
        }
        if not really:
            for form in ("txt", "html"):
                current_app.jinja_env.get_template(f"emails/reset_password.{form}").render(context)
            return
    _send(email, "reset_password", subject, locale, link=context["link"])


def send_password_changed(account: Person) -> None:
    """Your password was changed; if it was not you, act."""
    with force_locale(account.locale):
        subject = gettext("Your password at %(site)s was changed", site=_site())
    link = _link("/password", account.locale)
    _send(account.email or "", "password_changed", subject, account.locale, name=account.name, link=link)


def send_email_change(email: str, token: str, *, locale: str) -> None:
    """Confirm the new address of an account."""
    with force_locale(locale):
        subject = gettext("Confirm your new e-mail at %(site)s", site=_site())
    _send(email, "change_email", subject, locale, link=_link(f"/me/email/{token}", locale))


def send_email_changed(old: str, *, locale: str) -> None:
    """To the old address: it is not the account's any more."""
    with force_locale(locale):
        subject = gettext("Your e-mail at %(site)s was changed", site=_site())
    _send(old, "email_changed", subject, locale)


def send_invitation(email: str, token: str, *, name: str, role: str, by: Person, locale: str) -> None:
    """Somebody offers you an account."""
    with force_locale(locale):
        subject = gettext("%(person)s invites you to %(site)s", person=by.name, site=_site())
    link = _link(f"/invitations/{token}", locale)
    _send(email, "invitation", subject, locale, name=name, inviter=by.name, role=role, link=link)


def _send(email: str, template: str, subject: str, locale: str, /, **context: object) -> None:
    queue_template(email, template, subject=subject, locale=locale, site=_site(), **context)


def _link(path: str, locale: str) -> str:
    return absolute(f"/{locale}{path}")


def _site() -> str:
    return absolute("").split("://", 1)[1]
