"""Links in the API, by a token with every scope: those who run campaigns, and nobody else."""

from tests.campaigns.links.making import make_link
from tests.house.authorisation import only

RUNS = ("editor", "manager", "admin")


def one(rest: str = "") -> str:
    return f"/api/v1/links/{make_link().id}{rest}"


ROWS = {
    "links_api.list_links GET": only(*RUNS, at="/api/v1/links"),
    "links_api.create_link POST": only(*RUNS, at="/api/v1/links"),
    "links_api.show_link GET": only(*RUNS, at=one),
    "links_api.edit_link PATCH": only(*RUNS, at=one),
    "links_api.end_link PUT": only(*RUNS, at=lambda: one("/end")),
    "links_api.resume_link DELETE": only(*RUNS, at=lambda: one("/end")),
}
