"""One post and what belongs to it, as readers see it. Always the same number of queries."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from cms.core.database import db
from cms.core.errors import NotFound
from cms.media.models import Media
from cms.people.models import Person
from cms.posts.models import Byline, Post, PostSlug, PostTag, Revision, RevisionMedia
from cms.posts.queries.gate import visible_to


def whole() -> tuple[ORMOption, ...]:
    """Loads everything a page about one post shows: text, cover, files and their sizes, section, credits, tags."""
    return (
        joinedload(Post.section),
        joinedload(Post.live).joinedload(Revision.cover).selectinload(Media.variants),
        joinedload(Post.live)
        .selectinload(Revision.media)
        .joinedload(RevisionMedia.media)
        .selectinload(Media.variants),
        selectinload(Post.bylines).joinedload(Byline.person),
        selectinload(Post.tags).joinedload(PostTag.tag),
    )


def card() -> tuple[ORMOption, ...]:
    """Loads what a list shows of each post; the body stays in the database."""
    return (
        joinedload(Post.section),
        joinedload(Post.live)
        .defer(Revision.body, raiseload=True)
        .defer(Revision.html, raiseload=True)
        .defer(Revision.transcript, raiseload=True)
        .defer(Revision.transcript_html, raiseload=True)
        .options(joinedload(Revision.cover).selectinload(Media.variants)),
        selectinload(Post.bylines).joinedload(Byline.person),
    )


def find_live_post(slug: str, *, person: Person | None = None, at: datetime | None = None) -> Post | None:
    """The post at this address, or None."""
    return db.session.scalar(select(Post).where(Post.slug == slug, visible_to(person, at)).options(*whole()))


def get_live_post(slug: str, *, person: Person | None = None, at: datetime | None = None) -> Post:
    """The post at this address; `NotFound` when there is none for this person. Then ask `find_redirect`."""
    post = find_live_post(slug, person=person, at=at)
    if post is None:
        raise NotFound
    return post


def find_live_note(post_id: int, *, person: Person | None = None, at: datetime | None = None) -> Post | None:
    """The note with this number, or None."""
    return db.session.scalar(
        select(Post).where(Post.id == post_id, Post.kind == "note", visible_to(person, at)).options(*whole())
    )


def get_live_note(post_id: int, *, person: Person | None = None, at: datetime | None = None) -> Post:
    """The note with this number; `NotFound` when there is none for this person."""
    post = find_live_note(post_id, person=person, at=at)
    if post is None:
        raise NotFound
    return post


def find_redirect(slug: str, *, person: Person | None = None, at: datetime | None = None) -> str | None:
    """The address that the post of this old one has now. One step, however often it moved."""
    return db.session.scalar(
        select(Post.slug)
        .join(PostSlug, PostSlug.post_id == Post.id)
        .where(PostSlug.slug == slug, Post.slug != slug, visible_to(person, at))
    )


def live_posts_by_id(
    ids: Sequence[int], *, in_full: bool = False, person: Person | None = None, at: datetime | None = None
) -> list[Post]:
    """These posts, in the given order, without those that readers do not see. For search results and feeds."""
    options = (*whole(),) if in_full else (*card(),)
    found = db.session.scalars(
        select(Post).where(Post.id.in_(ids), visible_to(person, at)).options(*options)
    ).unique()
    by_id = {post.id: post for post in found}
    return [by_id[one] for one in ids if one in by_id]


def translations(post: Post, *, person: Person | None = None, at: datetime | None = None) -> Sequence[Post]:
    """The same story in other languages, live ones only."""
    return db.session.scalars(
        select(Post)
        .where(Post.story_id == post.story_id, Post.id != post.id, visible_to(person, at))
        .order_by(Post.language)
    ).all()
