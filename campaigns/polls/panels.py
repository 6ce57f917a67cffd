"""The question on its public page; and the way to it from a post and a campaign at the desk."""

from collections.abc import Sequence

from campaigns.plans.models import Campaign
from campaigns.polls import queries, rules
from campaigns.polls.models import Poll
from campaigns.polls.wording import AUDIENCE_NAMES
from cms.core.access import person
from cms.core.pages import page
from cms.posts.models import Post


def below_post(post_id: int) -> str:
    """On the public page of a post: what it asks."""
    return _asked(queries.open_polls(post_id=post_id))


def on_campaign(campaign_id: int) -> str:
    """On the public page of a campaign."""
    return _asked(queries.open_polls(campaign_id=campaign_id))


def polls_of_post(post: Post) -> str:
    """At the desk, beside a post."""
    if not rules.can_ask(person()) or post.trashed_at is not None or not post.is_live:
        return ""
    return _box({"post": post.id}, queries.open_polls(post_id=post.id))


def polls_of_campaign(campaign: Campaign) -> str:
    """At the desk, on the page of a campaign that readers have a page about."""
    if not rules.can_ask(person()) or not campaign.is_public:
        return ""
    return _box({"campaign": campaign.id}, queries.open_polls(campaign_id=campaign.id))


def _asked(polls: Sequence[Poll]) -> str:
    return page("campaigns/polls/_asked.html", polls=polls, audiences=AUDIENCE_NAMES) if polls else ""


def _box(place: dict[str, int], polls: Sequence[Poll]) -> str:
    return page("campaigns/polls/_panel.html", place=place, polls=polls)
