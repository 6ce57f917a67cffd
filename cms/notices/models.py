"""What somebody was told, and how they chose to be told."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from cms.core.database import Base

_UNREAD = text("read_at IS NULL")


class Notice(Base):
    """One piece of news for one person. While it is unread there is no second one of its kind about its subject."""

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("times >= 1", name="times"),
        Index(
            "uq_notices_unread",
            "person_id",
            "kind",
            "subject",
            unique=True,
            sqlite_where=_UNREAD,
            postgresql_where=_UNREAD,
        ),
        Index("ix_notices_person_id", "person_id", "told_at", "id"),
        Index("ix_notices_mail_due_at", "mail_due_at", "person_id"),
        Index("ix_notices_read_at", "read_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))  # "post:12"
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what the sentence needs
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    times: Mapped[int] = mapped_column(default=1)  # how often it happened while unread
    told_at: Mapped[datetime]  # when it happened last
    is_on_desk: Mapped[bool] = mapped_column(default=True)  # otherwise it goes by mail only
    read_at: Mapped[datetime | None]
    mail_due_at: Mapped[datetime | None]  # empty: not to be mailed, or not any more
    mailed_at: Mapped[datetime | None]


class NoticeChoice(Base):
    """How somebody wants one kind of news; without a row it goes as the kind says."""

    __tablename__ = "notice_choices"
    __table_args__ = (CheckConstraint("by_mail IN ('now', 'digest', 'never')", name="by_mail"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    by_mail: Mapped[str] = mapped_column(String(8))
    is_on_desk: Mapped[bool]
