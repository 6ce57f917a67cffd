"""Posts, their revisions, bylines, tags and addresses.

A post is live while `live_revision_id` is set, and only then: publishing sets it, taking down and the trash
clear it. What readers see is always a revision, which never changes. `live_at` on bylines and tags repeats
`published_at` while the post is live, so that the list of one author or tag is one walk along one index.
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
_HIDDEN = text("live_revision_id IS NULL")


def _live_index(name: str, *columns: str) -> Index:
    return Index(name, *columns, sqlite_where=_LIVE, postgresql_where=_LIVE)


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
        Index("ix_posts_edited_at", "edited_at", "id"),
        Index("ix_posts_hidden", "edited_at", "id", sqlite_where=_HIDDEN, postgresql_where=_HIDDEN),
        Index("ix_posts_due_at", "due_at"),
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
    due_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    due_problem: Mapped[str | None] = mapped_column(
        String(300)
    )  # why it was missed; out of the queue until mended
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


class Revision(Base):
    """One immutable text of a post, rendered when it was saved."""

    __tablename__ = "revisions"
    __table_args__ = (
        CheckConstraint("format IN ('markdown', 'html')", name="format"),
        UniqueConstraint("post_id", "number"),
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

    cover: Mapped[Media | None] = relationship(lazy="raise")
    saved_by: Mapped[Person | None] = relationship(lazy="raise")
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
