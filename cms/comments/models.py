"""Comments, how they were decided on, what was reacted, and who may be trusted with what.

`parent_id` is as deep as people answer; `root_id` names the comment that begins the thread (its own number for that
one), so that a page shows two levels whatever the depth. Rows are never removed while somebody answered them: a comment
that is hidden or deleted stays as an empty place.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cms.core.database import Base
from cms.people.models import Person

STATES = ("waiting", "visible", "hidden", "deleted")
POLICIES = ("open", "members", "moderated", "off")
REACTIONS = ("agree", "thanks", "insight")
_VISIBLE = text("state = 'visible'")
_WAITING = text("state = 'waiting'")
_OPEN = text("answered_at IS NULL")
_FAQ = text("faq_at IS NOT NULL")
_APPEALED = text("appealed_at IS NOT NULL AND appeal_outcome IS NULL")


class Comment(Base):
    """One thing that somebody said below a subject."""

    __tablename__ = "comments"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'visible', 'hidden', 'deleted')", name="state"),
        CheckConstraint("appeal_outcome IN ('granted', 'refused')", name="appeal_outcome"),
        CheckConstraint("score >= 0", name="score"),
        Index("ix_comments_subject", "subject_kind", "subject_id", "root_id", "id"),
        Index("ix_comments_visible", "shown_at", "id", sqlite_where=_VISIBLE, postgresql_where=_VISIBLE),
        Index("ix_comments_waiting", "waiting_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index(
            "ix_comments_appealed", "appealed_at", "id", sqlite_where=_APPEALED, postgresql_where=_APPEALED
        ),
        Index("ix_comments_author_id", "author_id", "id"),
        Index("ix_comments_parent_id", "parent_id"),
        Index("ix_comments_root_id", "root_id"),
        Index("ix_comments_decided_by_id", "decided_by_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[int]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))
    root_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))  # its own number where it begins
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    author_name: Mapped[str] = mapped_column(
        String(120), default=""
    )  # of who has no account, or none any more
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)  # clean; made from `body` by renderer number `renderer`
    plain: Mapped[str] = mapped_column(Text)
    renderer: Mapped[int]
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8))
    held_for: Mapped[list[Any]] = mapped_column(default=list)  # why it waits, or waited: ["first", "links"]
    spam_score: Mapped[float] = mapped_column(default=0.5)  # what the words alone look like, 0 to 1
    score: Mapped[int] = mapped_column(default=0)  # reactions
    answers: Mapped[int] = mapped_column(default=0)  # visible ones straight to this
    in_thread: Mapped[int] = mapped_column(default=0)  # visible ones below the first of a thread
    flags: Mapped[int] = mapped_column(default=0)  # readers who reported it since it was last decided on
    created_at: Mapped[datetime]
    waiting_at: Mapped[datetime | None]  # since when it waits
    shown_at: Mapped[datetime | None]  # when it became visible first
    edited_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(String(16), default="")  # why it is hidden: "spam", "rude", …
    note: Mapped[str] = mapped_column(Text, default="")  # what a moderator says to the writer
    appeal: Mapped[str] = mapped_column(Text, default="")  # what the writer says to that
    appealed_at: Mapped[datetime | None]
    appeal_outcome: Mapped[str | None] = mapped_column(String(8))
    once: Mapped[str | None] = mapped_column(String(32), unique=True)  # of the form it was sent with
    source: Mapped[str | None] = mapped_column(String(500), unique=True)  # where an import took it from

    author: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=author_id)

    @property
    def is_visible(self) -> bool:
        """Whether whoever may see the subject may read it."""
        return self.state == "visible"

    @property
    def subject(self) -> str:
        """As notices, the log and programs name what it is about: `post:12`."""
        return f"{self.subject_kind}:{self.subject_id}"


class CommentVersion(Base):
    """What a comment said before it was edited."""

    __tablename__ = "comment_versions"
    __table_args__ = (UniqueConstraint("comment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"))
    number: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


class Reaction(Base):
    """What somebody thinks of a comment, in one word. Each has one."""

    __tablename__ = "comment_reactions"
    __table_args__ = (
        CheckConstraint("kind IN ('agree', 'thanks', 'insight')", name="kind"),
        Index("ix_comment_reactions_person_id", "person_id"),
    )

    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime]


class Flag(Base):
    """A reader asks a moderator to look at a comment."""

    __tablename__ = "comment_flags"
    __table_args__ = (Index("ix_comment_flags_person_id", "person_id"),)

    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class CommentPolicy(Base):
    """Who may comment below one subject, and how long; without a row it goes as the site does."""

    __tablename__ = "comment_policies"
    __table_args__ = (
        CheckConstraint("policy IN ('open', 'members', 'moderated', 'off')", name="policy"),
        CheckConstraint("closes_after_days BETWEEN 1 AND 3650", name="days"),
    )

    subject_kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    policy: Mapped[str] = mapped_column(String(10))
    closes_after_days: Mapped[int | None]  # counted from publication; empty: never


class Standing(Base):
    """What is known of somebody who comments: trust grows with what was let through, and shrinks with what was not."""

    __tablename__ = "comment_standings"
    __table_args__ = (Index("ix_comment_standings_blocked_by_id", "blocked_by_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    approved: Mapped[int] = mapped_column(default=0)  # comments that are visible
    refused: Mapped[int] = mapped_column(default=0)  # comments that moderators hid
    blocked_at: Mapped[datetime | None]
    blocked_until: Mapped[datetime | None]  # empty while blocked: until somebody lifts it
    blocked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    block_note: Mapped[str] = mapped_column(Text, default="")  # said to the person

    def is_blocked(self, at: datetime) -> bool:
        """Whether this person may not comment now."""
        return self.blocked_at is not None and (self.blocked_until is None or at < self.blocked_until)


class SpamWord(Base):
    """How often a word stood in comments that moderators let through or called spam. The empty word counts comments."""

    __tablename__ = "comment_spam_words"

    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    good: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)


class Question(Base):
    """A comment that the company owes an answer: whose it is, until when, and the answer once it is there."""

    __tablename__ = "comment_questions"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answer_number = 0)", name="answered"),
        Index("ix_comment_questions_due_at", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_comment_questions_owner_id", "owner_id", "due_at"),
        Index("ix_comment_questions_answered_at", "answered_at", "comment_id"),
        Index(
            "ix_comment_questions_faq_at", "faq_at", "comment_id", sqlite_where=_FAQ, postgresql_where=_FAQ
        ),
        Index("ix_comment_questions_answered_by_id", "answered_by_id"),
        Index("ix_comment_questions_marked_by_id", "marked_by_id"),
    )

    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    marked_at: Mapped[datetime]
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    due_at: Mapped[datetime | None]  # the instant, and below the wall time it was given in
    due_wall: Mapped[str | None] = mapped_column(String(16))
    due_zone: Mapped[str | None] = mapped_column(String(64))
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]  # first
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # who signs it
    answer_number: Mapped[int] = mapped_column(default=0)  # of the version readers see; 0: none yet
    faq_at: Mapped[datetime | None]  # since when it stands among the answered questions
    faq_question: Mapped[str] = mapped_column(String(300), default="")  # in the company's words

    comment: Mapped[Comment] = relationship(lazy="raise")
    owner: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=owner_id)
    answered_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=answered_by_id)


class AnswerVersion(Base):
    """One text of a company answer. The newest is what readers see; the others are kept."""

    __tablename__ = "comment_answer_versions"
    __table_args__ = (
        UniqueConstraint("comment_id", "number"),
        Index("ix_comment_answer_versions_written_by_id", "written_by_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment_questions.comment_id", ondelete="CASCADE"))
    number: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    plain: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
