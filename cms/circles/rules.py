"""Who may do what in a circle. Pure: they look at what they are given and nothing else.

Editors, managers and admins look after the community: they see every circle, also hidden ones, and stand in for its
moderators. A ban is of one circle and has nothing to do with the account.
"""

from dataclasses import dataclass

from cms.circles.models import Circle, Membership
from cms.people.models import Person

STEWARDS = frozenset({"editor", "manager", "admin"})


@dataclass(frozen=True)
class Standing:
    """One person before one circle. `person` is empty for a visitor, `membership` for who has no tie."""

    circle: Circle
    person: Person | None
    membership: Membership | None

    @property
    def state(self) -> str | None:
        """How they stand to it."""
        return self.membership.state if self.membership else None

    @property
    def is_member(self) -> bool:
        """Belongs to it; asking and being invited is not belonging."""
        return self.state == "member"

    @property
    def role(self) -> str | None:
        """As what they belong."""
        return self.membership.role if self.membership and self.is_member else None


def looks_after_circles(person: Person | None) -> bool:
    """Community managers."""
    return person is not None and person.is_active and person.role in STEWARDS


def can_know(standing: Standing) -> bool:
    """Whether the circle exists for them. The one gate; `queries.gate.known_to` says the same in SQL."""
    person, circle = standing.person, standing.circle
    if looks_after_circles(person) or circle.is_public:
        return True
    if person is None:
        return False
    return circle.visibility == "members" or standing.state in ("member", "invited")


def can_read_inside(standing: Standing) -> bool:
    """What is for those who belong: topics of theirs, the list of members."""
    return standing.is_member or looks_after_circles(standing.person)


def can_write(standing: Standing) -> bool:
    """Begin a topic, share a post, answer."""
    return standing.is_member and standing.circle.is_open


def can_invite(standing: Standing) -> bool:
    """Moderators always; members where everybody may come in anyway."""
    if not standing.circle.is_open:
        return False
    return can_moderate(standing) or (standing.is_member and standing.circle.join_policy == "open")


def can_moderate(standing: Standing) -> bool:
    """Let people in, show them out, hide what should not stand there."""
    return standing.role in ("moderator", "owner") or looks_after_circles(standing.person)


def can_open_calls(standing: Standing) -> bool:
    """Ask members for texts on a theme: its owner and moderators, who belong to it themselves."""
    return standing.role in ("moderator", "owner") and standing.circle.is_open


def can_change_calls(standing: Standing) -> bool:
    """Let a call end at another moment, or now."""
    return can_moderate(standing) and standing.circle.is_open


def can_report(standing: Standing) -> bool:
    """Ask a moderator to look at something: whoever has an account and reads it."""
    return standing.person is not None and can_know(standing)


def can_own(standing: Standing) -> bool:
    """Change settings, name moderators, hand over, close, merge."""
    return standing.role == "owner" or looks_after_circles(standing.person)


def can_show_out(standing: Standing, other: Membership) -> bool:
    """Remove or ban: never the owner, and moderators only by the owner."""
    if other.role == "owner" or (standing.person and other.person_id == standing.person.id):
        return False
    return can_own(standing) if other.role == "moderator" else can_moderate(standing)


def can_begin(person: Person | None) -> bool:
    """Make a circle."""
    return person is not None and person.is_active


def can_change(person: Person | None, circle: Standing | None = None) -> bool:
    """The same as `can_own`, for callers that name who asks."""
    return person is not None and (circle is None or can_own(circle))


def can_back(person: Person | None) -> bool:
    """Say that the company stands behind a circle."""
    return looks_after_circles(person)


def can_plan_hours(standing: Standing) -> bool:
    """Announce an hour with an expert: moderators of a circle that the company stands behind."""
    return can_moderate(standing) and standing.circle.is_open and standing.circle.backed_at is not None
