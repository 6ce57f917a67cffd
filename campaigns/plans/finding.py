"""Campaigns in what the command palette finds."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _

from campaigns.plans import queries, rules
from campaigns.plans.models import Campaign
from cms.core.desk import Found
from cms.core.languages import localized
from cms.people.models import Person


def find_campaigns(words: str, by: Person, limit: int) -> Iterable[Found]:
    """By their names, in any language, and by their addresses; without those in the archive."""
    if rules.can_see_campaigns(by):
        for one in queries.campaigns(search=words, limit=limit):
            yield _found(one)


def _found(campaign: Campaign) -> Found:
    url = url_for("plans.show_campaign", campaign_id=campaign.id)
    return Found(localized(campaign.name), url, _("Campaign"))
