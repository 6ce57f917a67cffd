"""Campaigns in the API, by a token with every scope: those who run campaigns, and nobody else."""

from tests.factories import make_campaign
from tests.house.authorisation import only

RUNS = ("editor", "manager", "admin")


def one() -> str:
    return f"/api/v1/campaigns/{make_campaign().id}"


ROWS = {
    "plans_api.list_campaigns GET": only(*RUNS, at="/api/v1/campaigns"),
    "plans_api.create_campaign POST": only(*RUNS, at="/api/v1/campaigns"),
    "plans_api.show_campaign GET": only(*RUNS, at=one),
    "plans_api.edit_campaign PATCH": only(*RUNS, at=one),
}
