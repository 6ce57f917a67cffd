"""Posts, their revisions, bylines, tags and addresses.

A post is live while `live_revision_id` is set, and only then: publishing sets it, taking down and the trash
clear it. What readers see is always a revision, which never changes. `live_at` on bylines and tags repeats
`published_at` while the post is live, so that the list of one author or tag is one walk along one index.

Three times may stand before a post, each as the instant and the wall time and zone it was given in: when a text goes
out (`due_*`), when readers lose it again (`removal_*`), and before when nobody publishes it (`embargo_*`).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from cms.core.database import Base
from cms.media.models import Media
from cms.people.models import Person
from cms.topics.models import Section, Tag

KINDS = ("article", "note", "photo", "audio", "video")
_LIVE = text("live_revision_id IS NOT NULL")
_TRASHED = text("trashed_at IS NOT NULL")
_HAS_COVER = text("cover_id IS NOT NULL")
_DUE = text("due_at IS NOT NULL")
_CHANGED = text("live_revision_id <> latest_revision_id")
_HIDDEN = text("live_revision_id IS NULL")
_ENDING = text("removal_at IS NOT NULL")
_EMBARGOED = text("embargo_until IS NOT NULL")
_OPEN = text("done_at IS NULL")
_OF_BLOG = text("blog_id IS NOT NULL")
_FROM_BLOG = text("from_blog_id IS NOT NULL")
_FEATURED = text("featured_at IS NOT NULL")
_IN_MAIN = text(  # as `gate.in_main` asks it, word for word: else no main list finds its index
    "live_revision_id IS NOT NULL AND (blog_id IS NULL OR featured_at IS NOT NULL)"
)


def _live_index(name: str, *columns: str) -> Index:
    return Index(name, *columns, sqlite_where=_LIVE, postgresql_where=_LIVE)


def _main_index(name: str, *columns: str) -> Index:
    return Index(name, *columns, sqlite_where=_IN_MAIN, postgresql_where=_IN_MAIN)


class Post(Base):
    """Anything published. What it says is in its revisions."""

    __tablename__ = "posts"
    __table_args__ = (
        CheckConstraint("kind IN ('article', 'note', 'photo', 'audio', 'video')", name="kind"),
        CheckConstraint("live_revision_id IS NULL OR published_at IS NOT NULL", name="live_has_time"),
        CheckConstraint("live_revision_id IS NULL OR trashed_at IS NULL", name="live_is_not_trash"),
        CheckConstraint("kind = 'note' OR slug IS NOT NULL", name="has_address"),
        _live_index("ix_posts_live", "published_at", "id"),
        _live_index("ix_posts_live_kind", "kind", "published_at", "id"),
        _live_index("ix_posts_live_section", "section_id", "published_at", "id"),
        _live_index("ix_posts_live_language", "language", "published_at", "id"),
        _main_index("ix_posts_main", "published_at", "id"),
        _main_index("ix_posts_main_kind", "kind", "published_at", "id"),
        _main_index("ix_posts_main_language", "language", "published_at", "id"),
        Index(
            "ix_posts_blog", "blog_id", "edited_at", "id", sqlite_where=_OF_BLOG, postgresql_where=_OF_BLOG
        ),
        Index("ix_posts_from_blog", "from_blog_id", sqlite_where=_FROM_BLOG, postgresql_where=_FROM_BLOG),
        Index("ix_posts_featured", "published_at", "id", sqlite_where=_FEATURED, postgresql_where=_FEATURED),
        Index("ix_posts_edited_at", "edited_at", "id"),
        Index("ix_posts_edited_section", "section_id", "edited_at", "id"),
        Index("ix_posts_edited_kind", "kind", "edited_at", "id"),
        Index("ix_posts_edited_language", "language", "edited_at", "id"),
        Index("ix_posts_edited_due", "edited_at", "id", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("ix_posts_edited_changed", "edited_at", "id", sqlite_where=_CHANGED, postgresql_where=_CHANGED),
        Index("ix_posts_created_by", "created_by_id", "edited_at", "id"),
        Index("ix_posts_hidden", "edited_at", "id", sqlite_where=_HIDDEN, postgresql_where=_HIDDEN),
        Index("ix_posts_due_at", "due_at"),
        Index("ix_posts_removal_at", "removal_at", sqlite_where=_ENDING, postgresql_where=_ENDING),
        Index(
            "ix_posts_embargo_until", "embargo_until", sqlite_where=_EMBARGOED, postgresql_where=_EMBARGOED
        ),
        Index("ix_posts_trashed_at", "trashed_at", "id", sqlite_where=_TRASHED, postgresql_where=_TRASHED),
        UniqueConstraint("story_id", "language"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    guid: Mapped[str] = mapped_column(String(500), unique=True)  # minted once; feeds repeat it for ever
    kind: Mapped[str] = mapped_column(String(8))
    language: Mapped[str] = mapped_column(String(8))
    story_id: Mapped[str] = mapped_column(String(36))  # shared by translations of each other
    is_original: Mapped[bool] = mapped_column(default=True)  # the language the story was first told in
    slug: Mapped[str | None] = mapped_column(String(200), unique=True)  # notes have none: /notes/ID
    section_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"))
    canonical_url: Mapped[str | None] = mapped_column(String(500))  # when it first appeared somewhere else
    blog_id: Mapped[int | None] = mapped_column(
        ForeignKey("blogs.id")
    )  # a room below; empty: the main site's
    from_blog_id: Mapped[int | None] = mapped_column(
        ForeignKey("blogs.id")
    )  # where the main site took it from
    featured_at: Mapped[datetime | None]  # since when editors show a blog's post in the main lists too
    live_revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.id", name="fk_posts_live_revision_id_revisions", use_alter=True)
    )
    latest_revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.id", name="fk_posts_latest_revision_id_revisions", use_alter=True)
    )
    first_published_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]  # what readers see and lists sort by; an editor may change it
    updated_at: Mapped[datetime | None]  # last change of what readers see, for feeds and search engines
    due_at: Mapped[datetime | None]  # publish then: the instant, and below the wall time it was given in
    due_wall: Mapped[str | None] = mapped_column(String(16))  # "2026-12-01T09:30"
    due_zone: Mapped[str | None] = mapped_column(String(64))
    due_revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.id", name="fk_posts_due_revision_id_revisions", use_alter=True)
    )
    due_base_revision_id: Mapped[int | None] = mapped_column(  # what was live when this was planned
        ForeignKey("revisions.id", name="fk_posts_due_base_revision_id_revisions", use_alter=True)
    )
    due_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    due_problem: Mapped[str | None] = mapped_column(
        String(300)
    )  # why it was missed; out of the queue until mended
    due_tries: Mapped[int] = mapped_column(default=0, server_default="0")  # that ended unexpectedly
    removal_at: Mapped[datetime | None]  # readers lose it then
    removal_wall: Mapped[str | None] = mapped_column(String(16))
    removal_zone: Mapped[str | None] = mapped_column(String(64))
    removal_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    removal_problem: Mapped[str | None] = mapped_column(String(300))
    removal_tries: Mapped[int] = mapped_column(default=0, server_default="0")
    embargo_until: Mapped[datetime | None]  # nobody publishes it before; past, it has lapsed
    embargo_wall: Mapped[str | None] = mapped_column(String(16))
    embargo_zone: Mapped[str | None] = mapped_column(String(64))
    embargo_reason: Mapped[str | None] = mapped_column(String(300))
    embargo_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    corrected_at: Mapped[datetime | None]  # the last public correction
    trashed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    edited_at: Mapped[datetime]  # last save of anything, for the desk
    version: Mapped[int] = mapped_column(default=1)
    source: Mapped[str | None] = mapped_column(String(500), unique=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    section: Mapped[Section | None] = relationship(lazy="raise")
    live: Mapped["Revision | None"] = relationship(
        lazy="raise", foreign_keys=live_revision_id, post_update=True
    )
    latest: Mapped["Revision | None"] = relationship(
        lazy="raise", foreign_keys=latest_revision_id, post_update=True
    )
    bylines: Mapped[list["Byline"]] = relationship(
        lazy="raise", order_by="Byline.position", cascade="all, delete-orphan"
    )
    tags: Mapped[list["PostTag"]] = relationship(
        lazy="raise", order_by="PostTag.position", cascade="all, delete-orphan"
    )

    @property
    def is_live(self) -> bool:
        """Whether readers can see it now."""
        return self.live_revision_id is not None

    @property
    def is_main(self) -> bool:
        """Whether the main lists hold it while it is live: `gate.in_main` of a loaded post."""
        return self.blog_id is None or self.featured_at is not None

    @property
    def is_private(self) -> bool:
        """A text of a blog that never went out: nobody's business but its writer's."""
        return self.blog_id is not None and self.first_published_at is None


class Revision(Base):
    """One immutable text of a post, rendered when it was saved."""

    __tablename__ = "revisions"
    __table_args__ = (
        CheckConstraint("format IN ('markdown', 'html')", name="format"),
        Index("ix_revisions_cover_id", "cover_id", sqlite_where=_HAS_COVER, postgresql_where=_HAS_COVER),
        UniqueConstraint("post_id", "number"),
        Index("ix_revisions_title", "title", "post_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(300), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(String(8), default="markdown")
    html: Mapped[str] = mapped_column(Text)  # clean; made from `body` by renderer number `renderer`
    plain: Mapped[str] = mapped_column(Text)
    beginning: Mapped[str] = column_property(func.substr(plain, 1, 120))  # enough to know a note by
    outline: Mapped[list[Any]] = mapped_column(default=list)  # [[level, id, text], ...]
    transcript: Mapped[str] = mapped_column(Text, default="")  # of audio and video, Markdown
    transcript_html: Mapped[str] = mapped_column(Text, default="")
    renderer: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(32))
    word_count: Mapped[int]
    reading_minutes: Mapped[int]
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"))
    cover_alt: Mapped[str] = mapped_column(Text, default="")
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    words_added: Mapped[int | None]  # against the text before; empty when that is not known
    words_removed: Mapped[int | None]
    name: Mapped[str | None] = mapped_column(String(120))  # given by a person: "as sent to legal"
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    named_at: Mapped[datetime | None]

    cover: Mapped[Media | None] = relationship(lazy="raise")
    saved_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=saved_by_id)
    named_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=named_by_id)
    media: Mapped[list["RevisionMedia"]] = relationship(
        lazy="raise", order_by="RevisionMedia.position", cascade="all, delete-orphan"
    )


class RevisionMedia(Base):
    """The pictures of a photo post, or the recording of an audio or video post, in order."""

    __tablename__ = "revision_media"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id"), index=True)
    alt: Mapped[str] = mapped_column(Text, default="")
    caption: Mapped[str] = mapped_column(Text, default="")

    media: Mapped[Media] = relationship(lazy="raise")


class Byline(Base):
    """One credit, in order: a person or a guest, and what they did."""

    __tablename__ = "bylines"
    __table_args__ = (
        CheckConstraint("role IN ('author', 'editor', 'photographer', 'translator', 'speaker')", name="role"),
        Index("ix_bylines_person_live", "person_id", "live_at", "post_id"),
    )

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(16), default="author")
    position: Mapped[int]
    live_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")


class PostTag(Base):
    """A tag on a post."""

    __tablename__ = "post_tags"
    __table_args__ = (Index("ix_post_tags_tag_live", "tag_id", "live_at", "post_id"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int]
    live_at: Mapped[datetime | None]

    tag: Mapped[Tag] = relationship(lazy="raise")


class PostSlug(Base):
    """Every slug a post ever had. An old one redirects for ever and is never given away."""

    __tablename__ = "post_slugs"
    __table_args__ = (Index("ix_post_slugs_post_id", "post_id"),)

    slug: Mapped[str] = mapped_column(String(200), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]


class Release(Base):
    """Changes of several posts that go live together: all of them, or none."""

    __tablename__ = "releases"
    __table_args__ = (
        Index("ix_releases_due_at", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_releases_done_at", "done_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    due_at: Mapped[datetime | None]
    due_wall: Mapped[str | None] = mapped_column(String(16))
    due_zone: Mapped[str | None] = mapped_column(String(64))
    due_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    due_problem: Mapped[str | None] = mapped_column(Text)  # every reason, one a line
    due_tries: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    items: Mapped[list["ReleaseItem"]] = relationship(
        lazy="raise", order_by="ReleaseItem.position", cascade="all, delete-orphan"
    )


class ReleaseItem(Base):
    """One post of a release: the text that goes live with it, or that readers lose the post. A post is in one open
    release at most."""

    __tablename__ = "release_items"
    __table_args__ = (
        CheckConstraint("act IN ('publication', 'removal')", name="act"),
        Index("uq_release_items_open", "post_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_release_items_post_id", "post_id"),
    )

    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id", ondelete="CASCADE"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int]
    act: Mapped[str] = mapped_column(String(12))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id", ondelete="CASCADE"))
    base_revision_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id", ondelete="SET NULL"))
    done_at: Mapped[datetime | None]

    post: Mapped[Post] = relationship(lazy="raise")
    revision: Mapped[Revision] = relationship(lazy="raise", foreign_keys=revision_id)


class Correction(Base):
    """One line of the public log of what was wrong in a post. Without `at` it waits for its revision to go live."""

    __tablename__ = "corrections"
    __table_args__ = (
        Index("ix_corrections_post_id", "post_id", "at", "id"),
        Index("ix_corrections_at", "at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id", ondelete="SET NULL"))
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("corrections.id", ondelete="SET NULL"))
    changed: Mapped[str] = mapped_column(Text)  # in the language of the post, plain
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime | None]
    written_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class BulkAct(Base):
    """One act on many posts. Its items are the queue: small acts are worked off at once, large ones by the worker."""

    __tablename__ = "bulk_acts"
    __table_args__ = (Index("ix_bulk_acts_created_at", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    act: Mapped[str] = mapped_column(String(20))  # "publish"
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {"section_id": 3}
    created_at: Mapped[datetime]
    is_undoing: Mapped[bool] = mapped_column(default=False)
    finished_at: Mapped[datetime | None]


class BulkItem(Base):
    """One post of a bulk act: whether it was done, and what it takes to undo it."""

    __tablename__ = "bulk_items"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'refused', 'undone', 'kept')", name="state"),
        Index("ix_bulk_items_post_id", "post_id"),
    )

    bulk_id: Mapped[int] = mapped_column(ForeignKey("bulk_acts.id", ondelete="CASCADE"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    sentence: Mapped[str] = mapped_column(String(300), default="")  # why it was refused, or kept as it was
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int | None]  # of the post right after the act: another one means that it changed since
