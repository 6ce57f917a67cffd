"""Campaigns as readers see them, with a feed of each. The same for everybody, so made once and kept."""

from flask_babel import gettext as _

from campaigns.plans import queries
from campaigns.plans.goals import TARGETS
from campaigns.plans.models import Campaign, CampaignPost
from campaigns.plans.views import bp
from campaigns.plans.wording import long_day
from cms.core.access import public
from cms.core.errors import NotFound
from cms.core.languages import localized
from cms.core.pagecache import cached_page, depends_on
from cms.core.pages import page
from cms.core.seams import panels
from cms.site.asked import edition, feed_links, host, next_url, own_query, place
from cms.site.edition import Edition
from cms.site.feeds.serving import FeedOf, add_feeds, titled
from cms.site.heads import list_head
from cms.site.queries.cards import cards, dependencies
from cms.site.queries.listing import Gathering, Listing, Scope, page_of
from cms.site.queries.site import in_words, site


@bp.get("/campaigns")
@public
@cached_page
def list_public_campaigns() -> str:
    """What runs, what is to come, and what is over."""
    wanted, shown = edition(), site()
    heading, intro = _("Campaigns"), _("What we stand up for, what is new, and what came of it.")
    found = queries.public_campaigns(wanted)
    depends_on("campaigns", *(f"media:{one.picture.id}" for one in found if one.picture))
    return page(
        "campaigns/plans/public/list.html",
        standing=[one for one in found if not one.is_over],
        over=[one for one in found if one.is_over],
        heading=heading,
        intro=intro,
        feeds=feed_links(wanted, "/", in_words(shown.name, wanted.locale)),
        head=list_head(wanted, host(), shown, path="/campaigns", title=heading, about=intro),
        long_day=long_day,
    )


@bp.get("/campaigns/<slug>")
@public
@cached_page
def show_public_campaign(slug: str) -> str:
    """One campaign: its story, its cause, who carries it, and its posts and notes."""
    campaign = _public(slug)
    wanted = edition()
    path = f"/campaigns/{campaign.slug}"
    ids, following = page_of(_listing(campaign), Scope(prefer=wanted.locale), before=place())
    shown = cards(wanted, ids)
    depends_on(f"campaign:{campaign.id}", *dependencies(shown))
    if campaign.cover_id is not None:
        depends_on(f"media:{campaign.cover_id}")
    name, about = in_words(campaign.name, wanted.locale), in_words(campaign.summary, wanted.locale)
    return page(
        "campaigns/plans/public/show.html",
        campaign=campaign,
        picture_shown=queries.picture_of(campaign),
        story=localized(campaign.story_html, wanted.locale),
        heading=name,
        intro=about,
        cards=shown,
        is_first=place() is None,
        next_url=next_url(wanted, path, following),
        goals=TARGETS,
        partners=[one for one in campaign.partners if one.is_public],
        pages=[one for one in campaign.pages if one.is_public],
        panels=[render(campaign_id=campaign.id) for render in panels("site.campaign")],
        feeds=feed_links(wanted, path, name),
        head=list_head(wanted, host(), site(), path=path, title=name, about=about, query=own_query()),
        long_day=long_day,
    )


def of_campaign(edition: Edition, slug: str) -> FeedOf:
    """What serves one campaign."""
    campaign = _public(slug)
    return FeedOf(
        _listing(campaign),
        f"/campaigns/{campaign.slug}",
        titled(in_words(campaign.name, edition.locale), edition),
        in_words(campaign.summary, edition.locale),
        f"campaign:{campaign.id}",
    )


add_feeds(bp, "campaign_feed", "/campaigns/<slug>", of_campaign)


def _public(slug: str) -> Campaign:
    campaign = queries.find_public_campaign(slug)
    if campaign is None:
        raise NotFound
    return campaign


def _listing(campaign: Campaign) -> Listing:
    return Listing(gathering=Gathering(CampaignPost.post_id, CampaignPost.campaign_id, campaign.id))
