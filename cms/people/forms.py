"""What people type about themselves, well formed or sent back with a sentence."""

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext, lazy_pgettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from cms.core.config import LOCALES
from cms.core.languages import NAMES
from cms.core.text import strip_control
from cms.people import emails, handles, passwords
from cms.people.models import ROLES, SCOPES

_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean_line(text: str | None) -> str:
    """One line without control characters and without those that turn the direction of what follows."""
    return " ".join(_DIRECTION.sub("", strip_control(text or "")).split())


def clean_text(text: str | None) -> str:
    """Several lines, without control characters."""
    return _DIRECTION.sub("", strip_control(text or "")).strip()


ROLE_NAMES = {
    "member": _("Member"),
    "expert": _("Expert"),
    "author": _("Author"),
    "editor": _("Editor"),
    "manager": _("Manager"),
    "admin": _("Admin"),
    "guest": _("Guest"),
}


def role_choices(roles: Iterable[str]) -> list[SelectChoice]:
    """Roles as a list to choose from."""
    return [SelectChoice(one, ROLE_NAMES[one]) for one in roles]


_needed = DataRequired(_("Please fill this in."))
_needed_name = [_needed, Length(max=80, message=_("A name has at most 80 characters."))]


class LineField(StringField):
    """One line of text; empty when nothing was sent."""

    data: str


class SecretField(PasswordField):
    """Something that is never shown again in the form."""

    data: str


def _at_least_one(form: Any, field: Any) -> None:
    """Not `DataRequired`: that would ask browsers to want every single box ticked."""
    if not field.data:
        raise ValidationError(gettext("Choose at least one."))


class EmailField(LineField):
    """An e-mail address; its data is normalised when it is one."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what mail could not be sent to."""
        if not self.data:
            return
        try:
            self.data = emails.normal(self.data)
        except emails.BadEmail as error:
            raise ValidationError(error.message) from error


class NewPasswordField(SecretField):
    """A password that is being chosen."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what would be guessed at once."""
        if self.data:
            try:
                passwords.check(self.data, about=tuple(getattr(form, "about", ())))
            except passwords.WeakPassword as error:
                raise ValidationError(error.message) from error


class SignInForm(FlaskForm):  # type: ignore[misc]
    """E-mail and password. What is wrong with them is never said in detail."""

    email = LineField(
        _("E-mail"), [_needed], filters=[clean_line], render_kw={"autocomplete": "username", "type": "email"}
    )
    password = SecretField(_("Password"), [_needed], render_kw={"autocomplete": "current-password"})
    next = HiddenField(filters=[clean_line])


class CodeForm(FlaskForm):  # type: ignore[misc]
    """A one-time code, from the app or from the list of recovery codes."""

    code = LineField(
        _("Code"),
        [_needed, Length(max=40, message=_("A code is shorter than that."))],
        filters=[clean_line],
        render_kw={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True},
    )


class SignUpForm(FlaskForm):  # type: ignore[misc]
    """Name and address; the password is chosen when the address is confirmed."""

    name = LineField(
        lazy_pgettext("of a person", "Name"),
        _needed_name,
        filters=[clean_line],
        render_kw={"autocomplete": "name"},
    )
    email = EmailField(
        _("E-mail"), [_needed], filters=[clean_line], render_kw={"autocomplete": "email", "type": "email"}
    )


class EmailForm(FlaskForm):  # type: ignore[misc]
    """Just an address."""

    email = EmailField(
        _("E-mail"), [_needed], filters=[clean_line], render_kw={"autocomplete": "email", "type": "email"}
    )


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A password for an account that proved itself by a link."""

    password = NewPasswordField(
        _("New password"),
        [_needed],
        render_kw={"autocomplete": "new-password", "minlength": 8, "maxlength": 256},
    )


class AcceptForm(NewPasswordForm):
    """What somebody who was invited tells us."""

    name = LineField(
        lazy_pgettext("of a person", "Name"),
        _needed_name,
        filters=[clean_line],
        render_kw={"autocomplete": "name"},
    )


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """The current password, asked for again before something grave."""

    current = SecretField(_("Current password"), [_needed], render_kw={"autocomplete": "current-password"})


class LeaveForm(PasswordForm):
    """Erasing one's own account."""

    with_texts = BooleanField(_("Take away what I wrote, too: comments, topics in circles, texts of my blog"))
    sure = BooleanField(
        _("I know that this cannot be undone"), [DataRequired(_("Please tick this box to go on."))]
    )


class EraseForm(FlaskForm):  # type: ignore[misc]
    """Erasing somebody else, who asked for it."""

    handle_to_type = ""
    with_texts = BooleanField(
        _("They want what they wrote taken away, too: comments, topics in circles, texts of their blog")
    )
    handle = LineField(_("Their handle, to make sure"), [_needed], filters=[clean_line])

    def validate_handle(self, field: LineField) -> None:
        """Whether it is the one on the page."""
        if handles.normal((field.data or "").removeprefix("@")) != self.handle_to_type:
            raise ValidationError(gettext("This is not the handle of the account on this page."))


class ChangePasswordForm(PasswordForm):
    """The current password and the next."""

    password = NewPasswordField(
        _("New password"),
        [_needed],
        render_kw={"autocomplete": "new-password", "minlength": 8, "maxlength": 256},
    )


class ChangeEmailForm(PasswordForm):
    """The current password and the new address."""

    email = EmailField(
        _("New e-mail"), [_needed], filters=[clean_line], render_kw={"autocomplete": "email", "type": "email"}
    )


class PublicProfileForm(FlaskForm):  # type: ignore[misc]
    """What others read about somebody."""

    name = LineField(
        lazy_pgettext("of a person", "Name"),
        _needed_name,
        filters=[clean_line],
        render_kw={"autocomplete": "name"},
    )
    handle = LineField(
        _("Handle"),
        [_needed],
        filters=[clean_line],
        render_kw={"maxlength": handles.LONGEST, "spellcheck": "false"},
    )
    headline_en = LineField(
        _("Headline in English"),
        [Length(max=120, message=_("At most 120 characters."))],
        filters=[clean_line],
    )
    headline_zh = LineField(
        _("Headline in Chinese"),
        [Length(max=120, message=_("At most 120 characters."))],
        filters=[clean_line],
    )
    bio_en = TextAreaField(
        _("In a few words, in English"),
        [Length(max=2000, message=_("At most 2000 characters."))],
        filters=[clean_text],
    )
    bio_zh = TextAreaField(
        _("In a few words, in Chinese"),
        [Length(max=2000, message=_("At most 2000 characters."))],
        filters=[clean_text],
    )

    def validate_handle(self, field: LineField) -> None:
        """Refuse a handle that could be mistaken or is kept for the house."""
        try:
            field.data = handles.check(field.data or "")
        except handles.BadHandle as error:
            raise ValidationError(error.message) from error


class ProfileForm(PublicProfileForm):
    """One's own: also how pages speak to one."""

    locale = SelectField(
        _("Language of mail to you"), choices=[SelectChoice(one, NAMES[one]) for one in LOCALES]
    )
    timezone = LineField(_("Time zone"), [_needed], filters=[clean_line], render_kw={"list": "zones"})


class TokenForm(FlaskForm):  # type: ignore[misc]
    """A program that may act for its owner."""

    name = LineField(
        _("What it is for"),
        [_needed, Length(max=80, message=_("At most 80 characters."))],
        filters=[clean_line],
    )
    scopes = SelectMultipleField(
        _("What it may do"),
        [_at_least_one],
        choices=[SelectChoice(one, one) for one in SCOPES],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    expires = IntegerField(
        _("Days until it ends (empty: never)"),
        [Optional(), NumberRange(1, 3650, message=_("A whole number from 1 to 3650."))],
    )


class InvitationForm(FlaskForm):  # type: ignore[misc]
    """Whom to invite, and as what."""

    email = EmailField(_("E-mail"), [_needed], filters=[clean_line], render_kw={"type": "email"})
    name = LineField(
        lazy_pgettext("of a person", "Name"),
        [Length(max=80, message=_("A name has at most 80 characters."))],
        filters=[clean_line],
    )
    role = SelectField(_("Role"), [_needed], choices=role_choices(ROLES))
    guest_id = SelectField(
        _("Becomes the account of"),
        choices=[],
        coerce=lambda value: int(value) if str(value).isdecimal() else 0,
        validate_choice=False,
    )
    locale = SelectField(
        _("Language of the message"), choices=[SelectChoice(one, NAMES[one]) for one in LOCALES]
    )


class RoleForm(FlaskForm):  # type: ignore[misc]
    """Another role for an account."""

    role = SelectField(_("Role"), [_needed], choices=role_choices(ROLES))


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the proof that it was pressed here."""
