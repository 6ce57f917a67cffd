"""What exists for whom. Lists, feeds, the API, notices, counts and the page for what is not there all ask here.

A circle that somebody may not know of is answered as one that was never made.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true
from sqlalchemy.orm import aliased, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from cms.circles import rules
from cms.circles.models import Circle, CircleSlug, CircleTag, Membership, Topic
from cms.circles.rules import Standing
from cms.core.database import db
from cms.core.errors import NotFound
from cms.media.models import Media
from cms.people.models import Person


def known_to(person: Person | None) -> ColumnElement[bool]:
    """The condition under which a circle exists for this person: `rules.can_know` in SQL."""
    if rules.looks_after_circles(person):
        return true()
    if person is None:
        return Circle.visibility == "public"
    return or_(Circle.visibility.in_(("public", "members")), _tied(person, "member", "invited"))


def read_by(person: Person | None) -> ColumnElement[bool]:
    """The condition under which a topic exists for this person; its circle must be joined to it."""
    if rules.looks_after_circles(person):
        return true()
    shown = and_(Topic.hidden_at.is_(None), known_to(person))
    for_all = and_(Topic.audience == "all", Circle.visibility != "hidden")
    if person is None:
        return and_(shown, for_all)
    member = _tied(person, "member")
    mine = and_(Topic.by_id == person.id, member)
    return or_(and_(shown, or_(for_all, member)), mine, _tied(person, "member", role=("moderator", "owner")))


def as_shown() -> tuple[_AbstractLoad, ...]:
    """What a page or list needs of circles beside their rows."""
    tags = selectinload(Circle.tags).selectinload(CircleTag.tag)
    return tags, selectinload(Circle.picture).selectinload(Media.variants)


def standing_in(circle: Circle, person: Person | None) -> Standing:
    """How somebody stands to a circle."""
    tie = db.session.get(Membership, (circle.id, person.id)) if person else None
    return Standing(circle, person, tie)


def standings(circles: Iterable[Circle], person: Person | None) -> list[Standing]:
    """How somebody stands to each of these circles, in one query."""
    circles = list(circles)
    ids = [one.id for one in circles]
    query = select(Membership).where(Membership.circle_id.in_(ids))
    ties = (
        {one.circle_id: one for one in db.session.scalars(query.where(Membership.person_id == person.id))}
        if person
        else {}
    )
    return [Standing(one, person, ties.get(one.id)) for one in circles]


def find_standing(slug: str, person: Person | None) -> Standing:
    """The circle at an address, now or before, as it is for this person; `NotFound` when it does not exist for them."""
    return _known(select(Circle).join(CircleSlug).where(CircleSlug.slug == slug), person)


def get_standing(circle_id: int, person: Person | None) -> Standing:
    """The same by number."""
    return _known(select(Circle).where(Circle.id == circle_id), person)


def known_ids(person: Person | None, circle_ids: Collection[int]) -> set[int]:
    """Which of these circles exist for somebody."""
    return set(db.session.scalars(select(Circle.id).where(Circle.id.in_(circle_ids), known_to(person))))


def get_topic(topic_id: int, person: Person | None, *, circle_id: int | None = None) -> Topic:
    """A topic that exists for this person, with its circle and who wrote it."""
    query = (
        select(Topic)
        .join(Circle, Circle.id == Topic.circle_id)
        .where(Topic.id == topic_id, read_by(person))
        .options(selectinload(Topic.by), selectinload(Topic.circle), selectinload(Topic.call))
    )
    if circle_id is not None:
        query = query.where(Topic.circle_id == circle_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def leads_to(circle: Circle, person: Person | None) -> Circle | None:
    """Where a closed circle leads on to, for who may know of that one."""
    seen: set[int] = set()
    while circle.leads_to_id is not None and circle.id not in seen:
        seen.add(circle.id)
        following = db.session.get(Circle, circle.leads_to_id)
        if following is None or not rules.can_know(standing_in(following, person)):
            return None
        circle = following
    return circle if seen else None


def _known(query: Select[Circle], person: Person | None) -> Standing:
    circle = db.session.scalar(query.options(*as_shown()))
    if circle is not None:
        standing = standing_in(circle, person)
        if rules.can_know(standing):
            return standing
    raise NotFound


def _tied(person: Person, *states: str, role: tuple[str, ...] = ()) -> ColumnElement[bool]:
    own = aliased(Membership)  # a table of its own: the query around may list memberships
    tie = exists().where(own.circle_id == Circle.id, own.person_id == person.id, own.state.in_(states))
    return tie.where(own.role.in_(role)) if role else tie
