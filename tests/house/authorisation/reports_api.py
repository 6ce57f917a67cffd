"""Reports in the API, by a token with every scope: those who run campaigns, and nobody else."""

from tests.factories import make_campaign
from tests.house.authorisation import only

RUNS = ("editor", "manager", "admin")


def compared() -> str:
    one, other = make_campaign("One"), make_campaign("Other")
    return f"/api/v1/reports/comparison?campaign={one.id}&campaign={other.id}"


ROWS = {"reports_api.read_comparison GET": only(*RUNS, at=compared)}
