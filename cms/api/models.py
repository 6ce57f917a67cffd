"""What the API itself keeps: answers to requests that made something, so that a repeated one makes it once."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cms.core.database import Base


class RememberedAnswer(Base):
    """The answer to one request with an `Idempotency-Key`. The row and what it made are of one transaction."""

    __tablename__ = "remembered_answers"
    __table_args__ = (Index("ix_remembered_answers_created_at", "created_at"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_hash: Mapped[str] = mapped_column(
        String(64)
    )  # of what was asked: the same key asks the same thing
    status: Mapped[int]
    location: Mapped[str] = mapped_column(String(200))
    etag: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
