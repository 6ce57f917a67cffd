"""How a contest is judged, its jury's seats and scores, the public's votes, certificates, and likenesses of entries.

A seat, not a person, gives scores; and a voter is known by keyed hashes only. So a person can be taken out of both while
every score and vote stays counted.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cms.contests.models import Contest, Entry
from cms.core.database import Base
from cms.people.models import Person

COMMENT_STATES = ("none", "waiting", "approved", "held")
VOTER_STATES = ("counted", "held", "void")


class Judging(Base):
    """How one contest is judged. Frozen by the first score or the first vote, whichever comes first."""

    __tablename__ = "contest_judging"
    __table_args__ = (
        CheckConstraint("per_entry BETWEEN 0 AND 50", name="per_entry"),
        CheckConstraint("public_weight BETWEEN 0 AND 90", name="public_weight"),
        CheckConstraint("votes_each BETWEEN 1 AND 20", name="votes_each"),
        CheckConstraint("voter_days BETWEEN 0 AND 3650", name="voter_days"),
        CheckConstraint("(scores_hash IS NULL) = (scores_sealed_at IS NULL)", name="seal_is_whole"),
    )

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), primary_key=True)
    rubric: Mapped[list[Any]]  # see `rubric.to_json`
    per_entry: Mapped[int] = mapped_column(default=0)  # jurors for each entry; 0: every juror scores all
    public_weight: Mapped[int] = mapped_column(default=0)  # per cent; never a whole prize on votes alone
    breaks: Mapped[list[Any]] = mapped_column(default=list)  # see `results.JudgingRules`
    draws_lot: Mapped[bool] = mapped_column(default=False)
    seed: Mapped[str] = mapped_column(
        String(64)
    )  # of lots and assignments; its hash is public from the start
    votes_each: Mapped[int] = mapped_column(default=1)  # entries that one member may vote for
    voter_days: Mapped[int] = mapped_column(default=0)  # that an account must have existed
    changed_at: Mapped[datetime]
    first_score_at: Mapped[datetime | None]
    first_vote_at: Mapped[datetime | None]
    head_seat_id: Mapped[int | None]  # who heads the jury; a seat of this contest
    salt: Mapped[str] = mapped_column(String(64))  # of the seal of scores; secret until names open
    scores_hash: Mapped[str | None] = mapped_column(String(64))
    scores_sealed_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]  # names and the bundle are open since

    contest: Mapped[Contest] = relationship(lazy="raise")

    @property
    def is_frozen(self) -> bool:
        """Whether somebody scored or voted by these rules."""
        return self.first_score_at is not None or self.first_vote_at is not None


class JurySeat(Base):
    """A place on a jury. `label` is drawn and is all that the bundle says of who scored."""

    __tablename__ = "jury_seats"
    __table_args__ = (
        UniqueConstraint("contest_id", "person_id"),
        UniqueConstraint("contest_id", "label"),
        Index("ix_jury_seats_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # empty once they were erased
    label: Mapped[str] = mapped_column(String(12))
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    left_for: Mapped[str] = mapped_column(Text, default="")

    person: Mapped[Person | None] = relationship(lazy="raise")
    contest: Mapped[Contest] = relationship(lazy="raise")


class JuryAssignment(Base):
    """An entry a seat is to score. `position` is where it stands for this juror: drawn, and the same every time."""

    __tablename__ = "jury_assignments"
    __table_args__ = (
        UniqueConstraint("seat_id", "entry_id"),
        UniqueConstraint("seat_id", "position"),
        Index("ix_jury_assignments_entry_id", "entry_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("jury_seats.id", ondelete="CASCADE"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("contest_entries.id", ondelete="CASCADE"))
    position: Mapped[int]
    assigned_at: Mapped[datetime]

    entry: Mapped[Entry] = relationship(lazy="raise")
    seat: Mapped[JurySeat] = relationship(lazy="raise")


class JuryRecusal(Base):
    """A seat that does not judge an entry, whatever happens: declared by the juror, or seen by an organiser."""

    __tablename__ = "jury_recusals"
    __table_args__ = (Index("ix_jury_recusals_entry_id", "entry_id"),)

    seat_id: Mapped[int] = mapped_column(ForeignKey("jury_seats.id", ondelete="CASCADE"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(
        ForeignKey("contest_entries.id", ondelete="CASCADE"), primary_key=True
    )
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class JuryScore(Base):
    """The marks a seat gave an entry, for the text with this hash. A criterion without a mark was skipped, not zero."""

    __tablename__ = "jury_scores"
    __table_args__ = (
        UniqueConstraint("seat_id", "entry_id"),
        CheckConstraint("comment_state IN ('none', 'waiting', 'approved', 'held')", name="comment_state"),
        Index("ix_jury_scores_entry_id", "entry_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("jury_seats.id", ondelete="CASCADE"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("contest_entries.id", ondelete="CASCADE"))
    content_hash: Mapped[str] = mapped_column(String(64))
    marks: Mapped[dict[str, Any]]
    is_complete: Mapped[bool]
    comment: Mapped[str] = mapped_column(Text, default="")  # to the entrant, once somebody let it through
    comment_state: Mapped[str] = mapped_column(String(8), default="none")
    note: Mapped[str] = mapped_column(Text, default="")  # for the juror alone
    saved_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    seat: Mapped[JurySeat] = relationship(lazy="raise")
    entry: Mapped[Entry] = relationship(lazy="raise")


class ScoreAmendment(Base):
    """Marks put right after scores were sealed: an appeal was upheld. Only added; the last one of a pair counts."""

    __tablename__ = "jury_amendments"
    __table_args__ = (
        Index("ix_jury_amendments_entry_id", "entry_id"),
        Index("ix_jury_amendments_seat_id", "seat_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("jury_seats.id", ondelete="CASCADE"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("contest_entries.id", ondelete="CASCADE"))
    marks: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    seat: Mapped[JurySeat] = relationship(lazy="raise")


class Voter(Base):
    """Somebody who votes in one contest: one row for a person and for a mail address, whatever arrives together."""

    __tablename__ = "contest_voters"
    __table_args__ = (
        UniqueConstraint("contest_id", "person_key"),
        UniqueConstraint("contest_id", "address_key"),
        UniqueConstraint("id", "contest_id"),
        CheckConstraint("state IN ('counted', 'held', 'void')", name="state"),
        Index("ix_contest_voters_network_key", "contest_id", "network_key"),
        Index("ix_contest_voters_state", "contest_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    person_key: Mapped[str] = mapped_column(
        String(64)
    )  # keyed hash of contest and person; random once erased
    address_key: Mapped[str] = mapped_column(String(64))  # the same of their mail address without its aliases
    network_key: Mapped[str] = mapped_column(String(64))
    account_days: Mapped[int]  # how old the account was
    state: Mapped[str] = mapped_column(String(7), default="counted")
    held_for: Mapped[list[Any]] = mapped_column(default=list)  # see `suspicion`
    reason: Mapped[str] = mapped_column(Text, default="")  # of who decided
    first_at: Mapped[datetime]


class Vote(Base):
    """A vote of a voter for an entry. Slots are as many as the rules give; the database lets no one take more."""

    __tablename__ = "contest_votes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["voter_id", "contest_id"],
            ["contest_voters.id", "contest_voters.contest_id"],
            name="fk_contest_votes_voter_id_contest_voters",
            ondelete="CASCADE",
        ),
        UniqueConstraint("voter_id", "slot"),
        UniqueConstraint("voter_id", "entry_id"),
        CheckConstraint("slot BETWEEN 0 AND 19", name="slot"),
        Index("ix_contest_votes_contest_id", "contest_id", "entry_id"),
        Index("ix_contest_votes_entry_id", "entry_id"),
        Index("ix_contest_votes_voter_id", "voter_id", "contest_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    voter_id: Mapped[int]
    entry_id: Mapped[int] = mapped_column(ForeignKey("contest_entries.id", ondelete="CASCADE"))
    slot: Mapped[int]
    ballot: Mapped[str] = mapped_column(String(32), unique=True)  # random: what the bundle calls it
    at: Mapped[datetime]

    voter: Mapped[Voter] = relationship(lazy="raise")


class Certificate(Base):
    """What an author got on paper. Revoked ones stay, so that the code on an old print still answers."""

    __tablename__ = "contest_certificates"
    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revoked_for = '')", name="revocation_is_whole"),
        Index("ix_contest_certificates_contest_id", "contest_id", "id"),
        Index("ix_contest_certificates_entry_id", "entry_id"),
        Index("ix_contest_certificates_person_id", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("contest_entries.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(8))
    place: Mapped[int | None]
    prize: Mapped[dict[str, str]] = mapped_column(default=dict)
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    revoked_at: Mapped[datetime | None]
    revoked_for: Mapped[str] = mapped_column(Text, default="")
    replaced_by: Mapped[str | None] = mapped_column(String(20))  # the code of the next issue

    contest: Mapped[Contest] = relationship(lazy="raise")


class EntryLikeness(Base):
    """What an entry has in common with another one or with a post: for a person to look at, never a verdict."""

    __tablename__ = "entry_likenesses"
    __table_args__ = (
        CheckConstraint("(other_id IS NULL) <> (post_id IS NULL)", name="other"),
        UniqueConstraint("entry_id", "other_id"),
        UniqueConstraint("entry_id", "post_id"),
        Index("ix_entry_likenesses_other_id", "other_id"),
        Index("ix_entry_likenesses_post_id", "post_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("contest_entries.id", ondelete="CASCADE"))
    other_id: Mapped[int | None] = mapped_column(ForeignKey("contest_entries.id", ondelete="CASCADE"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    contained: Mapped[int]  # per mille of the entry
    resemblance: Mapped[int]  # per mille of both
    longest: Mapped[int]
    passages: Mapped[list[Any]]
    found_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    remark: Mapped[str] = mapped_column(Text, default="")
