"""Reading what a token's person may see. Lists and single things ask the same gates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import defer, joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from cms.core.database import db
from cms.core.errors import NotFound
from cms.people import queries as people_queries
from cms.people import rules as people_rules
from cms.people.models import Person
from cms.posts.models import Byline, Post, PostTag, Revision, RevisionMedia
from cms.posts.queries import open_to, visible_to
from cms.topics.models import Section, Tag, TagSlug

Row = TypeVar("Row", Section, Tag)


@dataclass(frozen=True)
class Wanted:
    """Which posts a list holds."""

    kind: str | None = None
    language: str | None = None
    section: str | None = None
    tag: str | None = None
    person_id: int | None = None
    state: str | None = None


def get_post(post_id: int, *, person: Person | None) -> Post:
    """One post that this person may see, with both its newest and its live text."""
    post = db.session.scalar(
        select(Post)
        .where(Post.id == post_id, _seen_by(person))
        .options(
            *_around(), joinedload(Post.latest).options(*_files()), joinedload(Post.live).options(*_files())
        )
        .execution_options(populate_existing=True)
    )
    if post is None:
        raise NotFound
    return post


def is_seen(post_id: int, *, person: Person | None) -> bool:
    """Whether this person may see a post."""
    return db.session.scalar(select(Post.id).where(Post.id == post_id, _seen_by(person))) is not None


def posts(wanted: Wanted, *, person: Person | None, before: int | None, limit: int) -> Sequence[Post]:
    """Posts that this person may see, the last begun first; one more than asked for when there are more.

    The order is that of their numbers, which never change: a post that is added or edited while somebody turns
    the pages is neither shown twice nor left out.
    """
    light = [
        defer(column, raiseload=True) for column in (Revision.html, Revision.plain, Revision.transcript_html)
    ]
    light += [defer(column, raiseload=True) for column in (Revision.body, Revision.transcript)]
    query = select(Post).where(_seen_by(person), *_conditions(wanted, person))
    if before is not None:
        query = query.where(Post.id < before)
    return db.session.scalars(
        query.order_by(Post.id.desc())
        .limit(limit + 1)
        .options(*_around(), joinedload(Post.latest).options(*light), joinedload(Post.live).options(*light))
    ).all()


def revision_id(post_id: int, number: int) -> int | None:
    """The id of a post's revision with this number."""
    return db.session.scalar(
        select(Revision.id).where(Revision.post_id == post_id, Revision.number == number)
    )


def people(*, person: Person | None, before: int | None, limit: int) -> Sequence[Person]:
    """People whose profile this person may see, last to join first; one more than asked for when there are more."""
    query = select(Person).order_by(Person.id.desc()).limit(limit + 1)
    if not people_rules.can_see_people(
        person
    ):  # the same as `rules.can_see_profile`, as the database asks it
        own = Person.id == (person.id if person else 0)
        query = query.where(or_(and_(Person.role != "member", Person.disabled_at.is_(None)), own))
    if before is not None:
        query = query.where(Person.id < before)
    return db.session.scalars(query).all()


def get_profile(handle: str) -> Person:
    """Who answers to a handle, now or in the past."""
    found = people_queries.find_person(handle)
    if found is None:
        raise NotFound
    return found


def locked_section(section_id: int) -> Section:
    """A section that nobody else changes until the commit."""
    return _locked(Section, section_id)


def locked_tag(tag_id: int) -> Tag:
    """A tag that nobody else changes until the commit."""
    return _locked(Tag, tag_id)


def _locked(model: type[Row], row_id: int) -> Row:
    row = db.session.get(model, row_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def _seen_by(person: Person | None) -> ColumnElement[bool]:
    return or_(visible_to(person, None), open_to(person))


def _conditions(wanted: Wanted, person: Person | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.kind is not None:
        conditions.append(Post.kind == wanted.kind)
    if wanted.language is not None:
        conditions.append(Post.language == wanted.language)
    if wanted.section is not None:
        conditions.append(Post.section_id.in_(select(Section.id).where(Section.slug == wanted.section)))
    if wanted.tag is not None:
        tagged = select(PostTag.post_id).join(TagSlug, TagSlug.tag_id == PostTag.tag_id)
        conditions.append(Post.id.in_(tagged.where(TagSlug.slug == wanted.tag)))
    if wanted.person_id is not None:
        conditions.append(exists().where(Byline.post_id == Post.id, Byline.person_id == wanted.person_id))
    if wanted.state is not None:
        conditions.append(_in_state(wanted.state, person))
    return conditions


def _in_state(state: str, person: Person | None) -> ColumnElement[bool]:
    """What is not public about a post can be asked only of posts that are open to this person."""
    is_live, was_live = Post.live_revision_id.is_not(None), Post.first_published_at.is_not(None)
    if state == "live":
        return is_live
    condition = {
        "draft": and_(Post.live_revision_id.is_(None), Post.first_published_at.is_(None)),
        "changed": and_(is_live, Post.live_revision_id != Post.latest_revision_id),
        "scheduled": Post.due_at.is_not(None),
        "down": and_(Post.live_revision_id.is_(None), was_live),
    }[state]
    return and_(open_to(person), condition)


def _around() -> tuple[_AbstractLoad, ...]:
    return (
        joinedload(Post.section),
        selectinload(Post.bylines).joinedload(Byline.person),
        selectinload(Post.tags).joinedload(PostTag.tag),
    )


def _files() -> tuple[_AbstractLoad, ...]:
    return (selectinload(Revision.media).joinedload(RevisionMedia.media),)
