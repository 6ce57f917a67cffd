"""The box on Today: accounts that do not send, or soon will not."""

from campaigns.channels import queries, rules
from campaigns.channels.rows import described
from cms.core import clock
from cms.core.access import person
from cms.core.pages import page

SHOWN = 6


def today_panel() -> str:
    """Accounts somebody should look at, with the one thing to do. Empty when there is none."""
    if not rules.can_see_accounts(person()):
        return ""
    found = queries.troubled_accounts()
    rows = [one for one in described(found, clock.now()) if one.is_trouble] if found else []
    if not rows:
        return ""
    return page("campaigns/channels/_today.html", rows=rows[:SHOWN], may_connect=rules.can_connect(person()))
