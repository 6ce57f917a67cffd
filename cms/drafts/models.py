"""One row for each tab that has something open: what was typed there and not saved, and when it was last heard of."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cms.core.database import Base
from cms.people.models import Person

_HAS_TEXT = text("kept_at IS NOT NULL")


class Draft(Base):
    """What one tab of one person holds. `fields` and `kept_at` are empty when there is nothing unsaved in it.

    A saved tab keeps its row and its `sequence`, so that an autosave that was still under way when the text was saved
    is known for old.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        UniqueConstraint("person_id", "subject", "tab"),
        Index("ix_drafts_subject", "subject", "seen_at"),
        Index(
            "ix_drafts_unsaved", "person_id", "kept_at", sqlite_where=_HAS_TEXT, postgresql_where=_HAS_TEXT
        ),
        Index("ix_drafts_seen_at", "seen_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    subject: Mapped[str] = mapped_column(String(80))  # "post:12", or "post:new" before there is one
    tab: Mapped[str] = mapped_column(String(40))  # made by the page
    base: Mapped[int] = mapped_column(default=0)  # the version that was open when this was typed
    fields: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # name of a field to its text, or to a list of texts
    sequence: Mapped[int] = mapped_column(default=0)  # counts what the tab sent; an older one changes nothing
    kept_at: Mapped[datetime | None]
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    is_idle: Mapped[bool] = mapped_column(default=False)  # hidden, or nobody touched it for a while
    left_at: Mapped[datetime | None]  # the page said goodbye
    discarded_at: Mapped[datetime | None]  # thrown away; can be taken back for a day

    person: Mapped[Person] = relationship(lazy="raise")

    @property
    def has_text(self) -> bool:
        """Whether something in it is not saved."""
        return self.kept_at is not None and self.discarded_at is None
