"""Reading campaigns."""

from campaigns.plans.queries.lists import (
    STANDING,
    CampaignRow,
    campaigns,
    campaigns_numbered,
    count_by_state,
    in_rows,
    may_be_due,
    owners,
)
from campaigns.plans.queries.loading import find_campaign, get_campaign, get_whole_campaign, plan_of
from campaigns.plans.queries.public import (
    PUBLIC_CAMPAIGNS,
    CampaignCard,
    find_public_campaign,
    picture_of,
    public_campaign_of_post,
    public_campaigns,
)
from campaigns.plans.queries.serving import (
    PostMoment,
    campaign_ids_of_posts,
    campaign_of_post,
    campaigns_of_posts,
    moments_of_posts,
    possible_owners,
    posts_in_campaign,
    posts_of,
    slugs_of_posts,
)

__all__ = [
    "PUBLIC_CAMPAIGNS",
    "STANDING",
    "CampaignCard",
    "CampaignRow",
    "PostMoment",
    "campaign_ids_of_posts",
    "campaign_of_post",
    "campaigns",
    "campaigns_numbered",
    "campaigns_of_posts",
    "count_by_state",
    "find_campaign",
    "find_public_campaign",
    "get_campaign",
    "get_whole_campaign",
    "in_rows",
    "may_be_due",
    "moments_of_posts",
    "owners",
    "picture_of",
    "plan_of",
    "possible_owners",
    "posts_in_campaign",
    "posts_of",
    "public_campaign_of_post",
    "public_campaigns",
    "slugs_of_posts",
]
