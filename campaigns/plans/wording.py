"""What kinds, states, audiences and measures are called, and how states are drawn."""

from datetime import date, timedelta

from flask_babel import format_date, format_timedelta, get_locale
from flask_babel import lazy_gettext as _

from campaigns.plans.models import Campaign

KIND_NAMES = {"brand": _("Brand"), "product": _("Product"), "csr": _("Social responsibility")}
STATE_NAMES = {
    "planned": _("In preparation"),
    "running": _("Running"),
    "paused": _("Paused"),
    "finished": _("Finished"),
    "archived": _("In the archive"),
}
STATE_LOOKS = {
    "planned": "quiet",
    "running": "good",
    "paused": "warn",
    "finished": "quiet",
    "archived": "quiet",
}
ACT_NAMES = {  # what brings it there: (from, to)
    ("planned", "running"): _("Begin today"),
    ("planned", "archived"): _("Put into the archive"),
    ("running", "paused"): _("Pause"),
    ("running", "finished"): _("Finish today"),
    ("paused", "running"): _("Go on"),
    ("paused", "finished"): _("Finish today"),
    ("finished", "running"): _("Take up again"),
    ("finished", "archived"): _("Put into the archive"),
    ("archived", "planned"): _("Take out of the archive"),
    ("archived", "finished"): _("Take out of the archive"),
}
AUDIENCE_NAMES = {
    "users": _("Users"),
    "purchasers": _("Purchasers"),
    "decision_makers": _("Decision-makers"),
    "others": _("Others"),
}
RESOURCE_NAMES = {
    "own": _("Our own"),
    "partner": _("A partner's"),
    "industry": _("The industry's"),
    "customer": _("A customer's"),
}
MEASURE_NAMES = {
    "reach": _("People reached"),
    "views": _("Views"),
    "engaged": _("Engaged readers"),
    "verified_clicks": _("Verified clicks"),
    "comments": _("Comments by readers"),
    "sign_ups": _("Sign-ups"),
    "other": _("Something else"),
}


def days_of(campaign: Campaign) -> str:
    """Its first and last day in words."""
    return f"{day_word(campaign.starts_on)} – {day_word(campaign.ends_on)}"


def day_word(day: date) -> str:
    """A day in words, with its year."""
    return str(format_date(day, "y年M月d日" if _is_chinese() else "d MMM y"))


def age_word(days: float) -> str:
    """How long something has been, as people say it: "15 minutes", "3 days"."""
    return str(format_timedelta(timedelta(days=days), threshold=0.9))


def long_day(day: date) -> str:
    """A day in full, as readers see it."""
    return str(format_date(day, "y年M月d日" if _is_chinese() else "d MMMM y"))


def _is_chinese() -> bool:
    return str(get_locale()).startswith("zh")
