"""What staff see: drafts, schedules, revisions, the trash. Views must ask `rules` before they call these."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, literal, or_, select, tuple_
from sqlalchemy.orm import defer, joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from cms.core.database import Instant, db
from cms.core.errors import NotFound
from cms.media.models import Media
from cms.people.models import Person
from cms.posts.models import Byline, Post, PostTag, Revision, RevisionMedia
from cms.posts.queries.gate import open_to

Key = tuple[datetime, int]
_HANDLE = re.compile(r"@([\w.\-]+)\)?\s*$")
STATUSES = ("draft", "live", "changed", "scheduled", "down")


@dataclass(frozen=True)
class DeskFilter:
    """Which posts the desk list holds. `person_id` means: begun by them, or credited to them."""

    status: str | None = None
    section_id: int | None = None
    tag_id: int | None = None
    kind: str | None = None
    language: str | None = None
    person_id: int | None = None
    title: str = ""


def get_post(post_id: int) -> Post:
    """One post for the desk, whatever its state: its latest text, files, section, credits and tags."""
    post = db.session.scalar(select(Post).where(Post.id == post_id).options(*_for_editing()))
    if post is None:
        raise NotFound
    return post


def get_revision(post_id: int, revision_id: int) -> Revision:
    """One revision of a post, with its files."""
    revision = db.session.scalar(
        select(Revision)
        .where(Revision.id == revision_id, Revision.post_id == post_id)
        .options(*_files_of_revision())
    )
    if revision is None:
        raise NotFound
    return revision


def revisions(post_id: int, *, before: int | None = None, limit: int = 50) -> Sequence[Revision]:
    """The texts of a post, newest first, without their bodies; `before` is the number the last page ended with."""
    query = (
        select(Revision)
        .where(Revision.post_id == post_id)
        .order_by(Revision.number.desc())
        .options(*_without_text(), joinedload(Revision.saved_by))
        .limit(limit)
    )
    return db.session.scalars(query if before is None else query.where(Revision.number < before)).all()


def desk_posts(
    wanted: DeskFilter, *, person: Person | None, before: Key | None = None, limit: int = 30
) -> Sequence[Post]:
    """Posts outside the trash that this person may open, last edited first.

    `before` is the `(edited_at, id)` the last page ended with.
    """
    query = select(Post).where(open_to(person), *_conditions(wanted))
    if wanted.title:
        query = query.join(Revision, Revision.id == Post.latest_revision_id)
        query = query.where(Revision.title.icontains(wanted.title, autoescape=True))
    if before is not None:
        query = query.where(
            tuple_(Post.edited_at, Post.id) < tuple_(literal(before[0], Instant()), literal(before[1]))
        )
    return _listed(query.order_by(Post.edited_at.desc(), Post.id.desc()), limit)


def my_drafts(person_id: int, *, limit: int = 8) -> Sequence[Post]:
    """What this person began or is credited for, and readers do not see."""
    mine = _conditions(DeskFilter(person_id=person_id))
    query = select(Post).where(Post.live_revision_id.is_(None), Post.trashed_at.is_(None), *mine)
    return _listed(query.order_by(Post.edited_at.desc(), Post.id.desc()), limit)


def posts_going_out(*, person: Person | None, limit: int = 8) -> Sequence[Post]:
    """What is scheduled and this person may open, next first."""
    query = select(Post).where(Post.due_at.is_not(None), Post.due_problem.is_(None), open_to(person))
    return _listed(query.order_by(Post.due_at, Post.id), limit)


def missed_posts(*, person: Person | None, late_since: datetime, limit: int = 8) -> Sequence[Post]:
    """What should be out but is not: it could not be published, or nobody came for it since `late_since`."""
    missed = or_(Post.due_problem.is_not(None), Post.due_at < late_since)
    query = select(Post).where(Post.due_at.is_not(None), missed, open_to(person))
    return _listed(query.order_by(Post.due_at, Post.id), limit)


def just_published(*, limit: int = 8) -> Sequence[Post]:
    """What readers see since last, newest first."""
    query = select(Post).where(Post.live_revision_id.is_not(None))
    return _listed(query.order_by(Post.published_at.desc(), Post.id.desc()), limit)


def trashed_posts(*, before: Key | None = None, limit: int = 30) -> Sequence[Post]:
    """The trash, last thrown away first; `before` is the `(trashed_at, id)` the last page ended with."""
    query = select(Post).where(Post.trashed_at.is_not(None))
    if before is not None:
        query = query.where(
            tuple_(Post.trashed_at, Post.id) < tuple_(literal(before[0], Instant()), literal(before[1]))
        )
    return _listed(query.order_by(Post.trashed_at.desc(), Post.id.desc()), limit)


def story_posts(story_id: str) -> Sequence[Post]:
    """Every telling of a story outside the trash, the original first."""
    query = select(Post).where(Post.story_id == story_id, Post.trashed_at.is_(None))
    return _listed(query.order_by(Post.is_original.desc(), Post.language), None)


def creditable_people(*, limit: int = 300) -> Sequence[Person]:
    """Who can be offered for a credit: everybody but members, by name."""
    return db.session.scalars(
        select(Person)
        .where(Person.role != "member", Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
        .limit(limit)
    ).all()


def people_named(words: Sequence[str]) -> dict[str, list[int]]:
    """Whom each of these words means: a `@handle`, wherever it stands in the word, else exactly this name."""
    handles = {word: match[1] for word in words if (match := _HANDLE.search(word))}
    names = [word for word in words if word not in handles]
    found: dict[str, list[int]] = {word: [] for word in words}
    wanted = or_(Person.handle.in_(handles.values()), Person.name.in_(names))
    for person in db.session.scalars(select(Person).where(wanted).order_by(Person.id)):
        for word in words:
            if handles.get(word) == person.handle or (word in names and word == person.name):
                found[word].append(person.id)
    return found


def posts_due(at: datetime, *, limit: int = 100) -> Sequence[int]:
    """Numbers of posts whose time has come, longest waiting first."""
    return db.session.scalars(
        select(Post.id)
        .where(Post.due_at <= at, Post.due_problem.is_(None))
        .order_by(Post.due_at, Post.id)
        .limit(limit)
    ).all()


def trash_to_purge(before: datetime, *, limit: int = 100) -> Sequence[int]:
    """Numbers of posts that have been in the trash since before this moment."""
    return db.session.scalars(
        select(Post.id).where(Post.trashed_at < before).order_by(Post.trashed_at, Post.id).limit(limit)
    ).all()


def _listed(query: Select[Post], limit: int | None) -> Sequence[Post]:
    options = (
        joinedload(Post.latest).options(*_without_text()),
        joinedload(Post.section),
        selectinload(Post.bylines).joinedload(Byline.person),
    )
    return db.session.scalars(query.options(*options).limit(limit)).unique().all()


def _conditions(wanted: DeskFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.status is not None:
        conditions.append(_has_status(wanted.status))
    if wanted.section_id is not None:
        conditions.append(Post.section_id == wanted.section_id)
    if wanted.tag_id is not None:
        conditions.append(exists().where(PostTag.post_id == Post.id, PostTag.tag_id == wanted.tag_id))
    if wanted.kind is not None:
        conditions.append(Post.kind == wanted.kind)
    if wanted.language is not None:
        conditions.append(Post.language == wanted.language)
    if wanted.person_id is not None:
        credited = exists().where(Byline.post_id == Post.id, Byline.person_id == wanted.person_id)
        conditions.append(or_(Post.created_by_id == wanted.person_id, credited))
    return conditions


def _has_status(status: str) -> ColumnElement[bool]:
    is_live, was_live = Post.live_revision_id.is_not(None), Post.first_published_at.is_not(None)
    return {
        "draft": and_(Post.live_revision_id.is_(None), Post.first_published_at.is_(None)),
        "live": is_live,
        "changed": and_(is_live, Post.live_revision_id != Post.latest_revision_id),
        "scheduled": Post.due_at.is_not(None),
        "down": and_(Post.live_revision_id.is_(None), was_live),
    }[status]


def _for_editing() -> tuple[_AbstractLoad, ...]:
    return (
        joinedload(Post.section),
        joinedload(Post.latest).options(*_files_of_revision()),
        selectinload(Post.bylines).joinedload(Byline.person),
        selectinload(Post.tags).joinedload(PostTag.tag),
    )


def _files_of_revision() -> tuple[_AbstractLoad, ...]:
    return (
        joinedload(Revision.cover).selectinload(Media.variants),
        selectinload(Revision.media).joinedload(RevisionMedia.media).selectinload(Media.variants),
    )


def _without_text() -> tuple[_AbstractLoad, ...]:
    columns = (Revision.body, Revision.html, Revision.plain, Revision.transcript, Revision.transcript_html)
    return tuple(defer(column, raiseload=True) for column in columns)
