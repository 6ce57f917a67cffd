"""Reading deliveries. `pages` holds what the desk's lists read, `single` one delivery or one post, `advice` when own
deliveries did best, `waiting` what accounts have before them."""

from campaigns.deliveries.queries.advice import Advice, Hours, best_times, best_times_by_account
from campaigns.deliveries.queries.pages import in_flight
from campaigns.deliveries.queries.single import deliveries_of_post, get_delivery, timeline

__all__ = [
    "Advice",
    "Hours",
    "best_times",
    "best_times_by_account",
    "deliveries_of_post",
    "get_delivery",
    "in_flight",
    "timeline",
]
