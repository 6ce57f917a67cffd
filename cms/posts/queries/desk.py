"""What staff see: drafts, schedules, revisions, the trash. Views must ask `rules` before they call these."""

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import unquote

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, load_only, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from cms.core.database import db
from cms.core.errors import NotFound
from cms.media.models import Media
from cms.people.models import Person
from cms.posts.models import Byline, Post, PostSlug, PostTag, Revision, RevisionMedia
from cms.posts.queries.lists import listed, without_text

_HANDLE = re.compile(r"@([\w.\-]+)\)?\s*$")


def get_post(post_id: int) -> Post:
    """One post for the desk, whatever its state: its latest text, files, section, credits and tags."""
    post = db.session.scalar(select(Post).where(Post.id == post_id).options(*_for_editing()))
    if post is None:
        raise NotFound
    return post


def get_post_in_brief(post_id: int) -> Post:
    """One post with just what the rules ask, and who saved its latest text: for pages that ask many times a minute."""
    post = db.session.scalar(
        select(Post)
        .where(Post.id == post_id)
        .options(
            selectinload(Post.bylines),
            joinedload(Post.latest).options(
                load_only(Revision.number, Revision.created_at, raiseload=True), joinedload(Revision.saved_by)
            ),
        )
    )
    if post is None:
        raise NotFound
    return post


def find_named(words: str) -> Post | None:
    """The post meant by its number, by its public address (also an old one), or by its address on the desk."""
    last = unquote(words.strip().split("?")[0].split("#")[0].rstrip("/")).rpartition("/")[2]
    if last.isdecimal() and len(last) < 10:
        post_id: int | None = int(last)
    else:
        post_id = db.session.scalar(select(PostSlug.post_id).where(PostSlug.slug == last))
    if post_id is None:
        return None
    return db.session.scalar(select(Post).where(Post.id == post_id).options(selectinload(Post.bylines)))


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


def revision_before(post_id: int, number: int) -> int | None:
    """The id of the text before the one with this number."""
    return db.session.scalar(
        select(Revision.id)
        .where(Revision.post_id == post_id, Revision.number < number)
        .order_by(Revision.number.desc())
        .limit(1)
    )


def revisions(
    post_id: int, *, before: int | None = None, named: bool = False, limit: int = 50
) -> Sequence[Revision]:
    """The texts of a post, newest first, without their bodies; `before` is the number the last page ended with."""
    query = (
        select(Revision)
        .where(Revision.post_id == post_id)
        .order_by(Revision.number.desc())
        .options(*without_text(), joinedload(Revision.saved_by), joinedload(Revision.named_by))
        .limit(limit)
    )
    if named:
        query = query.where(Revision.name.is_not(None))
    return db.session.scalars(query if before is None else query.where(Revision.number < before)).all()


def story_posts(story_id: str) -> Sequence[Post]:
    """Every telling of a story outside the trash, the original first."""
    query = select(Post).where(Post.story_id == story_id, Post.trashed_at.is_(None))
    return listed(query.order_by(Post.is_original.desc(), Post.language), None)


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


def trash_to_purge(before: datetime, *, limit: int = 100) -> Sequence[int]:
    """Numbers of posts that have been in the trash since before this moment."""
    return db.session.scalars(
        select(Post.id).where(Post.trashed_at < before).order_by(Post.trashed_at, Post.id).limit(limit)
    ).all()


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
