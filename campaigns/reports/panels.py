"""Boxes on desk pages: the way from a campaign to its comparison."""

from flask import url_for

from campaigns.plans.models import Campaign
from campaigns.plans.queries import campaigns
from campaigns.reports import rules
from cms.core.access import person
from cms.core.pages import page

BESIDE = 2  # other campaigns it is laid beside


def campaign_panel(campaign: Campaign) -> str:
    """Beside the newest others that have begun; nothing while it is alone."""
    if not rules.can_read_reports(person()):
        return ""
    states = ("running", "paused", "finished", "archived")
    others = [one.id for one in campaigns(states=states, limit=50) if one.id != campaign.id]
    if not others:
        return ""
    chosen = [campaign.id, *others[:BESIDE]]
    return page(
        "campaigns/reports/_campaign.html",
        by_date=url_for("reports.show_comparison", campaign=chosen),
        by_launch=url_for("reports.show_comparison", campaign=chosen, align="launch"),
    )
