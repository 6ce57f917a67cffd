"""What becomes of a circle whose owner is gone: members are asked one after the other, those who moderate first.

Gone is an account that was closed, or one that has not been seen for sixty days. A moderator takes the place of a
closed account at once, as they looked after the circle before; anybody else is asked, and has two weeks to say yes.
When nobody is left to ask, community managers are told: they can always name an owner.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update

from cms.circles import news
from cms.circles.models import Circle, Membership
from cms.circles.rules import STEWARDS
from cms.circles.services.belonging import hand_over
from cms.circles.services.loading import locked
from cms.circles.services.problems import NotAMember
from cms.core.database import db
from cms.people import audit
from cms.people.models import Person, SignIn

ABSENT_AFTER = timedelta(days=60)
TIME_TO_ANSWER = timedelta(days=14)
MOST_ASKED = 5


def look_for_heir(circle_id: int, *, at: datetime) -> str:
    """Do what is due for one circle; gives what was done: "", "asked", "handed over", "told"."""
    circle = locked(circle_id)
    owner = _owner(circle_id)
    if owner is not None and not _is_gone(owner, circle, at):
        if circle.heir_id is not None or circle.heir_asked_at is not None:
            circle.heir_id, circle.heir_asked_at, circle.heirs_asked = None, None, []
        return ""
    if circle.heir_asked_at is not None and at - circle.heir_asked_at < TIME_TO_ANSWER:
        return ""
    heir = _next_heir(circle, owner, at)
    if heir is None:
        return _tell_staff(circle, at)
    if heir.role == "moderator" and (owner is None or not owner.is_active):
        hand_over(circle_id, heir.person_id, by=None, at=at)
        return "handed over"
    circle.heir_id, circle.heir_asked_at = heir.person_id, at
    circle.heirs_asked = [*circle.heirs_asked, heir.person_id]
    db.session.flush()
    news.tell_person("heir", circle, heir.person_id, by=None, at=at)
    return "asked"


def take_over(circle_id: int, *, by: Person, at: datetime) -> None:
    """Say yes to being asked."""
    circle = locked(circle_id)
    if circle.heir_id != by.id:
        raise NotAMember
    audit.record("circle.taken_over", f"circle:{circle_id}", by=by, at=at)
    hand_over(circle_id, by.id, by=by, at=at)


def note_owners_seen(*, at: datetime) -> int:
    """Remember for each circle when its owner was here last: rows of sign-ins go after two weeks. Gives their number."""
    query = (
        select(Circle.id, func.max(SignIn.seen_at))
        .join(Membership, (Membership.circle_id == Circle.id) & (Membership.role == "owner"))
        .join(SignIn, SignIn.person_id == Membership.person_id)
        .where(SignIn.seen_at > Circle.owner_seen_at, Circle.owner_seen_at < at - timedelta(days=1))
        .group_by(Circle.id)
        .order_by(Circle.id)
    )
    seen = db.session.execute(query).all()
    for circle_id, when in seen:
        db.session.execute(update(Circle).where(Circle.id == circle_id).values(owner_seen_at=when))
    return len(seen)


def without_owner(*, at: datetime, limit: int = 200) -> list[int]:
    """Open circles whose owner is gone, or was and came back while somebody is being asked."""
    owner = (
        select(Membership.circle_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.role == "owner", Person.disabled_at.is_(None), Person.role != "guest")
    )
    gone = or_(
        Circle.owner_seen_at < at - ABSENT_AFTER, Circle.heir_asked_at.is_not(None), Circle.id.not_in(owner)
    )
    return list(db.session.scalars(select(Circle.id).where(Circle.closed_at.is_(None), gone).limit(limit)))


def _owner(circle_id: int) -> Person | None:
    mine = Membership.circle_id == circle_id
    return db.session.scalar(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(mine, Membership.role == "owner")
    )


def _is_gone(owner: Person, circle: Circle, at: datetime) -> bool:
    return not owner.is_active or at - circle.owner_seen_at > ABSENT_AFTER


def _next_heir(circle: Circle, owner: Person | None, at: datetime) -> Membership | None:
    """Moderators before members, who came earlier before who came later; nobody twice, and nobody who is away too."""
    if len(circle.heirs_asked) >= MOST_ASKED:
        return None
    query = (
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.circle_id == circle.id,
            Membership.state == "member",
            Membership.role != "owner",
            Membership.person_id.not_in(circle.heirs_asked),
            Person.disabled_at.is_(None),
            Person.role != "guest",
        )
        .order_by((Membership.role != "moderator"), Membership.since, Membership.person_id)
        .limit(50)
    )
    for one in db.session.scalars(query):
        seen = db.session.scalar(select(func.max(SignIn.seen_at)).where(SignIn.person_id == one.person_id))
        if at - max(seen or one.since, one.since) <= ABSENT_AFTER:
            return one
    return None


def _tell_staff(circle: Circle, at: datetime) -> str:
    """Once for each round: the mark is that somebody was asked, though it is nobody."""
    circle.heir_id, circle.heir_asked_at = None, at
    stewards = select(Person.id).where(Person.role.in_(STEWARDS), Person.disabled_at.is_(None))
    news.tell_stewards(circle, list(db.session.scalars(stewards)), at=at)
    return "told"
