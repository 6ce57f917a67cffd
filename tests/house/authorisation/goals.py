"""Who may use the pages of goals: those who run campaigns."""

from campaigns.goals.models import Goal
from cms.core import clock
from tests.campaigns.links.making import make_campaign
from tests.factories import save
from tests.house.authorisation import only

RUNS = ("editor", "manager", "admin")


def make_goal() -> Goal:
    given = {"name": "Opened", "kind": "page", "path": "/archive", "subject": "page:/archive"}
    return save(Goal(campaign_id=make_campaign().id, created_at=clock.now(), **given))


def goal(rest: str = "") -> str:
    return f"/desk/goals/{make_goal().id}{rest}"


ROWS = {
    "goals.new_goal GET": only(*RUNS, at=lambda: f"/desk/campaigns/{make_campaign().id}/goals/new"),
    "goals.create_goal POST": only(*RUNS, at=lambda: f"/desk/campaigns/{make_campaign().id}/goals"),
    "goals.edit_goal GET": only(*RUNS, at=goal),
    "goals.save_goal POST": only(*RUNS, at=goal),
    "goals.end_goal POST": only(*RUNS, at=lambda: goal("/end")),
    "goals.resume_goal POST": only(*RUNS, at=lambda: goal("/end/removal")),
}
