"""Who may do what here. Pure: they look at what they are given and nothing else."""

from campaigns.plans.models import Campaign
from cms.people.models import Person
from cms.posts.models import Post

RUNS = ("editor", "manager", "admin")


def can_see_campaigns(person: Person | None) -> bool:
    """The pages of this room."""
    return person is not None and person.role in RUNS


def can_see_campaign(person: Person | None, campaign: Campaign | None) -> bool:
    """Who sees one sees all: they are compared with each other."""
    return can_see_campaigns(person)


def can_edit_campaigns(person: Person | None) -> bool:
    """Make campaigns."""
    return can_see_campaigns(person)


def can_edit_campaign(person: Person | None, campaign: Campaign | None) -> bool:
    """Change one, move it through its states, and choose its posts."""
    return can_see_campaigns(person)


def can_choose_campaign(person: Person | None, post: Post | None) -> bool:
    """Say which campaign a post serves."""
    return can_see_campaigns(person)
