"""Questions to readers in the API, by a token with every scope: those who run campaigns, and nobody else."""

from tests.house.authorisation import only
from tests.house.authorisation.polls import RUNS, make_poll


def one(rest: str = "") -> str:
    return f"/api/v1/polls/{make_poll().id}{rest}"


ROWS = {
    "polls_api.list_polls GET": only(*RUNS, at="/api/v1/polls"),
    "polls_api.create_poll POST": only(*RUNS, at="/api/v1/polls"),
    "polls_api.show_poll GET": only(*RUNS, at=one),
    "polls_api.edit_poll PATCH": only(*RUNS, at=one),
    "polls_api.end_poll PUT": only(*RUNS, at=lambda: one("/end")),
    "polls_api.resume_poll DELETE": only(*RUNS, at=lambda: one("/end")),
    "polls_api.show_answers GET": only(*RUNS, at=lambda: one("/results")),
}
