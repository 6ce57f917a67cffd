"""UTM values: five words that tell analytics where somebody came from. `Spring`, `spring` and `spring ` are one."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping

from flask_babel import gettext as _

from cms.core.errors import Invalid

FIELDS = ("source", "medium", "campaign", "content", "term")  # in the order in which they stand in an address
CHOSEN = ("source", "medium")  # those an editor may allow values for
LONGEST = 80  # characters
_ALLOWED = re.compile(r"[^\W_](?:[\w.~-]*[^\W_])?")


def read_value(field: str, typed: str) -> str:
    """What was typed, trimmed, in lower case and in one Unicode form. Raises `Invalid` for what no value may be."""
    value = unicodedata.normalize("NFKC", typed).strip().lower()
    if value and (sentence := _wrong(value)):
        raise Invalid(errors={field: sentence})
    return value


def read_values(typed: Mapping[str, str]) -> dict[str, str]:
    """Those that say something, by field, every mistake named at once."""
    values, errors = {}, {}
    for field in FIELDS:
        try:
            values[field] = read_value(field, typed.get(field) or "")
        except Invalid as problem:
            errors.update(problem.errors)
    if errors:
        raise Invalid(errors=errors)
    return {field: value for field, value in values.items() if value}


def digest(values: Mapping[str, str]) -> str:
    """The same for the same values, whatever their order."""
    said = {field: values[field] for field in FIELDS if values.get(field)}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def fold(values: Mapping[str, str]) -> str:
    """The same for values that differ only in case, width, spaces and marks: `Spring Sale`, `spring_sale `."""
    return digest({field: _bare(value) for field, value in values.items()})


def _bare(value: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", value).casefold())


def _wrong(value: str) -> str | None:
    if len(value) > LONGEST:
        return str(_("Please use at most %(max)d characters.", max=LONGEST))
    if any(one.isspace() for one in value):
        return str(_("A value has no spaces: please write a hyphen instead."))
    if not _ALLOWED.fullmatch(value):
        return str(_("Letters, digits and, between them, the characters . _ ~ - make a value."))
    return None
