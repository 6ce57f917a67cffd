"""What every column of a report is: its name, what it counts, how it is worked out, and by which clock.

What readers do on our pages is defined once, in `engagement`; here stands what reports add.
"""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from campaigns.engagement import definitions as engagement
from campaigns.reports.shapes import Column, Per

VERSION = 1  # raised whenever a figure of this room comes to mean something else


@dataclass(frozen=True)
class Definition:
    """A column in words."""

    name: LazyString
    words: LazyString
    formula: LazyString


def _ours(key: str) -> LazyString:
    return next(one.words for one in engagement.FIGURES if one.key == key)


COLUMNS = (
    Column("reach", "people", "period", "ours", engagement.VERSION),
    Column("views", "count", "period", "ours", engagement.VERSION),
    Column("engaged", "count", "period", "ours", engagement.VERSION),
    Column("readers", "people", "period", "ours", engagement.VERSION),
    Column("seconds", "seconds", "period", "ours", engagement.VERSION),
    Column("verified", "count", "period", "ours", engagement.VERSION),
    Column("conversions", "count", "period", "ours", engagement.VERSION),
    Column("comments", "count", "period", "ours", engagement.VERSION),
    Column("entries", "count", "period", "ours", engagement.VERSION),
    Column("followers", "count", "period", "networks", 2),  # 2: of its own days alone
    Column("shown", "count", "lifetime", "networks", VERSION),
    Column("cost", "money", "plan", "plan", VERSION),
)
BY_KEY = {one.key: one for one in COLUMNS}
OF_POSTS = ("views", "engaged", "verified")  # counted for each post
DONE = {  # by column, the facts that are counted in it
    "conversions": ("goal", "signup"),
    "comments": ("comment",),
    "entries": ("entry",),
}
PER_COLUMNS: dict[Per, tuple[str, ...]] = {
    "post": (*OF_POSTS, *DONE, "cost"),
    "reached": ("readers", "views", "verified", *DONE, "followers", "cost"),
    "money": ("reach", "readers", *OF_POSTS, *DONE, "followers"),
}
PER_BASE: dict[Per, int] = {"post": 1, "reached": 1000, "money": 100}

WORDS: dict[str, Definition] = {
    "reach": Definition(
        _("People reached"),
        _ours("people"),
        _("Different people on the days, each counted once for all channels and pages of the campaign."),
    ),
    "views": Definition(_("Views"), _ours("views"), _("The views of all its days, added up.")),
    "engaged": Definition(
        _("Engaged views"), _ours("engaged"), _("The engaged views of all its days, added up.")
    ),
    "readers": Definition(
        _("Engaged readers"),
        _("Different people with at least one view in which the page was in sight for ten seconds or more."),
        _("Different people with an engaged view on the days, each counted once."),
    ),
    "seconds": Definition(
        _("Reading time"), _ours("seconds"), _("Seconds in sight of all its days, divided by its views.")
    ),
    "verified": Definition(
        _("Verified clicks"), _ours("verified"), _("The verified clicks of all its days, added up.")
    ),
    "conversions": Definition(
        _("Conversions"),
        _(
            "A goal of the campaign was reached, or somebody signed up. Each person once for each goal and day."
        ),
        _("Goals reached and sign-ups of all its days, added up."),
    ),
    "comments": Definition(
        _("Comments by readers"),
        _("Comments that readers left at its posts."),
        _("The comments of all its days, added up."),
    ),
    "entries": Definition(
        _("Contest entries"),
        _("What readers handed in for contests of the campaign."),
        _("The entries of all its days, added up."),
    ),
    "followers": Definition(
        _("Followers gained"),
        _(
            "By how many the followers of the accounts that carried it grew while it ran; nobody can say why they came."
            " Of an account that carried several campaigns at once they count for each."
        ),
        _(
            "Followers on the last of its own days less followers on the first, among the days looked at, added over its"
            " accounts."
        ),
    ),
    "shown": Definition(
        _("Reach said by networks"),
        _(
            "How often networks say that they showed its messages. One person may be among several networks, so it is"
            " between the largest of them and their sum. It is never added to our own reach."
        ),
        _(
            "From the largest figure of one network to the sum of all, of messages sent, as of the last time asked."
        ),
    ),
    "cost": Definition(
        _("Cost"),
        _("What its plan says was spent, in its own currency. Currencies are never converted or added up."),
        _("The costs of the plan whose day is in the period, and those without a day."),
    ),
}
