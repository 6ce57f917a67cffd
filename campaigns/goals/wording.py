"""What goals and facts are called."""

from flask_babel import gettext, lazy_pgettext
from flask_babel import lazy_gettext as _

from campaigns.goals.models import Goal

KIND_NAMES = {
    "page": _("A page of ours is opened"),
    "link": _("A link of the campaign is followed, and our page really shown"),
    "fact": _("Something else is done"),
}
FACT_NAMES = {
    "share": _("A page is shared"),
    "download": _("A file is saved"),
    "outbound": _("Another site is visited from ours"),
    "signup": _("An account is made"),
    "comment": _("A comment is written"),
    "reaction": _("Somebody reacts"),
    "vote": _("A vote is given"),
    "entry": _("Somebody enters a contest"),
    "answer": _("A question is answered"),
    "join": _("Somebody joins a circle"),
}
WARNINGS = {
    "missing": _("No page of ours is at this address, so nobody can reach this goal. Check the address."),
    "hidden": _("Readers cannot see this post now, so nobody can reach this goal until it is published."),
    "uncounted": _(
        "Visits of this page are not counted, because it is not the same for everybody. Choose another page, or what"
        " people do there."
    ),
}
CHANNELS = {
    "link": lazy_pgettext("channel", "Short links"),
    "feed": lazy_pgettext("channel", "Feeds"),
    "mail": lazy_pgettext("channel", "Mail"),
    "search": lazy_pgettext("channel", "Search engines"),
    "site": lazy_pgettext("channel", "Other sites"),
    "direct": lazy_pgettext("channel", "Direct"),
    "inside": lazy_pgettext("channel", "From our pages"),
}


def goal_in_words(goal: Goal) -> str:
    """What has to happen: `/posts/spring-notes is opened`. Needs its link."""
    if goal.kind == "page":
        return str(gettext("%(page)s is opened", page=goal.path))
    if goal.kind == "link":
        name = goal.link.label or goal.link.target if goal.link else ""
        return str(gettext("%(link)s is followed", link=name))
    said = str(FACT_NAMES[goal.fact])
    return f"{said}: {goal.fact_key}" if goal.fact_key else said
