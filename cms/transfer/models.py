"""What an import remembers, so that running it again changes nothing."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cms.core.database import Base


class ImportedItem(Base):
    """One item of a source and the row it became. `digest` says what the source said last time; `version` is the
    version of the post that the import left behind, so that a later edit here is noticed and never overwritten."""

    __tablename__ = "imported_items"
    __table_args__ = (CheckConstraint("kind IN ('person', 'tag', 'section', 'media', 'post')", name="kind"),)

    source: Mapped[str] = mapped_column(String(500), primary_key=True)  # `wxr:old.example:post:12`
    kind: Mapped[str] = mapped_column(String(8))
    target_id: Mapped[int]
    digest: Mapped[str] = mapped_column(String(32))
    version: Mapped[int | None]
    imported_at: Mapped[datetime]


class ImportedComment(Base):
    """A comment that came with a post, as its source said it. No e-mail and no network address is kept.

    The comment below the post has the same `source`; without one it waits for the worker.
    """

    __tablename__ = "imported_comments"
    __table_args__ = (
        Index("ix_imported_comments_post_id", "post_id", "id"),
        Index("ix_imported_comments_parent_id", "parent_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(500), unique=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("imported_comments.id", ondelete="SET NULL"))
    author_name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime | None]
    html: Mapped[str] = mapped_column(Text)
    is_approved: Mapped[bool]
