"""What somebody from outside was asked to do with one post, the links that let them, and everything that happened.

Facts that can be true together have columns of their own; which one counts now is worked out in `states`. An approval
names the `content_hash` it was given for, so that a changed text is not an approved one.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cms.core.database import Base
from cms.people.models import Person
from cms.posts.models import Post, Revision

PURPOSES = ("write", "approve")
CREDITS = ("author", "editor", "photographer", "translator", "speaker")  # what a writer is credited as
CAPACITIES = ("legal", "partner", "expert", "brand")  # on whose behalf somebody agrees
_ROLES = "', '".join(dict.fromkeys((*CREDITS, *CAPACITIES)))


class Contribution(Base):
    """One person from outside, asked to write or to agree to one post."""

    __tablename__ = "contributions"
    __table_args__ = (
        CheckConstraint("purpose IN ('write', 'approve')", name="purpose"),
        CheckConstraint(f"role IN ('{_ROLES}')", name="role"),
        CheckConstraint("decision IN ('approved', 'refused')", name="decision"),
        CheckConstraint(
            "(decision IS NULL) = (decided_hash IS NULL) AND (decision IS NULL) = (decided_at IS NULL)",
            name="decision_is_whole",
        ),
        Index("ix_contributions_post_id", "post_id", "id"),
        Index("ix_contributions_person_id", "person_id", "id"),
        Index("ix_contributions_due_at", "due_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    purpose: Mapped[str] = mapped_column(String(8))
    role: Mapped[str] = mapped_column(String(16))  # of CREDITS for a writer, else of CAPACITIES
    email: Mapped[str | None] = mapped_column(String(254))  # where links are mailed
    locale: Mapped[str] = mapped_column(String(8))  # of the page and the mail
    brief: Mapped[str] = mapped_column(Text, default="")
    brief_html: Mapped[str] = mapped_column(Text, default="")
    word_target: Mapped[int | None]
    due_at: Mapped[datetime | None]  # the instant, and below the wall time it was given in
    due_wall: Mapped[str | None] = mapped_column(String(16))
    due_zone: Mapped[str | None] = mapped_column(String(64))
    rights: Mapped[str] = mapped_column(Text, default="")  # what a writer must agree to first
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    seen_at: Mapped[datetime | None]  # last opened
    times_seen: Mapped[int] = mapped_column(default=0)
    consented_at: Mapped[datetime | None]
    consented_to: Mapped[str | None] = mapped_column(Text)  # exactly the words that were agreed to
    started_at: Mapped[datetime | None]  # first text
    handed_in_at: Mapped[datetime | None]
    handed_back_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]  # to approve byline and final text
    byline_hash: Mapped[str | None] = mapped_column(String(32))
    byline_approved_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(String(8))
    decided_hash: Mapped[str | None] = mapped_column(String(32))
    decided_at: Mapped[datetime | None]
    decided_revision_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id", ondelete="SET NULL"))
    change_told_at: Mapped[datetime | None]  # that the text changed after the decision; told once
    reminded_at: Mapped[datetime | None]
    reminders_stopped_at: Mapped[datetime | None]
    late_told_at: Mapped[datetime | None]  # editors were told that nothing came
    revoked_at: Mapped[datetime | None]
    pictures: Mapped[int] = mapped_column(default=0)  # uploaded by this link so far

    post: Mapped[Post] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=person_id)
    invited_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=invited_by_id)

    @property
    def is_writer(self) -> bool:
        """Whether they write, and not only agree."""
        return self.purpose == "write"

    @property
    def has_consented(self) -> bool:
        """Whether they agreed to the words that are asked for now."""
        return not self.rights or self.consented_to == self.rights

    def is_open(self, at: datetime) -> bool:
        """Whether its links work."""
        return self.revoked_at is None and at < self.expires_at


class ContributionLink(Base):
    """One link to a contribution, as it was shown or mailed. Only its hash is kept."""

    __tablename__ = "contribution_links"
    __table_args__ = (Index("ix_contribution_links_contribution_id", "contribution_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contributions.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ContributionEntry(Base):
    """One thing that happened or was said: the record of who agreed to what. Rows are only added."""

    __tablename__ = "contribution_entries"
    __table_args__ = (Index("ix_contribution_entries_contribution_id", "contribution_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contributions.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    act: Mapped[str] = mapped_column(String(24))  # "handed_in", "said"
    words: Mapped[str] = mapped_column(Text, default="")
    content_hash: Mapped[str | None] = mapped_column(String(32))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id", ondelete="SET NULL"))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)

    contribution: Mapped[Contribution] = relationship(lazy="raise")
    by: Mapped[Person | None] = relationship(lazy="raise")
    revision: Mapped[Revision | None] = relationship(lazy="raise")
