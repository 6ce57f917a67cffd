"""Boxes on desk pages: who was asked about a post, and what waits on Today."""

from cms.contributions import queries, rules
from cms.contributions.rows import described
from cms.core import clock
from cms.core.access import person
from cms.core.pages import page
from cms.people import rules as people_rules
from cms.people.models import GUEST, Person
from cms.posts.models import Post

SHOWN = 6


def post_panel(post: Post) -> str:
    """Experts and partners asked about this post, and the way to ask another."""
    rows = described(queries.contributions_to(post.id), clock.now())
    may_invite = rules.can_invite(person(), post)
    if not rows and not may_invite:
        return ""
    return page("cms/contributions/_panel.html", post=post, rows=rows, may_invite=may_invite)


def person_panel(account: Person) -> str:
    """What somebody was asked for so far; for a guest, the way to an account."""
    by = person()
    may_offer = account.role == GUEST and people_rules.can_invite(by)
    rows = []
    if rules.can_see_contributions(by):
        rows = described(queries.contributions_of(account.id), clock.now())
    if not rows and not may_offer:
        return ""
    return page("cms/contributions/_person.html", account=account, rows=rows, may_offer=may_offer)


def today_panel() -> str:
    """What was handed in and nobody answered, and what is late. Empty when there is nothing."""
    if not rules.can_see_contributions(person()):
        return ""
    at = clock.now()
    handed_in = described(queries.contributions("handed_in", at=at, limit=SHOWN), at)
    late = described(queries.contributions("late", at=at, limit=SHOWN), at)
    if not handed_in and not late:
        return ""
    return page("cms/contributions/_today.html", handed_in=handed_in, late=late)
