"""Who may do what here. Pure: they look at what they are given and nothing else.

Carrying a post outward is as public as publishing it, so the same people do both. Anybody of them may pull the brake;
it is let go by whoever pulled it, or by those who answer for everything.
"""

from campaigns.channels.models import Account
from campaigns.deliveries.models import Delivery, Hold, Repeat
from cms.people.models import Person
from cms.posts.models import Post

RUNS = ("editor", "manager", "admin")
ANSWERS = ("manager", "admin")


def can_see_deliveries(person: Person | None) -> bool:
    """The pages of this room."""
    return person is not None and person.is_active and person.role in RUNS


def can_plan(
    person: Person | None,
    post: Post | None = None,
    account: Account | None = None,
    repeat: Repeat | None = None,
) -> bool:
    """Tailor a post and send it to accounts."""
    return can_see_deliveries(person)


def can_decide(person: Person | None, delivery: Delivery | None = None) -> bool:
    """Move, stop, repair and settle deliveries, and change what was sent."""
    return can_see_deliveries(person)


def can_hold(person: Person | None, hold: Hold | None = None) -> bool:
    """Pause everything, a campaign, or an account."""
    return can_see_deliveries(person)


def can_lift(person: Person | None, hold: Hold | None) -> bool:
    """Let deliveries go out again."""
    if person is None or hold is None or not can_hold(person):
        return False
    return person.role in ANSWERS or hold.held_by_id == person.id
