"""Goals in the API: list, set, read, change, end; and what was reached."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Response, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from campaigns.goals import models, presenting, queries, rules, schemas, services
from campaigns.goals.queries import get_goal
from campaigns.goals.terms import GoalTerms, read_terms
from campaigns.plans.models import Campaign
from campaigns.plans.money import from_smallest
from campaigns.plans.queries import get_campaign
from cms.api.answering import Made, Stale, answer, changing, expected_version, made_once
from cms.api.gate import resources
from cms.api.operations import operation
from cms.core.access import allowed
from cms.core.errors import Invalid, NotFound
from cms.people import audit
from cms.people.models import Person

api = resources("goals_api", {"goals": _("Goals of campaigns")})
GOALS = "/campaigns/<number:campaign_id>/goals"
GOAL = f"{GOALS}/<number:goal_id>"
READ, WRITE = "campaigns:read", "campaigns:write"
LONGEST_SPAN = 3700  # days


@api.get(GOALS)
@allowed(rules.can_set_goals, campaign=get_campaign)
@operation("goals", _("List the goals of a campaign"), scope=READ, answer=schemas.GoalList)
def list_goals(campaign_id: int, campaign: Campaign) -> Response:
    """All of them, those that count first."""
    return answer(schemas.GoalList(items=[presenting.goal(one) for one in queries.goals_of(campaign_id)]))


@api.post(GOALS)
@allowed(rules.can_set_goals, campaign=get_campaign)
@operation(
    "goals",
    _("Set a goal"),
    scope=WRITE,
    body=schemas.NewGoal,
    answer=schemas.Goal,
    status=201,
    once=True,
    conflicts=True,
)
def create_goal(campaign_id: int, campaign: Campaign, body: schemas.NewGoal) -> Response:
    """Counted from now on."""
    terms = _terms(body, GoalTerms(body.name, body.kind), named=set(type(body).model_fields))

    def make(by: Person, at: datetime) -> Made:
        made = services.create_goal(campaign_id, read_terms(terms, campaign_id=campaign_id), by=by, at=at)
        audit.record("goal.set", f"goal:{made.id}", by=by, at=at)
        where = f"/api/v1/campaigns/{campaign_id}/goals/{made.id}"
        return Made(presenting.goal(made), location=where, version=made.version)

    return made_once(body.model_dump_json(), make)


@api.get(GOAL)
@allowed(rules.can_change_goal_of, campaign=get_campaign, goal=get_goal)
@operation("goals", _("Read a goal"), scope=READ, answer=schemas.Goal)
def show_goal(campaign_id: int, campaign: Campaign, goal_id: int, goal: models.Goal) -> Response:
    """What has to happen, and what it is worth."""
    return _told(campaign_id, goal_id)


@api.patch(GOAL)
@allowed(rules.can_change_goal_of, campaign=get_campaign, goal=get_goal)
@operation(
    "goals",
    _("Change a goal"),
    scope=WRITE,
    body=schemas.ChangedGoal,
    answer=schemas.Goal,
    if_match=True,
    conflicts=True,
)
def edit_goal(
    campaign_id: int, campaign: Campaign, goal_id: int, goal: models.Goal, body: schemas.ChangedGoal
) -> Response:
    """Only what is named changes. What was counted stays counted."""
    _refuse_other(campaign_id, goal)
    expected_version(goal.version)
    version = goal.version
    terms = _terms(body, _terms_of(goal), named=set(body.model_fields_set))
    with changing() as (by, at):
        try:
            services.change_goal(
                goal_id, read_terms(terms, campaign_id=campaign_id), expected_version=version
            )
        except services.GoalChanged as problem:
            if "If-Match" in request.headers:
                raise Stale from problem
            raise
        audit.record("goal.changed", f"goal:{goal_id}", by=by, at=at)
    return _told(campaign_id, goal_id)


@api.put(f"{GOAL}/end")
@allowed(rules.can_change_goal_of, campaign=get_campaign, goal=get_goal)
@operation("goals", _("End a goal"), scope=WRITE, answer=schemas.Goal, if_match=True)
def end_goal(campaign_id: int, campaign: Campaign, goal_id: int, goal: models.Goal) -> Response:
    """Nothing more is counted for it. Twice is once."""
    _refuse_other(campaign_id, goal)
    expected_version(goal.version)
    with changing() as (by, at):
        services.end_goal(goal_id, at=at)
        audit.record("goal.ended", f"goal:{goal_id}", by=by, at=at)
    return _told(campaign_id, goal_id)


@api.delete(f"{GOAL}/end")
@allowed(rules.can_change_goal_of, campaign=get_campaign, goal=get_goal)
@operation("goals", _("Count for a goal again"), scope=WRITE, answer=schemas.Goal, if_match=True)
def resume_goal(campaign_id: int, campaign: Campaign, goal_id: int, goal: models.Goal) -> Response:
    """From now on."""
    _refuse_other(campaign_id, goal)
    expected_version(goal.version)
    with changing() as (by, at):
        services.resume_goal(goal_id)
        audit.record("goal.resumed", f"goal:{goal_id}", by=by, at=at)
    return _told(campaign_id, goal_id)


@api.get("/campaigns/<number:campaign_id>/conversions")
@allowed(rules.can_set_goals, campaign=get_campaign)
@operation(
    "goals",
    _("What was reached"),
    scope=READ,
    query=schemas.ConversionsAsked,
    answer=schemas.ConversionList,
)
def list_conversions(campaign_id: int, campaign: Campaign, asked: schemas.ConversionsAsked) -> Response:
    """By goal, channel, post and day; nothing here is estimated."""
    if not 0 < (asked.until - asked.since).days <= LONGEST_SPAN:
        raise Invalid(errors={"until": gettext("This has to be after the first day, and within ten years.")})
    return answer(
        presenting.conversions(queries.conversions([campaign_id], since=asked.since, until=asked.until))
    )


def _told(campaign_id: int, goal_id: int) -> Response:
    goal = get_goal(goal_id)
    _refuse_other(campaign_id, goal)
    return answer(presenting.goal(goal), version=goal.version)


def _refuse_other(campaign_id: int, goal: models.Goal) -> None:
    """A goal of another campaign is not at this address."""
    if goal.campaign_id != campaign_id:
        raise NotFound


def _terms_of(goal: models.Goal) -> GoalTerms:
    has_value = goal.value_units is not None and goal.currency
    return GoalTerms(
        **{
            name: getattr(goal, name)
            for name in ("name", "kind", "path", "link_id", "fact", "fact_key", "is_each")
        },
        amount=from_smallest(goal.value_units or 0, goal.currency or "") if has_value else None,
        currency=goal.currency or "",
    )


def _terms(body: schemas.GoalFields, terms: GoalTerms, *, named: set[str]) -> GoalTerms:
    """What is said now, with what is named in its place."""
    said: dict[str, Any] = {
        name: getattr(body, name)
        for name in ("name", "kind", "path", "fact_key", "is_each")
        if name in named and getattr(body, name) is not None
    }
    if "link" in named:
        said["link_id"] = body.link
    if "fact" in named:
        said["fact"] = body.fact or ""
    if "amount" in named:
        said["amount"] = Decimal(body.amount) if body.amount is not None else None
    if "currency" in named:
        said["currency"] = body.currency or ""
    return replace(terms, **said)
