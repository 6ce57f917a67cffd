"""When to ask networks for figures, who asks, and what they said."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cms.core.database import Base

_OPEN = text("due_at IS NOT NULL")


class FigureWatch(Base):
    """A sent delivery, and when to ask for its figures next. The row is the queue; without `due_at` it is over."""

    __tablename__ = "figure_watches"
    __table_args__ = (
        Index("ix_figure_watches_due", "account_id", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    delivery_id: Mapped[int] = mapped_column(
        ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    sent_at: Mapped[datetime]  # the schedule is counted from it
    due_at: Mapped[datetime | None]


class FigureSeat(Base):
    """An account, as it is asked for figures: by one worker at a time, and not before its network allows."""

    __tablename__ = "figure_seats"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    lease: Mapped[int] = mapped_column(
        default=0
    )  # fencing token: every write of a worker names the one it holds
    lease_until: Mapped[datetime | None]  # by the clock of the database
    resume_at: Mapped[datetime | None]  # asked too often, or not reached: not before
    tries: Mapped[int] = mapped_column(default=0)  # one after the other that told nothing
    problem: Mapped[str] = mapped_column(String(300), default="")  # in the network's words
    followers_at: Mapped[datetime | None]  # when to ask for followers next; None at once


class PlatformFigure(Base):
    """What a network said of one delivery at one moment. Rows are added, never changed."""

    __tablename__ = "platform_figures"
    __table_args__ = (
        UniqueConstraint("delivery_id", "metric", "captured_at", "is_final"),
        CheckConstraint("value IS NULL OR value >= 0", name="value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id", ondelete="CASCADE"))
    metric: Mapped[str] = mapped_column(String(16))
    definition_version: Mapped[int]
    captured_at: Mapped[datetime]
    value: Mapped[int | None] = mapped_column(BigInteger)  # None: asked, and not told. Never nought instead
    source: Mapped[str] = mapped_column(
        String(16)
    )  # key of the network that told; "kept" of a copy at deletion
    is_final: Mapped[bool] = mapped_column(default=False)  # nobody asks again


class PlatformFollowers(Base):
    """How many followed an account at one moment."""

    __tablename__ = "platform_followers"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    captured_at: Mapped[datetime] = mapped_column(primary_key=True)
    value: Mapped[int | None] = mapped_column(BigInteger)
