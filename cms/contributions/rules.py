"""Who may ask people from outside, and see what came of it. Pure. Whoever holds a link acts by the link alone."""

from cms.contributions.models import Contribution
from cms.people.models import Person
from cms.posts import rules as posts
from cms.posts.models import Post


def can_invite(person: Person | None, post: Post | None = None) -> bool:
    """Ask somebody from outside: those who look after every post."""
    return posts.can_see_every_draft(person)


def can_see_contributions(person: Person | None) -> bool:
    """The list of who was asked."""
    return posts.can_see_every_draft(person)


def can_manage(person: Person | None, contribution: Contribution | None) -> bool:
    """Change the terms, hand back, withdraw, remind."""
    return can_invite(person)
