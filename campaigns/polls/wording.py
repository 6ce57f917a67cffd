"""What questions are called."""

from flask_babel import lazy_gettext as _

KIND_NAMES = {
    "choice": _("Answers to choose from"),
    "nps": _("How likely people are to recommend us, from 0 to 10"),
}
AUDIENCE_NAMES = {
    "users": _("I use it"),
    "purchasers": _("I buy it"),
    "decision_makers": _("I decide about it"),
    "others": _("None of these"),
}
