"""What an import reads of what is here already."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.sql import ColumnElement

from cms.comments.models import Comment
from cms.core.database import db
from cms.people.models import Person
from cms.posts.models import Post, PostSlug
from cms.site.models import OldAddress
from cms.topics.models import Section, Tag, TagSlug
from cms.transfer.models import ImportedComment, ImportedItem


def find_imported(source: str) -> ImportedItem | None:
    """What became of an item of a source."""
    return db.session.get(ImportedItem, source)


def find_post_state(post_id: int) -> tuple[int, bool] | None:
    """The version of a post and whether it is in the trash; None when it was deleted."""
    row = db.session.execute(
        select(Post.version, Post.trashed_at.is_not(None)).where(Post.id == post_id)
    ).first()
    return (row[0], row[1]) if row else None


def is_guid_taken(guid: str, *, source: str) -> bool:
    """Whether a post from somewhere else has this GUID."""
    found = db.session.execute(select(Post.source).where(Post.guid == guid)).first()
    return found is not None and found[0] != source


def find_tag_by_slug(slug: str) -> Tag | None:
    """The tag that has, or once had, this address."""
    wanted = select(Tag).join(TagSlug, TagSlug.tag_id == Tag.id).where(TagSlug.slug == slug)
    return db.session.scalar(wanted)


def old_addresses(paths: Iterable[str]) -> Mapping[str, str]:
    """Where those of these old addresses lead that are known."""
    rows = db.session.execute(
        select(OldAddress.path, OldAddress.target).where(OldAddress.path.in_(list(paths)))
    )
    return {row.path: row.target for row in rows}


def imported_comments(sources: Iterable[str]) -> Mapping[str, ImportedComment]:
    """Those of these comments that are here, by source."""
    rows = db.session.scalars(select(ImportedComment).where(ImportedComment.source.in_(list(sources))))
    return {row.source: row for row in rows}


def comments_waiting(*, limit: int) -> Sequence[ImportedComment]:
    """Imported comments that stand below no post yet, what is answered before its answers."""
    wanted = select(ImportedComment).where(_waits()).order_by(ImportedComment.id).limit(limit)
    return db.session.scalars(wanted).all()


def count_comments_waiting() -> int:
    """How many those are."""
    return db.session.scalar(select(func.count()).select_from(ImportedComment).where(_waits())) or 0


def find_placed(source: str) -> Comment | None:
    """The comment that came from there."""
    return db.session.scalar(select(Comment).where(Comment.source == source))


def find_placed_by_id(imported_id: int) -> Comment | None:
    """The comment that an imported one became."""
    wanted = select(Comment).join(ImportedComment, ImportedComment.source == Comment.source)
    return db.session.scalar(wanted.where(ImportedComment.id == imported_id))


def _waits() -> ColumnElement[bool]:
    return ~exists().where(Comment.source == ImportedComment.source)


def slugs_of(post_id: int) -> list[str]:
    """Every address part a post has or had."""
    return list(db.session.scalars(select(PostSlug.slug).where(PostSlug.post_id == post_id)))


def find_target(source: str, *, kind: str) -> int | None:
    """The id of the row that an item of a source became."""
    item = find_imported(source)
    return item.target_id if item is not None and item.kind == kind else None


def find_section_by_slug(slug: str) -> Section | None:
    """The section at this address."""
    return db.session.scalar(select(Section).where(Section.slug == slug))


def is_slug_taken(slug: str) -> bool:
    """Whether a post has or had this address part."""
    return db.session.get(PostSlug, slug) is not None


def post_address(post_id: int) -> str:
    """Where a post is read."""
    slug = db.session.scalar(select(Post.slug).where(Post.id == post_id))
    return f"/posts/{slug}" if slug else f"/notes/{post_id}"


def profile_address(person_id: int) -> str | None:
    """Where a person's profile is; None when there is no such person."""
    handle = db.session.scalar(select(Person.handle).where(Person.id == person_id))
    return f"/@{handle}" if handle else None
