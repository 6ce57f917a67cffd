"""Boxes on pages of the rooms above: the campaign of a post, and adding chosen posts to one."""

from flask import url_for

from campaigns.plans import queries, rules
from campaigns.plans.forms import EmptyForm
from campaigns.plans.wording import STATE_LOOKS, STATE_NAMES
from cms.core.access import person
from cms.core.pagecache import depends_on
from cms.core.pages import page
from cms.posts.models import Post
from cms.site.asked import edition

OFFERED = 200


def campaign_of_post(post: Post) -> str:
    """Which campaign a post serves, and another one to choose."""
    if not rules.can_choose_campaign(person(), post) or post.trashed_at is not None:
        return ""
    mine = queries.campaign_of_post(post.id)
    offered = [one for one in queries.campaigns(limit=OFFERED) if mine is None or one.id != mine.id]
    if mine is None and not offered:
        return ""
    return page(
        "campaigns/plans/_post.html",
        post=post,
        mine=mine,
        offered=offered,
        state_names=STATE_NAMES,
        state_looks=STATE_LOOKS,
        button=EmptyForm(formdata=None),
    )


def part_of(post_id: int) -> str:
    """On the public page of a post: the campaign it is part of, when readers have a page about it."""
    campaign = queries.public_campaign_of_post(post_id)
    if campaign is None:
        return ""
    depends_on(f"campaign:{campaign.id}")
    return page(
        "campaigns/plans/_part_of.html", campaign=campaign, url=edition().to(f"/campaigns/{campaign.slug}")
    )


def choice_of_campaign(campaign_id: int | None) -> str:
    """Among the conditions of the list of posts: one campaign. The archive too, when one of it is chosen."""
    if not rules.can_see_campaigns(person()):
        return ""
    offered = list(queries.campaigns(limit=OFFERED))
    if campaign_id is not None and campaign_id not in {one.id for one in offered}:
        offered += queries.campaigns_numbered([campaign_id])
    if not offered:
        return ""
    return page("campaigns/plans/_choice.html", offered=offered, chosen=campaign_id)


def with_chosen_posts() -> str:
    """In the bar below the list of posts: let those that are chosen serve a campaign."""
    if not rules.can_edit_campaigns(person()):
        return ""
    offered = queries.campaigns(limit=OFFERED)
    if not offered:
        return ""
    return page("campaigns/plans/_bulk.html", offered=offered, address=url_for("plans.add_chosen"))
