"""Figures of networks in the API, by a token with every scope: those who run campaigns, and nobody else."""

from tests.house.authorisation import only

ROWS = {
    "figures_api.list_figures GET": only("editor", "manager", "admin", at="/api/v1/figures?delivery=1"),
}
