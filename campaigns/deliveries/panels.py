"""Boxes on desk pages: where a post goes, what asks a person, what a campaign sends, and the banner of a pause."""

from flask import request

from campaigns.channels.models import Account
from campaigns.deliveries import queries, rules
from campaigns.deliveries.forms import EmptyForm, ShareForm
from campaigns.deliveries.queries import pages as reads
from campaigns.deliveries.queries.pages import Narrowed
from campaigns.deliveries.rows import described
from campaigns.deliveries.sharing import sharing
from campaigns.deliveries.wording import SCOPES
from campaigns.plans.models import Campaign
from cms.core import clock
from cms.core.access import person
from cms.core.pages import page
from cms.people import queries as people
from cms.posts.models import Post

SHOWN = 6


def post_panel(post: Post) -> str:
    """Where a post goes and how that went, and the form to send it to more accounts."""
    by = person()
    if by is None or not rules.can_plan(by, post):
        return ""
    form = ShareForm.first(zone=people.zone_of(by), is_live=post.is_live)
    return page(
        "campaigns/deliveries/_share_panel.html", **sharing(post), form=form, button=EmptyForm(formdata=None)
    )


def today_panel() -> str:
    """Deliveries that ask a person. Empty when there are none."""
    if not rules.can_see_deliveries(person()):
        return ""
    found = reads.asking(limit=SHOWN)
    if not found:
        return ""
    rows = described(found[:SHOWN], clock.now())
    return page("campaigns/deliveries/_today.html", rows=rows, has_more=len(found) > SHOWN)


def campaign_panel(campaign: Campaign) -> str:
    """What goes out for a campaign, and what asks a person."""
    if not rules.can_see_deliveries(person()):
        return ""
    at, narrowed = clock.now(), Narrowed(campaign_id=campaign.id)
    asking = reads.deliveries("asking", narrowed, limit=SHOWN)
    coming = reads.deliveries("next", narrowed, limit=SHOWN)
    sent = reads.deliveries("sent", narrowed, limit=SHOWN)
    return page(
        "campaigns/deliveries/_campaign.html",
        campaign=campaign,
        rows=described([*asking[:SHOWN], *coming[:SHOWN], *sent[:SHOWN]][:SHOWN], at),
        button=EmptyForm(formdata=None),
    )


def account_panel(account: Account) -> str:
    """At which hours it did well so far, by its own figures."""
    if not rules.can_see_deliveries(person()):
        return ""
    found = queries.best_times_by_account([account.id], at=clock.now())
    return page("campaigns/deliveries/_account.html", account=account, advice=found[account.id])


def hold_banner() -> str:
    """On every page of the desk while something is paused. One query."""
    if not request.path.startswith("/desk") or person() is None:
        return ""
    holds = reads.standing_holds()
    if not holds:
        return ""
    return page(
        "campaigns/deliveries/_banner.html",
        holds=holds,
        scopes=SCOPES,
        may_see=rules.can_see_deliveries(person()),
    )
