"""Reading links and their addresses, UTM rules, and values that came in."""

from campaigns.links.queries.addresses import sample_url, short_url
from campaigns.links.queries.destinations import find_destination
from campaigns.links.queries.inbound import (
    STATES,
    Family,
    campaign_of_values,
    count_waiting,
    families,
    get_inbound,
)
from campaigns.links.queries.lists import PAGE_LENGTH, STANDS, get_link, links
from campaigns.links.queries.rules import allowed_values, utm_values

__all__ = [
    "PAGE_LENGTH",
    "STANDS",
    "STATES",
    "Family",
    "allowed_values",
    "campaign_of_values",
    "count_waiting",
    "families",
    "find_destination",
    "get_inbound",
    "get_link",
    "links",
    "sample_url",
    "short_url",
    "utm_values",
]
