"""What figures of networks mean, and which network tells which: the desk and the documentation say it in these words."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from campaigns.channels.catalogue import find_adapter, networks

VERSION = 1  # raised whenever a figure comes to mean something else
SAME = {"comments": "replies", "reactions": "likes"}  # what some networks call it


@dataclass(frozen=True)
class Definition:
    """A figure of a network: its name, and what it counts."""

    key: str
    name: LazyString
    words: LazyString


METRICS = (
    Definition(
        "impressions",
        _("Impressions"),
        _("How often the network showed it, by its own count. One person may see it many times."),
    ),
    Definition("reads", _("Reads"), _("How often it was opened, by the network's own count.")),
    Definition(
        "likes", _("Likes"), _("Favourites and other marks of liking; in chats, reactions of any kind.")
    ),
    Definition("reposts", _("Reposts"), _("How often somebody passed it on unchanged.")),
    Definition("replies", _("Replies"), _("Answers to it, or comments under it, ours too.")),
    Definition("quotes", _("Quotes"), _("How often somebody passed it on with words of their own.")),
    Definition("bookmarks", _("Bookmarks"), _("How often somebody put it aside for later.")),
    Definition(
        "clicks",
        _("Clicks there"),
        _(
            "Clicks on its link as the network counts them, machines often among them. Our own count stands apart."
        ),
    ),
    Definition("sent", _("Letters sent"), _("Letters of a newsletter that were sent out.")),
    Definition("delivered", _("Letters delivered"), _("Letters that a mail server took.")),
    Definition(
        "opened",
        _("Letters opened"),
        _(
            "Letters whose picture was fetched. Mail programs fetch pictures by themselves: it is an upper bound, and "
            "no number of people."
        ),
    ),
)
NAMES = {one.key: one.name for one in METRICS}
ORDER = {one.key: place for place, one in enumerate(METRICS)}


def metrics_of(network: str) -> tuple[str, ...]:
    """What a network tells of what is sent there, in our words; empty when it tells nothing."""
    adapter = find_adapter(network)
    return tuple(SAME.get(one, one) for one in adapter.counts) if adapter else ()


def in_our_words(told: Mapping[str, object]) -> dict[str, int]:
    """Figures by our names. What is no number that can be a count is missing."""
    return {
        SAME.get(name, name): value
        for name, value in told.items()
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
    }


def told_by_networks() -> dict[str, tuple[str, ...]]:
    """For every network there is, what it tells."""
    return {one: metrics_of(one) for one in networks()}
