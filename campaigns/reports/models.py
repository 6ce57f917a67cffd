"""What people keep of reports: questions they ask again, frozen answers they give out, notes on days, and mails."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.plans.models import Campaign
from cms.core.database import Base
from cms.people.models import Person

NAME_LIMIT = 120


class SavedView(Base):
    """A question with a name, of one person; everybody who reads reports sees those that are shared with the team."""

    __tablename__ = "report_views"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    asked: Mapped[dict[str, Any]]  # as `addressing.arguments` writes it
    is_shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    owner: Mapped[Person] = relationship(lazy="raise")


class ReportShare(Base):
    """An answer that was given out by link. What it says never changes; only the link can end."""

    __tablename__ = "report_shares"
    __table_args__ = (Index("ix_report_shares_made_by_id", "made_by_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(NAME_LIMIT))
    campaign_ids: Mapped[list[Any]]  # it shows these and nothing else
    frozen: Mapped[dict[str, Any]]  # the `Comparison`, as `freezing` writes it
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    made_by: Mapped[Person | None] = relationship(lazy="raise")


class Annotation(Base):
    """What happened on a day, for those who read figures of that day. Without a campaign it is about all of them."""

    __tablename__ = "report_annotations"
    __table_args__ = (
        CheckConstraint("words_en <> '' OR words_zh <> ''", name="words"),
        Index("ix_report_annotations_day", "day", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    day: Mapped[date]
    words_en: Mapped[str] = mapped_column(String(NAME_LIMIT), default="")
    words_zh: Mapped[str] = mapped_column(String(NAME_LIMIT), default="")
    is_private: Mapped[bool] = mapped_column(default=False)  # its owner alone sees it
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    edited_at: Mapped[datetime]

    owner: Mapped[Person] = relationship(lazy="raise")
    campaign: Mapped[Campaign | None] = relationship(lazy="raise")


class ReportMail(Base):
    """A saved view that comes by mail, once a week or a month. This row is the queue: `due_at` moves on with each mail."""

    __tablename__ = "report_mails"
    __table_args__ = (
        CheckConstraint("every IN ('week', 'month')", name="every"),
        UniqueConstraint("view_id", "person_id"),
        Index("ix_report_mails_due_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    view_id: Mapped[int] = mapped_column(ForeignKey("report_views.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    every: Mapped[str] = mapped_column(String(5))  # Mondays, or the first of the month
    wall: Mapped[str] = mapped_column(String(5))  # "08:30"
    zone: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]

    view: Mapped[SavedView] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")
