"""Making circles, changing what is set, backing, closing, merging."""

from datetime import datetime, timedelta

from flask_babel import gettext
from sqlalchemy import delete, func, select, update

from cms.circles.events import CircleHidden, CircleMerged
from cms.circles.models import Circle, CircleSlug, CircleTag, Membership, OfficeHour, Topic
from cms.circles.services.loading import LIST, locked, recount, tie, touch_circle
from cms.circles.services.problems import LeadsToItself, TooManyCircles
from cms.circles.services.settling import Settings, free_slug, name_key, refuse_taken
from cms.core.database import db
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.pagecache import touch
from cms.core.seams import announce
from cms.core.text import make_slug
from cms.people import audit
from cms.people.models import Person
from cms.topics.events import TagMerged
from cms.topics.models import TagSlug

NEW_FOR = timedelta(days=7)
MOST_WHEN_NEW, MOST_OWNED = 1, 10
OLD_TOPICS = ("keep", "members")  # what becomes of what was written for all when a circle is tightened


def create_circle(settings: Settings, *, by: Person, at: datetime) -> Circle:
    """A circle with its owner, in the state it stays in: there is no instant in which it is known to more."""
    if not by.is_staff:
        _refuse_too_many(by, at)
    key = name_key(settings, is_staff=by.is_staff)
    refuse_taken(key)
    circle = Circle(
        slug=free_slug(settings),
        name_key=key,
        created_at=at,
        created_by_id=by.id,
        active_at=at,
        owner_seen_at=at,
        **_plain(settings),
    )
    db.session.add(circle)
    db.session.flush()
    db.session.add(CircleSlug(slug=circle.slug, circle_id=circle.id))
    db.session.add(Membership(circle_id=circle.id, person_id=by.id, state="member", role="owner", since=at))
    _set_tags(circle.id, settings.tags)
    recount(circle.id)
    audit.record("circle.created", f"circle:{circle.id}", by=by, at=at)
    touch_circle(circle.id)
    return circle


def change_settings(
    circle_id: int,
    settings: Settings,
    *,
    old_topics: str = "keep",
    expected_version: int | None = None,
    by: Person,
    at: datetime,
) -> None:
    """Change what is set, each setting by itself. Who may read what follows at once, as everything asks the gate."""
    circle = locked(circle_id)
    if expected_version is not None and expected_version != circle.version:
        raise Conflict
    if old_topics not in OLD_TOPICS:
        raise Invalid(errors={"old_topics": gettext("Please choose one of the possibilities.")})
    before = {name: getattr(circle, name) for name in _plain(settings)}
    was_hidden, is_hidden = circle.visibility == "hidden", settings.visibility == "hidden"
    renamed = settings.name != circle.name
    key = name_key(settings, is_staff=by.is_staff) if renamed or was_hidden or is_hidden else circle.name_key
    refuse_taken(key, except_id=circle_id)
    for name, value in _plain(settings).items():
        setattr(circle, name, value)
    circle.name_key = key
    circle.version += 1
    if renamed or was_hidden != is_hidden:
        _move(circle, settings, forgets=is_hidden)
    _set_tags(circle_id, settings.tags)
    if old_topics == "members":
        db.session.execute(update(Topic).where(Topic.circle_id == circle_id).values(audience="members"))
    recount(circle_id)
    changed = sorted(name for name, value in before.items() if value != getattr(circle, name))
    audit.record("circle.changed", f"circle:{circle_id}", by=by, at=at, detail={"fields": changed})
    touch_circle(circle_id)
    if is_hidden and not was_hidden:
        announce(CircleHidden(circle_id))


def back_circle(circle_id: int, *, backed: bool, by: Person, at: datetime) -> None:
    """Say, or unsay, that the company stands behind a circle."""
    circle = locked(circle_id)
    if backed == (circle.backed_at is not None):
        return
    circle.backed_at, circle.backed_by_id = (at, by.id) if backed else (None, None)
    audit.record("circle.backed" if backed else "circle.unbacked", f"circle:{circle_id}", by=by, at=at)
    touch_circle(circle_id)


def close_circle(circle_id: int, *, leads_to_id: int | None = None, by: Person, at: datetime) -> None:
    """It can be read as before, and nothing new is written; with another circle named, its address leads there."""
    circle = locked(circle_id)
    _lead(circle, leads_to_id)
    circle.closed_at = at
    circle.heir_id = circle.heir_asked_at = None
    audit.record("circle.closed", f"circle:{circle_id}", by=by, at=at)
    touch_circle(circle_id)


def reopen_circle(circle_id: int, *, by: Person, at: datetime) -> None:
    """Undo that."""
    circle = locked(circle_id, must_be_open=False)
    circle.closed_at = circle.leads_to_id = None
    circle.active_at = at
    audit.record("circle.reopened", f"circle:{circle_id}", by=by, at=at)
    touch_circle(circle_id)


def merge_circle(circle_id: int, into_id: int, *, by: Person, at: datetime) -> None:
    """Move members and topics into another circle, close this one, and let its address lead there.

    Nobody reads more than before: what was for members stays for members, and what was for all stays so only when
    the other circle is not known to fewer. Whoever is shut out of either stays out.
    """
    first, second = sorted((circle_id, into_id))
    rows = {one: locked(one) for one in (first, second)}
    circle, into = rows[circle_id], rows[into_id]
    _move_members(circle_id, into_id, at=at)
    topics_of = update(Topic).where(Topic.circle_id == circle_id)
    if circle.visibility != "public" and into.visibility == "public":
        db.session.execute(topics_of.values(audience="members"))
    db.session.execute(topics_of.values(circle_id=into_id))
    db.session.execute(
        update(OfficeHour).where(OfficeHour.circle_id == circle_id).values(circle_id=into_id, changed_at=at)
    )
    _lead(circle, into_id)
    circle.closed_at = at
    into.active_at = max(into.active_at, circle.active_at)
    recount(circle_id)
    recount(into_id)
    audit.record("circle.merged", f"circle:{circle_id}", by=by, at=at, detail={"to": into_id})
    announce(CircleMerged(circle_id, into_id))
    touch_circle(circle_id)
    touch_circle(into_id)


def replace_merged_tag(fact: TagMerged) -> None:
    """A tag became another one: circles that are about it are about that one, once."""
    both = select(CircleTag.circle_id).where(CircleTag.tag_id == fact.into_id)
    db.session.execute(
        delete(CircleTag).where(CircleTag.tag_id == fact.tag_id, CircleTag.circle_id.in_(both))
    )
    db.session.execute(update(CircleTag).where(CircleTag.tag_id == fact.tag_id).values(tag_id=fact.into_id))
    touch(LIST)


def _plain(settings: Settings) -> dict[str, object]:
    names = "name purpose about about_html language visibility join_policy content_default"
    return {name: getattr(settings, name) for name in names.split()}


def _refuse_too_many(by: Person, at: datetime) -> None:
    owned = (
        select(func.count())
        .select_from(Membership)
        .join(Circle, Circle.id == Membership.circle_id)
        .where(Membership.person_id == by.id, Membership.role == "owner", Circle.closed_at.is_(None))
    )
    most = MOST_WHEN_NEW if at - by.created_at < NEW_FOR else MOST_OWNED
    if db.session.scalars(owned).one() >= most:
        raise TooManyCircles


def _move(circle: Circle, settings: Settings, *, forgets: bool) -> None:
    """Give it the address of its name. One that hides gives up those it had: they lead nowhere, and others may use them."""
    circle.slug = free_slug(settings, circle_id=circle.id)
    if forgets:
        db.session.execute(delete(CircleSlug).where(CircleSlug.circle_id == circle.id))
    if db.session.get(CircleSlug, circle.slug) is None:
        db.session.add(CircleSlug(slug=circle.slug, circle_id=circle.id))
    db.session.flush()


def _set_tags(circle_id: int, words: tuple[str, ...]) -> None:
    db.session.execute(delete(CircleTag).where(CircleTag.circle_id == circle_id))
    found = _known_tags(words)
    db.session.add_all(
        CircleTag(circle_id=circle_id, tag_id=one, position=place) for place, one in enumerate(found)
    )
    db.session.flush()


def _known_tags(words: tuple[str, ...]) -> list[int]:
    """Tags the site has. A circle makes none: the word of a hidden one would be known to everybody."""
    found: dict[int, None] = {}
    for word in words:
        tag_id = db.session.scalar(select(TagSlug.tag_id).where(TagSlug.slug == make_slug(word)))
        if tag_id is None:
            sentence = gettext(
                "The site has no topic called “%(word)s”. Please choose one of the list.", word=word
            )
            raise Invalid(errors={"tags": sentence})
        found[tag_id] = None
    return list(found)


def _lead(circle: Circle, to_id: int | None) -> None:
    following, seen = to_id, {circle.id}
    while following is not None:
        if following in seen:
            raise LeadsToItself
        seen.add(following)
        target = db.session.get(Circle, following)
        if target is None:
            raise NotFound
        following = target.leads_to_id
    circle.leads_to_id = to_id


def _move_members(circle_id: int, into_id: int, *, at: datetime) -> None:
    moving = select(Membership).where(Membership.circle_id == circle_id)
    for one in db.session.scalars(moving).all():
        there = tie(into_id, one.person_id)
        if one.state == "member" and (there is None or there.state in ("requested", "invited")):
            if there is None:
                there = Membership(circle_id=into_id, person_id=one.person_id, role="member")
                db.session.add(there)
            there.state, there.since, there.words = "member", at, ""
        elif one.state == "banned" and there is None:
            db.session.add(
                Membership(
                    circle_id=into_id,
                    person_id=one.person_id,
                    state="banned",
                    role="member",
                    since=one.since,
                    words=one.words,
                    by_id=one.by_id,
                    appeal=one.appeal,
                    appealed_at=one.appealed_at,
                    appeal_answer=one.appeal_answer,
                )
            )
    db.session.flush()
