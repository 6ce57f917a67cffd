"""What states are called."""

from flask_babel import lazy_pgettext

STATE_NAMES = {
    "applied": lazy_pgettext("blog", "Asked for"),
    "open": lazy_pgettext("blog", "Open"),
    "refused": lazy_pgettext("blog", "Refused"),
    "closed": lazy_pgettext("blog", "Closed"),
}
OUTCOME_NAMES = {
    "waiting": lazy_pgettext("pitch", "Waiting"),
    "accepted": lazy_pgettext("pitch", "Accepted"),
    "declined": lazy_pgettext("pitch", "Declined"),
    "withdrawn": lazy_pgettext("pitch", "Withdrawn"),
}
