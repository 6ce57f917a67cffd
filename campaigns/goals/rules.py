"""Who may do what here. Pure: they look at what they are given and nothing else."""

from campaigns.goals.models import Goal
from campaigns.plans.models import Campaign
from campaigns.plans.rules import can_see_campaigns
from cms.people.models import Person


def can_set_goals(person: Person | None, campaign: Campaign | None) -> bool:
    """See the goals of a campaign, and set one: who may change the campaign."""
    return can_see_campaigns(person)


def can_change_goal(person: Person | None, goal: Goal | None) -> bool:
    """Open one, change and end it."""
    return can_see_campaigns(person)


def can_change_goal_of(person: Person | None, campaign: Campaign | None, goal: Goal | None) -> bool:
    """The same, where the address names both."""
    return can_see_campaigns(person)
