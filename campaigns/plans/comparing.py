"""What two people wrote about one campaign, where they differ: so that the second sees what the first said."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from campaigns.plans.content import Plan
from campaigns.plans.wording import AUDIENCE_NAMES, KIND_NAMES, MEASURE_NAMES, RESOURCE_NAMES

LABELS = {
    "name": _("What it is called"),
    "summary": _("Summary"),
    "story": _("Story"),
    "purpose": _("Purpose"),
    "kind": _("Kind"),
    "cause": _("Cause"),
    "sdg_targets": _("Targets of the United Nations"),
    "starts_on": _("First day"),
    "ends_on": _("Last day"),
    "zone": _("Time zone"),
    "currency": _("Usual currency"),
    "is_public": _("Readers have a page about it"),
    "audiences": _("Audiences"),
    "money": _("Budget and costs"),
    "targets": _("What it wants to reach"),
    "partners": _("Partners and media"),
    "pages": _("Pages elsewhere"),
}
_NAMES = {**KIND_NAMES, **AUDIENCE_NAMES, **RESOURCE_NAMES, **MEASURE_NAMES}


@dataclass(frozen=True)
class Difference:
    """A field, and what stands there now, in lines."""

    label: Any
    lines: list[str]


def differences(mine: Plan, theirs: Plan) -> Iterator[Difference]:
    """The fields in which what stands now differs from what was typed."""
    for name, label in LABELS.items():
        typed, standing = _plain(getattr(mine, name)), _plain(getattr(theirs, name))
        if typed != standing:
            yield Difference(label, [line for line in standing if line])


def _plain(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{language}: {text.strip()}" for language, text in sorted(value.items()) if text.strip()]
    if isinstance(value, list | tuple):
        return [_line(one) for one in value]
    if isinstance(value, bool):
        return [str(_("Yes") if value else _("No"))]
    return [str(_NAMES.get(value, value) if value is not None else "")]


def _line(row: Any) -> str:
    """One row in words."""
    if isinstance(row, str):
        return row
    parts = [str(_NAMES.get(one, one)) for one in vars(row).values() if one not in (None, "", False, True)]
    return " · ".join(parts)
