"""Boxes on desk pages: what readers did with a post, and with everything of a campaign."""

from typing import Any

from campaigns.channels.letters import DECOY
from campaigns.engagement import beside, queries, rules
from campaigns.engagement.definitions import NAMES
from campaigns.engagement.platform.definitions import NAMES as NETWORK_NAMES
from campaigns.engagement.store import CAMPAIGN, POST
from campaigns.plans.models import Campaign
from cms.core import clock
from cms.core.access import person
from cms.core.pages import config, page
from cms.posts.models import Post

MOST_WAYS = 6  # in a box; the page of the post has all of them


def post_panel(post: Post) -> str:
    """What readers did with a post, once they can, or could, see it."""
    if post.first_published_at is None and not post.is_live:
        return ""
    deliveries = beside.deliveries_of(post.id)
    return _box(
        POST,
        post.id,
        post=post,
        ways=beside.ways(beside.cells_of_post(post, today=clock.now().date()))[:MOST_WAYS],
        deliveries=[one for one in deliveries if one.tells],
        metrics=beside.shown_metrics(deliveries),
        network_names=NETWORK_NAMES,
    )


def campaign_panel(campaign: Campaign) -> str:
    """What readers did with the posts and links of a campaign."""
    return _box(CAMPAIGN, campaign.id)


def footer_link() -> str:
    """At the end of public pages: the way to what is counted."""
    return page("campaigns/engagement/_footer.html", decoy=DECOY)


def _box(scope: int, subject: int, **more: Any) -> str:
    if not rules.can_see_figures(person()):
        return ""
    return page(
        "campaigns/engagement/_panel.html",
        figures=queries.figures_of(scope, subject),
        opens=queries.opens_of(scope, subject),
        names=NAMES,
        window=config().visitor_window,
        **more,
    )
