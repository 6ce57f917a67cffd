"""Boxes on desk pages: the links of a campaign, and those of a post."""

from collections.abc import Sequence

from campaigns.links import queries, rules
from campaigns.links.models import Link
from campaigns.plans.models import Campaign
from cms.core import clock
from cms.core.access import person
from cms.core.pages import page
from cms.posts.models import Post
from cms.site.edition import post_path

SHOWN = 5


def links_of_campaign(campaign: Campaign) -> str:
    """The newest links of a campaign, and the way to another."""
    if not rules.can_see_links(person()):
        return ""
    links = queries.links(at=clock.now(), campaign_id=campaign.id, limit=SHOWN + 1)
    return _box(links, chosen={"campaign": campaign.id}, target="")


def links_of_post(post: Post) -> str:
    """The newest links to a post; while readers can see it, the way to another."""
    if not rules.can_see_links(person()) or post.trashed_at is not None:
        return ""
    links = queries.links(at=clock.now(), post_id=post.id, limit=SHOWN + 1)
    target = post_path(post.kind, post.id, post.slug) if post.is_live else None
    return _box(links, chosen={"post": post.id}, target=target) if links or target else ""


def _box(links: Sequence[Link], *, chosen: dict[str, int], target: str | None) -> str:
    return page(
        "campaigns/links/_panel.html",
        links=links[:SHOWN],
        are_more=len(links) > SHOWN,
        chosen=chosen,
        target=target,
        short_url=queries.short_url,
        at=clock.now(),
    )
