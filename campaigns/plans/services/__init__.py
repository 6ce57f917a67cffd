"""Writing campaigns. Called inside a transaction, except `prepare`, which comes before it."""

from campaigns.plans.content import prepare
from campaigns.plans.services.belonging import PostServesAnother, add_posts, assign_post, remove_post
from campaigns.plans.services.moving import CannotMove, follow_dates, move_campaign, move_day
from campaigns.plans.services.writing import CampaignChanged, SlugTaken, change_campaign, create_campaign

__all__ = [
    "CampaignChanged",
    "CannotMove",
    "PostServesAnother",
    "SlugTaken",
    "add_posts",
    "assign_post",
    "change_campaign",
    "create_campaign",
    "follow_dates",
    "move_campaign",
    "move_day",
    "prepare",
    "remove_post",
]
