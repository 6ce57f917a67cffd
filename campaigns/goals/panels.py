"""Boxes on desk pages: the goals of a campaign, and how many reached them."""

import logging
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from campaigns.channels.queries import accounts
from campaigns.goals import queries, rules
from campaigns.goals.figures import Sum, sums
from campaigns.goals.wording import CHANNELS, WARNINGS, goal_in_words
from campaigns.plans.figures import money_in_words
from campaigns.plans.models import Campaign
from cms.core import clock
from cms.core.access import person
from cms.core.pages import page

log = logging.getLogger(__name__)


def goals_of_campaign(campaign: Campaign) -> str:
    """Every goal with what was reached since the campaign was made; and the way to another."""
    if not rules.can_set_goals(person(), campaign):
        return ""
    goals = queries.goals_of(campaign.id)
    return page(
        "campaigns/goals/_panel.html",
        campaign=campaign,
        goals=goals,
        told=_sums(campaign) if goals else {},
        warnings={one.id: WARNINGS[found] for one in goals if (found := queries.warning_of(one))},
        in_words=goal_in_words,
        money=money_in_words,
        channel_name=_channel_names() if goals else {},
    )


def _sums(campaign: Campaign) -> Mapping[int, Sum] | None:
    """None when the store cannot be read: the page is shown all the same."""
    since, until = campaign.created_at.date() - timedelta(days=1), clock.now().date() + timedelta(days=2)
    try:
        return sums(queries.conversions([campaign.id], since=since, until=until))
    except SQLAlchemyError:
        log.exception("the store of what readers did cannot be read")
        return None


def _channel_names() -> dict[str, str]:
    named = {f"account:{one.id}": one.name for one in accounts(with_removed=True)}
    return {**named, **{key: str(name) for key, name in CHANNELS.items()}}
