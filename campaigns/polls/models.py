"""Questions, their choices, and answers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.plans.models import AUDIENCES, Campaign
from cms.core.database import Base
from cms.posts.models import Post

KINDS = ("choice", "nps")
__all__ = ["AUDIENCES", "KINDS", "Poll", "PollAnswer", "PollChoice"]


class Poll(Base):
    """A question below a post, or on the public page of a campaign."""

    __tablename__ = "polls"
    __table_args__ = (
        CheckConstraint("kind IN ('choice', 'nps')", name="kind"),
        CheckConstraint("(post_id IS NULL) <> (campaign_id IS NULL)", name="place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(
        ForeignKey("campaigns.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(6))
    question: Mapped[dict[str, str]]
    asks_audience: Mapped[bool] = mapped_column(default=False)
    shows_results: Mapped[bool] = mapped_column(default=False)  # to who answered
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]

    choices: Mapped[list["PollChoice"]] = relationship(
        lazy="raise", order_by="PollChoice.position", cascade="all, delete-orphan"
    )
    post: Mapped[Post | None] = relationship(lazy="raise")
    campaign: Mapped[Campaign | None] = relationship(lazy="raise")


class PollChoice(Base):
    """One thing to choose."""

    __tablename__ = "poll_choices"

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    label: Mapped[dict[str, str]]


class PollAnswer(Base):
    """What somebody answered. `once` is a keyed hash of who, for this question and window; empty once that is over."""

    __tablename__ = "poll_answers"
    __table_args__ = (
        UniqueConstraint("poll_id", "once"),
        CheckConstraint("(choice_id IS NULL) <> (score IS NULL)", name="answer"),
        CheckConstraint("score BETWEEN 0 AND 10", name="score"),
        CheckConstraint("audience IN ('users', 'purchasers', 'decision_makers', 'others')", name="audience"),
        Index("ix_poll_answers_choice_id", "choice_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id", ondelete="CASCADE"))
    choice_id: Mapped[int | None] = mapped_column(ForeignKey("poll_choices.id", ondelete="CASCADE"))
    score: Mapped[int | None]
    audience: Mapped[str | None] = mapped_column(String(16))  # as they say of themselves
    verdict: Mapped[str] = mapped_column(String(8))  # "human", "staff", "crawler" …: as for visits
    at: Mapped[datetime]
    window: Mapped[int]
    once: Mapped[str | None] = mapped_column(String(32))
