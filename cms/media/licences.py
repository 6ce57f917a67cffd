"""Terms of use that are offered when a file is described. Any other words may be typed as well."""

from flask_babel import lazy_gettext as _

LICENCES = (
    "CC0 1.0",
    "CC BY 4.0",
    "CC BY-SA 4.0",
    "CC BY-ND 4.0",
    "CC BY-NC 4.0",
    "CC BY-NC-SA 4.0",
    "CC BY-NC-ND 4.0",
)
IN_WORDS = (_("Public domain"), _("Our own work"), _("Licensed to us"), _("Used with permission"))


def offered_licences() -> list[str]:
    """What the field offers, in the language of the request."""
    return [*LICENCES, *(str(words) for words in IN_WORDS)]
