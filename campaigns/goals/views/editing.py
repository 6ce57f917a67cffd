"""Setting a goal, changing one, ending it."""

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from campaigns.goals import queries, rules, services
from campaigns.goals.forms import EmptyForm, GoalForm, from_goal
from campaigns.goals.models import Goal
from campaigns.goals.queries import get_goal
from campaigns.goals.terms import read_terms
from campaigns.goals.views import bp
from campaigns.goals.wording import WARNINGS
from campaigns.plans.models import Campaign
from campaigns.plans.queries import get_campaign
from cms.core import clock
from cms.core.access import allowed, person
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.people import audit
from cms.people.models import Person

Answer = Response | str | tuple[str, int]


@bp.get("/desk/campaigns/<int:campaign_id>/goals/new")
@allowed(rules.can_set_goals, campaign=get_campaign)
def new_goal(campaign_id: int, campaign: Campaign) -> str:
    """An empty form."""
    return _new(campaign, GoalForm(formdata=None, data={"kind": "page", "currency": campaign.currency}))


@bp.post("/desk/campaigns/<int:campaign_id>/goals")
@allowed(rules.can_set_goals, campaign=get_campaign)
def create_goal(campaign_id: int, campaign: Campaign) -> Answer:
    """Set it: counted from now on."""
    form, by, at = GoalForm(), _me(), clock.now()
    if not form.validate():
        return _new(campaign, form), 422
    try:
        ready = read_terms(form.terms(), campaign_id=campaign_id)
        with transaction():
            goal_id = services.create_goal(campaign_id, ready, by=by, at=at).id
            audit.record("goal.set", f"goal:{goal_id}", by=by, at=at)
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _new(get_campaign(campaign_id), form), problem.status
    return _to_campaign(get_goal(goal_id), _("The goal is set. It is counted from now on."))


@bp.get("/desk/goals/<int:goal_id>")
@allowed(rules.can_change_goal, goal=get_goal)
def edit_goal(goal_id: int, goal: Goal) -> str:
    """One goal."""
    return _edit(goal, GoalForm(formdata=None, data=from_goal(goal)))


@bp.post("/desk/goals/<int:goal_id>")
@allowed(rules.can_change_goal, goal=get_goal)
def save_goal(goal_id: int, goal: Goal) -> Answer:
    """Change it. What was counted stays counted."""
    form, by, at = GoalForm(), _me(), clock.now()
    if not form.validate():
        return _edit(goal, form), 422
    try:
        ready = read_terms(form.terms(), campaign_id=goal.campaign_id)
        with transaction():
            services.change_goal(goal_id, ready, expected_version=form.expected_version)
            audit.record("goal.changed", f"goal:{goal_id}", by=by, at=at)
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _edit(get_goal(goal_id), form), problem.status
    return _to_campaign(get_goal(goal_id), _("Saved. What was counted before stays counted."))


@bp.post("/desk/goals/<int:goal_id>/end")
@allowed(rules.can_change_goal, goal=get_goal)
def end_goal(goal_id: int, goal: Goal) -> Response:
    """Count no more."""
    return _done(
        "goal.ended",
        goal_id,
        lambda at: services.end_goal(goal_id, at=at),
        _("Nothing more is counted for it."),
    )


@bp.post("/desk/goals/<int:goal_id>/end/removal")
@allowed(rules.can_change_goal, goal=get_goal)
def resume_goal(goal_id: int, goal: Goal) -> Response:
    """Undo that."""
    return _done(
        "goal.resumed",
        goal_id,
        lambda at: services.resume_goal(goal_id),
        _("It is counted again from now on."),
    )


def _me() -> Person:
    by = person()
    assert by is not None  # the rule let nobody else through
    return by


def _done(act: str, goal_id: int, do: Callable[[datetime], None], said: str) -> Response:
    by, at = _me(), clock.now()
    with transaction():
        do(at)
        audit.record(act, f"goal:{goal_id}", by=by, at=at)
    return _to_campaign(get_goal(goal_id), said)


def _to_campaign(goal: Goal, said: str) -> Response:
    flash(said, "good")
    if goal.ended_at is None and (warning := queries.warning_of(goal)):
        flash(str(WARNINGS[warning]), "bad")
    return redirect(url_for("plans.show_campaign", campaign_id=goal.campaign_id, _anchor="goals-box"), 303)


def _new(campaign: Campaign, form: GoalForm) -> str:
    form.offer(queries.links_to_choose(campaign.id))
    return page("campaigns/goals/new.html", campaign=campaign, form=form)


def _edit(goal: Goal, form: GoalForm) -> str:
    form.offer(queries.links_to_choose(goal.campaign_id))
    return page(
        "campaigns/goals/edit.html",
        goal=goal,
        form=form,
        button=EmptyForm(formdata=None),
        warning=WARNINGS.get(queries.warning_of(goal)),
    )
