"""Deliveries in the API, by a token with every scope: those who run campaigns, and nobody else."""

from datetime import timedelta

from tests.campaigns.deliveries.made import make_account, make_delivery
from tests.factories import make_post
from tests.house.authorisation import only

RUNS = ("editor", "manager", "admin")


def of_post() -> str:
    return f"/api/v1/posts/{make_post().id}/deliveries"


def one(rest: str = "", state: str = "scheduled") -> str:
    made = make_delivery(make_post(), make_account(), state, due=timedelta(hours=2))
    return f"/api/v1/deliveries/{made.id}{rest}"


ROWS = {
    "deliveries_api.list_post_deliveries GET": only(*RUNS, at=of_post),
    "deliveries_api.create_delivery POST": only(*RUNS, at=of_post),
    "deliveries_api.show_delivery GET": only(*RUNS, at=one),
    "deliveries_api.move_delivery PUT": only(*RUNS, at=lambda: one("/time")),
    "deliveries_api.cancel_delivery PUT": only(*RUNS, at=lambda: one("/cancellation")),
    "deliveries_api.retry_delivery POST": only(*RUNS, at=lambda: one("/retry", "refused")),
}
