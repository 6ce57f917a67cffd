"""Rows the ground floor itself keeps: mail to send, throttled attempts, page changes, signs of life."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cms.core.database import Base


class OutgoingMail(Base):
    """One message to one address. The row is the queue: `sent_at` and `failed_at` empty means waiting."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts"),
        Index("ix_outgoing_mail_due", "due_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    headers: Mapped[dict[str, Any] | None]  # beside the usual ones
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]  # empty once it is sent, given up, or claimed
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(500))


class Attempt(Base):
    """One throttled act (a sign-in, a reset) by a key: an account or a network, hashed."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_key_at", "key", "at"), Index("ix_attempts_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class PageChange(Base):
    """Something that public pages show has changed. Every web process reads these to drop its copies."""

    __tablename__ = "page_changes"
    __table_args__ = (
        Index("ix_page_changes_at", "at"),
        Index("ix_page_changes_tag", "tag", "at"),  # when did this last change? asked by feeds
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class Heartbeat(Base):
    """When a worker last did a job, so that an operator sees one that stands still."""

    __tablename__ = "heartbeats"

    job: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime]
    seconds: Mapped[float]
    outcome: Mapped[dict[str, Any]]
