"""What a review is made of: plans of steps, rounds of a post through them, decisions bound to the text they were
made about, comments on passages, claims that need a source, and what is known about links.

A round copies its steps, so that a changed plan does not change what is running. Whether an approval counts is never
stored: it counts while the text has the hash it was given to.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cms.core.database import Base
from cms.people.models import Person
from cms.posts.models import Post, Revision

DEFAULT = "default"  # the plan of posts without a section, and of sections without a plan of their own
_OPEN = text("closed_at IS NULL")
_WAITING = text("state = 'waiting'")
_UNRESOLVED = text("resolved_at IS NULL AND parent_id IS NULL")
_UNSETTLED = text("state <> 'withdrawn'")


class ReviewPlan(Base):
    """The steps a text goes through: of one section, or the default. No steps: no review.

    `steps` is a list of `{name: {en, zh}, mode: any|all, days, required, role, people: [ids]}`.
    """

    __tablename__ = "review_plans"

    scope: Mapped[str] = mapped_column(String(40), primary_key=True)  # "default" or "section:12"
    section_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id", ondelete="CASCADE"), unique=True)
    steps: Mapped[list[Any]] = mapped_column(default=list)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class ReviewRound(Base):
    """One way of a post through the steps, from being sent for review until it is published or withdrawn."""

    __tablename__ = "review_rounds"
    __table_args__ = (
        CheckConstraint("outcome IN ('withdrawn', 'published')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name="closed_has_outcome"),
        UniqueConstraint("post_id", "number"),
        Index("uq_review_rounds_open", "post_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    number: Mapped[int]
    scope: Mapped[str] = mapped_column(String(40))  # the plan its steps were copied from
    words: Mapped[str] = mapped_column(Text, default="")  # to the reviewers
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id", ondelete="CASCADE"))
    returned_at: Mapped[datetime | None]  # changes were asked for, and the author has it
    approved_at: Mapped[datetime | None]  # every required step has approved the newest text
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))

    post: Mapped[Post] = relationship(lazy="raise")
    asked_by: Mapped[Person | None] = relationship(lazy="raise")
    steps: Mapped[list["RoundStep"]] = relationship(
        lazy="raise", order_by="RoundStep.position", back_populates="round", cascade="all, delete-orphan"
    )

    @property
    def is_open(self) -> bool:
        """Whether it can still be decided on."""
        return self.closed_at is None


class RoundStep(Base):
    """One step of a round. `state` follows from the decisions and the newest text, for the queue to walk along."""

    __tablename__ = "review_steps"
    __table_args__ = (
        CheckConstraint("mode IN ('any', 'all')", name="mode"),
        CheckConstraint("state IN ('later', 'waiting', 'done')", name="state"),
        CheckConstraint("state <> 'waiting' OR due_at IS NOT NULL", name="waiting_is_due"),
        UniqueConstraint("round_id", "position"),
        Index("ix_review_steps_waiting", "due_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("review_rounds.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[dict[str, str]]
    mode: Mapped[str] = mapped_column(String(3), default="any")
    days: Mapped[int] = mapped_column(default=2)  # from being reached until it is due
    is_required: Mapped[bool] = mapped_column(default=True)
    role: Mapped[str | None] = mapped_column(String(10))  # everybody who has it, besides the people named
    state: Mapped[str] = mapped_column(String(8), default="later")
    started_at: Mapped[datetime | None]  # reached; stays set when a change of the text undoes it
    due_at: Mapped[datetime | None]  # the instant, and below the wall time it was given in
    due_wall: Mapped[str | None] = mapped_column(String(16))
    due_zone: Mapped[str | None] = mapped_column(String(64))
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None]

    round: Mapped[ReviewRound] = relationship(lazy="raise", back_populates="steps")
    people: Mapped[list["StepPerson"]] = relationship(
        lazy="raise", order_by="StepPerson.person_id", cascade="all, delete-orphan"
    )


class StepPerson(Base):
    """Somebody named in a step; a guest decides through a link of their own."""

    __tablename__ = "review_step_people"
    __table_args__ = (Index("ix_review_step_people_person_id", "person_id", "step_id"),)

    step_id: Mapped[int] = mapped_column(ForeignKey("review_steps.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)

    person: Mapped[Person] = relationship(lazy="raise")


class Decision(Base):
    """What somebody said about one text in one step. Never changed; a later word of the same person weighs more."""

    __tablename__ = "review_decisions"
    __table_args__ = (
        CheckConstraint("verdict IN ('approved', 'changes', 'comment')", name="verdict"),
        Index("ix_review_decisions_step_id", "step_id", "id"),
        Index("ix_review_decisions_person_id", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("review_steps.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    role: Mapped[str] = mapped_column(String(10))  # they had then
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id", ondelete="CASCADE"))
    content_hash: Mapped[str] = mapped_column(String(32))
    verdict: Mapped[str] = mapped_column(String(8))
    words: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise")
    revision: Mapped[Revision] = relationship(lazy="raise")


class Waiver(Base):
    """An admin let one text go out without its review, and wrote down why."""

    __tablename__ = "review_waivers"
    __table_args__ = (Index("ix_review_waivers_post_id", "post_id", "content_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id", ondelete="CASCADE"))
    content_hash: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]

    by: Mapped[Person | None] = relationship(lazy="raise")
    revision: Mapped[Revision] = relationship(lazy="raise")


class PassageComment(Base):
    """Words about a passage, or an answer to such words. The passage is known by what it says and what stands around
    it, so it is found again in later texts; when it is gone, the comment stays and says so."""

    __tablename__ = "review_comments"
    __table_args__ = (
        Index("ix_review_comments_post_id", "post_id", "id"),
        Index("ix_review_comments_parent_id", "parent_id", "id"),
        Index(
            "ix_review_comments_open",
            "post_id",
            sqlite_where=_UNRESOLVED,
            postgresql_where=_UNRESOLVED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("review_comments.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    quote: Mapped[str] = mapped_column(Text, default="")  # empty: about the whole text
    prefix: Mapped[str] = mapped_column(String(80), default="")
    suffix: Mapped[str] = mapped_column(String(80), default="")
    words: Mapped[str] = mapped_column(Text)
    suggestion: Mapped[str | None] = mapped_column(Text)  # what the passage could say instead
    created_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    applied_revision_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id", ondelete="CASCADE"))

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=person_id)
    resolved_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=resolved_by_id)


class Claim(Base):
    """A sentence that needs a source. Open, or sourced until a date that has passed, it holds up the text."""

    __tablename__ = "review_claims"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'sourced', 'withdrawn')", name="state"),
        CheckConstraint("state <> 'sourced' OR source <> ''", name="sourced_has_source"),
        Index("ix_review_claims_post_id", "post_id", "id"),
        Index(
            "ix_review_claims_unsettled",
            "state",
            "expires_on",
            "id",
            sqlite_where=_UNSETTLED,
            postgresql_where=_UNSETTLED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id", ondelete="CASCADE"))
    quote: Mapped[str] = mapped_column(Text)
    prefix: Mapped[str] = mapped_column(String(80), default="")
    suffix: Mapped[str] = mapped_column(String(80), default="")
    words: Mapped[str] = mapped_column(Text, default="")  # what is doubted
    state: Mapped[str] = mapped_column(String(10), default="open")
    source: Mapped[str] = mapped_column(Text, default="")  # an address, or where it is written
    expires_on: Mapped[date | None]  # the last day the source holds, in the site's zone
    raised_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    raised_at: Mapped[datetime]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    settled_at: Mapped[datetime | None]

    post: Mapped[Post] = relationship(lazy="raise")
    raised_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=raised_by_id)
    settled_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=settled_by_id)

    def holds_up(self, on: date) -> bool:
        """Whether a text that goes out on this day has to wait for it."""
        expired = self.expires_on is not None and self.expires_on < on
        return self.state == "open" or (self.state == "sourced" and expired)


class ClaimWords(Base):
    """Words that want a source, in one language, as an editor wrote them; without a row, the list in the program."""

    __tablename__ = "review_claim_words"

    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    words: Mapped[list[Any]] = mapped_column(default=list)


class LinkCheck(Base):
    """What the worker found at an address that a text links to."""

    __tablename__ = "review_links"
    __table_args__ = (Index("ix_review_links_due_at", "due_at"),)

    digest: Mapped[str] = mapped_column(String(32), primary_key=True)  # of the address
    url: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]  # last time a text with it was saved
    due_at: Mapped[datetime | None]  # look again then; None: nobody links to it any more
    checked_at: Mapped[datetime | None]
    status: Mapped[int | None]  # what the other side answered
    problem: Mapped[str] = mapped_column(
        String(20), default=""
    )  # "gone", "unreachable", "refused"; empty: fine
    failures: Mapped[int] = mapped_column(default=0)  # in a row; one alone may be the weather
