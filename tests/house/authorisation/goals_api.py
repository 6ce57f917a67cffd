"""Goals in the API, by a token with every scope: those who run campaigns, and nobody else."""

from tests.campaigns.links.making import make_campaign
from tests.house.authorisation import only
from tests.house.authorisation.goals import RUNS, make_goal


def all_of(rest: str) -> str:
    return f"/api/v1/campaigns/{make_campaign().id}/{rest}"


def one(rest: str = "") -> str:
    goal = make_goal()
    return f"/api/v1/campaigns/{goal.campaign_id}/goals/{goal.id}{rest}"


ROWS = {
    "goals_api.list_goals GET": only(*RUNS, at=lambda: all_of("goals")),
    "goals_api.create_goal POST": only(*RUNS, at=lambda: all_of("goals")),
    "goals_api.show_goal GET": only(*RUNS, at=one),
    "goals_api.edit_goal PATCH": only(*RUNS, at=one),
    "goals_api.end_goal PUT": only(*RUNS, at=lambda: one("/end")),
    "goals_api.resume_goal DELETE": only(*RUNS, at=lambda: one("/end")),
    "goals_api.list_conversions GET": only(
        *RUNS, at=lambda: all_of("conversions?since=2026-11-01&until=2026-12-01")
    ),
}
