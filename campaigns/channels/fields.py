"""What an adapter asks for, read from what somebody typed: one check for the page and the API.

Nothing is known here of any network. Secrets are kept apart from the start, so that what is shown again never holds one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from campaigns.channels.adapter import Adapter, Field
from cms.core.addresses import AddressRefused, read_url
from cms.core.errors import Invalid
from cms.core.text import strip_control
from cms.people import emails

LONGEST = 2000  # characters of one value
LONGEST_LINES = 20_000


@dataclass(frozen=True)
class Filled:
    """The fields of an account, filled in."""

    settings: Mapping[str, Any]
    secrets: Mapping[str, str]


def read_fields(
    adapter: Adapter,
    typed: Mapping[str, Any],
    *,
    stored: Mapping[str, Any] | None = None,
    kept: Collection[str] = (),
) -> Filled:
    """What was typed, as the adapter reads it. Raises `Invalid` that names every field that is wrong.

    `stored` are the settings of an account that is changed, `kept` the names of the secrets it has: an empty secret
    stays as it is, unless a field that says where secrets are sent was changed.
    """
    settings: dict[str, Any] = {}
    secrets: dict[str, str] = {}
    errors: dict[str, str] = {}
    for field in adapter.fields:
        value = typed.get(field.name)
        try:
            if field.is_secret:
                secrets[field.name] = _line(field, value)
            else:
                settings[field.name] = _read(field, value)
        except Invalid as problem:
            errors[field.name] = str(problem.message)
    is_moved = stored is not None and _leads_elsewhere(adapter, stored, settings)
    for field in adapter.fields:
        if field.is_secret and not secrets.get(field.name) and field.name not in errors:
            if is_moved and field.name in kept:
                errors[field.name] = _(
                    "The address changed. Please give this again: what is stored is never sent to another place."
                )
            elif field.is_required and field.name not in kept:
                errors[field.name] = _("Please fill this in.")
    if errors:
        raise Invalid(errors=errors)
    return Filled(settings, {name: value for name, value in secrets.items() if value})


def lacking(adapter: Adapter, settings: Mapping[str, Any]) -> list[str]:
    """The labels of what an account has to have and has not: it was connected before its network asked for it."""
    return [
        str(one.label)
        for one in adapter.fields
        if one.is_required and not one.is_secret and not (settings.get(one.name) or one.default)
    ]


def _leads_elsewhere(adapter: Adapter, stored: Mapping[str, Any], settings: Mapping[str, Any]) -> bool:
    leading = [one for one in adapter.fields if one.leads and not one.is_secret and one.name in settings]
    return any(
        (stored.get(one.name) or one.default) != (settings[one.name] or one.default) for one in leading
    )


def _read(field: Field, value: Any) -> Any:
    if field.kind == "yes":
        return value in (True, "y", "yes", "true", "on", "1")
    text = _lines(value) if field.kind == "lines" else _line(field, value)
    if not text:
        if field.is_required:
            raise Invalid(_("Please fill this in."))
        return field.default
    return _KINDS.get(field.kind, _as_it_is)(field, text)


def _as_it_is(field: Field, text: str) -> str:
    return text


def _url(field: Field, text: str) -> str:
    try:
        read_url(text)
    except AddressRefused as error:
        raise Invalid(_("This is not an address. It begins with https:// and has no spaces.")) from error
    return text


def _email(field: Field, text: str) -> str:
    return emails.normal(text)


def _number(field: Field, text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise Invalid(_("Please give a whole number."))
    return int(text)


def _choice(field: Field, text: str) -> str:
    if text not in {key for key, _label in field.choices}:
        raise Invalid(_("Please choose one of those that are offered."))
    return text


_KINDS = {"url": _url, "email": _email, "number": _number, "choice": _choice}


def _line(field: Field, value: Any) -> str:
    text = strip_control("" if value is None else str(value)).strip()
    if len(text) > LONGEST:
        raise Invalid(_("Please use at most %(max)d characters.", max=LONGEST))
    if "\n" in text or "\r" in text:
        raise Invalid(_("Please give this in one line."))
    return text


def _lines(value: Any) -> str:
    text = strip_control("" if value is None else str(value)).replace("\r\n", "\n").strip()
    if len(text) > LONGEST_LINES:
        raise Invalid(_("Please use at most %(max)d characters.", max=LONGEST_LINES))
    return text
