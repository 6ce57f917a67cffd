"""What staff type about accounts. What a network asks for comes from its adapter; secrets are never shown again."""

from collections.abc import Collection
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined, unused-ignore]
from wtforms.validators import InputRequired

from campaigns.channels.adapter import Adapter
from campaigns.channels.adapter import Field as Asked
from campaigns.channels.models import Account
from campaigns.channels.services import Details
from campaigns.channels.slots import DAY_SET_NAMES
from cms.core.config import LOCALES
from cms.core.errors import Problem
from cms.core.languages import NAMES
from cms.core.text import strip_control

PREFIX = "field_"  # of what an adapter asks for, so that its names never meet ours
LATEST = {
    15: _("15 minutes"),
    60: _("1 hour"),
    180: _("3 hours"),
    360: _("6 hours"),
    720: _("12 hours"),
    1440: _("1 day"),
    4320: _("3 days"),
    10080: _("7 days"),
}
# Only marks the field as needed, for people and browsers: services say what is wrong, to programs as well.
NEEDED = InputRequired()
MODES = {"publish": _("Publish at once"), "draft": _("Leave a draft there, for a person to publish")}


def _line(text: str | None) -> str:
    return " ".join(strip_control(text or "").split())


def _text(text: str | None) -> str:
    return strip_control(text or "").strip()


class ComplainingForm(FlaskForm):  # type: ignore[misc]
    """A form that takes the sentences of a service."""

    def complain(self, problem: Problem, *, prefix: str = "") -> None:
        """Put them beside the fields they are about; the others on top."""
        for name, sentence in (problem.errors or {"": str(problem.message)}).items():
            self.complain_about(f"{prefix}{name}" if name else "", str(sentence))

    def complain_about(self, name: str, sentence: str) -> None:
        """Put one sentence beside a field, or on top."""
        field = self._fields.get(name)
        if field is None:
            self.form_errors.append(sentence)
        else:
            field.errors = [*field.errors, sentence]


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the proof that it was pressed here."""


class PlaceForm(ComplainingForm):
    """Where an account is at home."""

    name = StringField(_("What the desk calls it"), filters=[_line])
    language = SelectField(_("Language of its stories"), validate_choice=False)
    zone = StringField(_("Time zone"), [NEEDED], filters=[_line], render_kw={"list": "zones"})
    mode = RadioField(_("What happens there"), default="publish", validate_choice=False)

    def offer(self, adapter: Adapter) -> None:
        """The choices there are for this network."""
        self.language.choices = [
            SelectChoice("", _("Any")),
            *(SelectChoice(one, NAMES[one]) for one in LOCALES),
        ]
        modes = [one for one in MODES if one == "publish" or adapter.can_draft]
        self.mode.choices = [SelectChoice(one, MODES[one]) for one in modes]


class DetailsForm(PlaceForm):
    """What a team decides about an account. `version` is the one the page was opened with."""

    version = HiddenField()
    name = StringField(_("What the desk calls it"), [NEEDED], filters=[_line])
    quiet_from = StringField(_("Quiet from"), filters=[_line], render_kw={"type": "time"})
    quiet_until = StringField(_("Quiet until"), filters=[_line], render_kw={"type": "time"})
    latest_minutes = SelectField(_("Still worth sending"), validate_choice=False)
    prefix = StringField(_("Begins every text"), filters=[_line])
    signature = StringField(_("Ends every text"), filters=[_line])
    utm_source = StringField("utm_source", filters=[_line])
    utm_medium = StringField("utm_medium", filters=[_line])

    def offer(self, adapter: Adapter) -> None:
        """The choices there are for this network, and what it has now."""
        super().offer(adapter)
        now = self.latest_minutes.data or "720"
        others = {int(now): _("%(num)s minutes", num=now)} if now.isdecimal() else {}
        self.latest_minutes.choices = [
            SelectChoice(str(one), label) for one, label in sorted((others | LATEST).items())
        ]

    @property
    def details(self) -> Details:
        """As the service takes them."""
        minutes = self.latest_minutes.data or ""
        return Details(
            name=self.name.data or "",
            zone=self.zone.data or "",
            mode=self.mode.data or "publish",
            language=self.language.data or "",
            quiet_from=(self.quiet_from.data or "")[:5],
            quiet_until=(self.quiet_until.data or "")[:5],
            latest_minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 9 else 0,
            prefix=self.prefix.data or "",
            signature=self.signature.data or "",
            utm_source=self.utm_source.data or "",
            utm_medium=self.utm_medium.data or "",
        )

    @property
    def read_version(self) -> int | None:
        """The version of what was read."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else None

    @staticmethod
    def values_of(account: Account) -> dict[str, object]:
        """What the form shows of an account as it is."""
        names = Details.__dataclass_fields__
        return {name: getattr(account, name) for name in names} | {
            "latest_minutes": str(account.latest_minutes),
            "version": str(account.version),
        }


class SlotForm(ComplainingForm):
    """A time in the queue, on one day or on several."""

    days = SelectField(
        _("On which days"),
        choices=[SelectChoice(key, name) for key, name in DAY_SET_NAMES.items()],
        validate_choice=False,
    )
    wall = StringField(_("At what time"), [NEEDED], filters=[_line], render_kw={"type": "time"})


class RecipientsForm(ComplainingForm):
    """A list of addresses."""

    addresses = TextAreaField(_("Addresses"), [NEEDED], filters=[_text])


class RemovalForm(ComplainingForm):
    """What cannot be undone asks for the name of the thing."""

    name = StringField(_("Name of the account"), [NEEDED], render_kw={"autocomplete": "off"})


def connection_form(adapter: Adapter, *, kept: Collection[str] = (), place: bool = True) -> type[Any]:
    """The form of what a network asks for; `kept` names the secrets that are stored already."""
    fields = {PREFIX + one.name: _field(one, is_kept=one.name in kept) for one in adapter.fields}
    return type("ConnectionForm", (PlaceForm if place else ComplainingForm,), fields)


def typed(form: Any, adapter: Adapter) -> dict[str, Any]:
    """What was typed, by the adapter's names."""
    return {one.name: form[PREFIX + one.name].data for one in adapter.fields}


def _field(asked: Asked, *, is_kept: bool) -> Any:
    needed: dict[str, Any] = {}
    about = {
        "label": asked.label,
        "description": asked.help,
        "validators": [NEEDED] if asked.is_required and not is_kept else [],
    }
    if asked.kind == "secret":
        if is_kept:
            needed["placeholder"] = _("stored, leave empty to keep it")
        return PasswordField(**about, render_kw={"autocomplete": "new-password", **needed})
    if asked.kind == "yes":
        return BooleanField(asked.label, description=asked.help, default=asked.default in ("yes", "true"))
    if asked.kind == "choice":
        choices = [SelectChoice(key, label) for key, label in asked.choices]
        return SelectField(**about, choices=choices, default=asked.default, validate_choice=False)
    if asked.kind == "lines":
        return TextAreaField(**about, default=asked.default, render_kw=needed)
    kinds = {"url": "url", "email": "email", "number": "text", "text": "text"}
    keyboard = {"inputmode": "numeric"} if asked.kind == "number" else {}
    return StringField(
        **about,
        default=asked.default,
        render_kw={"type": kinds.get(asked.kind, "text"), "autocomplete": "off", **keyboard, **needed},
    )
