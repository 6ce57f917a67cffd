"""What the share box and the share page of a post show: its deliveries, and the accounts to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from campaigns.channels import queries as channels
from campaigns.channels.models import Account
from campaigns.deliveries import queries
from campaigns.deliveries.models import OPEN, Delivery
from campaigns.deliveries.queries import Advice
from campaigns.deliveries.rows import described, network_name
from cms.core import clock
from cms.posts.models import Post


@dataclass(frozen=True)
class Offer:
    """An account that may be chosen, or why not."""

    account: Account
    fits: bool  # its language is that of the post
    has_open: bool  # something of this post is on its way there
    was_sent: bool

    @property
    def is_paused(self) -> bool:
        """Nothing can go there now."""
        return self.account.state != "active"


def sharing(post: Post) -> dict[str, Any]:
    """Its deliveries in words, how many of them were refused, and the accounts by network. Three queries."""
    rows = queries.deliveries_of_post(post.id)
    return {
        "post": post,
        "rows": described(rows, clock.now()),
        "refused": sum(one.state == "refused" for one in rows),
        "groups": _groups(post, channels.accounts(), rows),
    }


def _groups(
    post: Post, accounts: Sequence[Account], rows: Sequence[Delivery]
) -> list[tuple[str, list[Offer]]]:
    """Accounts by network, those that can be chosen first; likewise the networks, first those that fit the language."""
    going = {one.account_id for one in rows if one.state in OPEN}
    sent = {one.account_id for one in rows if one.state == "sent"}
    offers = [
        Offer(one, one.language in ("", post.language), one.id in going, one.id in sent) for one in accounts
    ]
    by_network = sorted(offers, key=lambda one: one.account.channel)
    groups = [
        (network_name(key), sorted(group, key=lambda one: (*_last(one), one.account.name)))
        for key, group in groupby(by_network, key=lambda one: one.account.channel)
    ]
    return sorted(groups, key=lambda group: (*min(_last(one) for one in group[1]), group[0]))


def _last(offer: Offer) -> tuple[bool, bool]:
    return offer.is_paused, not offer.fits


def times_that_did_well(groups: list[tuple[str, list[Offer]]]) -> list[tuple[Account, Advice]]:
    """What own figures say about the hours of each account that can be chosen; those that say something first."""
    accounts = [one.account for _network, offers in groups for one in offers if not one.is_paused]
    found = queries.best_times_by_account([one.id for one in accounts], at=clock.now())
    return sorted(((one, found[one.id]) for one in accounts), key=lambda pair: not pair[1].is_enough)
