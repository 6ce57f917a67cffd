"""A contest, its phases, rules and prizes, who runs and judges it, the entries with what was sealed of them, and places.

No column says which phase a contest is in: that is worked out from the clock in `phases`. What a phase does when it
opens or closes is done by a job, and `opened_at` and `closed_at` say that it was.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cms.core.database import Base
from cms.people.models import Person
from cms.posts.models import Post

PHASES = ("announce", "entries", "check", "jury", "vote", "appeal", "results")  # in the order they may begin
ROLES = ("organiser", "juror")
ELIGIBLE = ("everyone", "members", "staff")  # members: everybody but staff
VERDICTS = ("accepted", "asked", "refused")
RESULT_STATES = ("preliminary", "checked", "final")
_OPENING = text("opened_at IS NULL")
_CLOSING = text("closed_at IS NULL AND ends_at IS NOT NULL")


class ContestSeries(Base):
    """Contests of one name that come again: each knows its number."""

    __tablename__ = "contest_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[dict[str, str]]
    created_at: Mapped[datetime]


class Contest(Base):
    """One contest. `title`, `summary` and `brief` are for readers, in each language."""

    __tablename__ = "contests"
    __table_args__ = (
        CheckConstraint("eligible IN ('everyone', 'members', 'staff')", name="eligible"),
        CheckConstraint("most_entries BETWEEN 1 AND 20", name="most_entries"),
        CheckConstraint("most_authors BETWEEN 1 AND 20", name="most_authors"),
        CheckConstraint("grace_minutes BETWEEN 0 AND 1440", name="grace_minutes"),
        CheckConstraint(
            "least_words >= 0 AND (most_words IS NULL OR most_words >= least_words)", name="words"
        ),
        CheckConstraint("results_state IN ('preliminary', 'checked', 'final')", name="results_state"),
        CheckConstraint("(series_id IS NULL) = (number IS NULL)", name="number_in_series"),
        UniqueConstraint("series_id", "number"),
        Index("ix_contests_announced_at", "announced_at", "id"),
        Index("ix_contests_final_at", "final_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("contest_series.id"))
    number: Mapped[int | None]  # within its series
    title: Mapped[dict[str, str]]
    summary: Mapped[dict[str, str]] = mapped_column(default=dict)
    brief: Mapped[dict[str, str]] = mapped_column(default=dict)  # Markdown
    brief_html: Mapped[dict[str, str]] = mapped_column(default=dict)  # clean, made from `brief`
    theme_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)  # whose idea it was
    theme_url: Mapped[str | None] = mapped_column(String(500))  # where the idea was said: a comment, a post
    zone: Mapped[str] = mapped_column(String(64))  # its wall times are times there
    eligible: Mapped[str] = mapped_column(String(8), default="everyone")
    eligibility: Mapped[dict[str, str]] = mapped_column(
        default=dict
    )  # what else is asked of entrants, in words
    least_age: Mapped[int | None]  # younger ones need a grown-up's consent
    least_days: Mapped[int] = mapped_column(default=0)  # that an account must have existed
    most_entries: Mapped[int] = mapped_column(default=1)  # of one person, alone or with others
    most_authors: Mapped[int] = mapped_column(default=1)  # of one entry
    least_words: Mapped[int] = mapped_column(default=0)
    most_words: Mapped[int | None]
    takes_posts: Mapped[bool] = mapped_column(default=True)  # whether something published may be entered
    grace_minutes: Mapped[int] = mapped_column(default=0)  # for what was begun before the deadline
    is_blind: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    edited_at: Mapped[datetime]
    announced_at: Mapped[datetime | None]  # readers have a page about it since
    cancelled_at: Mapped[datetime | None]
    cancelled_for: Mapped[str] = mapped_column(Text, default="")
    sealed_hash: Mapped[str | None] = mapped_column(String(64))  # of all sealed entries, when entries closed
    sealed_at: Mapped[datetime | None]
    results_state: Mapped[str | None] = mapped_column(String(12))
    preliminary_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    final_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    series: Mapped[ContestSeries | None] = relationship(lazy="raise")
    theme_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=theme_by_id)
    phases: Mapped[list["ContestPhase"]] = relationship(
        lazy="raise", order_by="ContestPhase.position", cascade="all, delete-orphan"
    )
    prizes: Mapped[list["ContestPrize"]] = relationship(
        lazy="raise", order_by="ContestPrize.position", cascade="all, delete-orphan"
    )
    rules: Mapped[list["ContestRules"]] = relationship(
        lazy="raise", order_by="ContestRules.number", cascade="all, delete-orphan"
    )
    people: Mapped[list["ContestRole"]] = relationship(lazy="raise", cascade="all, delete-orphan")


class ContestPhase(Base):
    """One phase, as the instants and the wall times they were given in. The zone is the contest's."""

    __tablename__ = "contest_phases"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('announce', 'entries', 'check', 'jury', 'vote', 'appeal', 'results')", name="kind"
        ),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("(ends_at IS NULL) = (kind = 'results')", name="results_stay"),
        CheckConstraint("(ends_at IS NULL) = (ends_wall IS NULL)", name="end_is_whole"),
        UniqueConstraint("contest_id", "kind"),
        Index("ix_contest_phases_opening", "starts_at", sqlite_where=_OPENING, postgresql_where=_OPENING),
        Index("ix_contest_phases_closing", "ends_at", sqlite_where=_CLOSING, postgresql_where=_CLOSING),
        Index("ix_contest_phases_starts_at", "starts_at", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8))
    position: Mapped[int]  # of PHASES
    starts_at: Mapped[datetime]
    starts_wall: Mapped[str] = mapped_column(String(16))
    ends_at: Mapped[datetime | None]  # empty for results, which stay; the moment itself is outside
    ends_wall: Mapped[str | None] = mapped_column(String(16))
    opened_at: Mapped[datetime | None]  # what follows from its beginning was done
    closed_at: Mapped[datetime | None]  # what follows from its end was done
    reminded_for: Mapped[datetime | None]  # the end that people were last reminded of …
    reminded_hours: Mapped[int | None]  # … and how many hours before it

    contest: Mapped[Contest] = relationship(lazy="raise", overlaps="phases")


class ContestRules(Base):
    """One text of the rules. Versions are only added; an entry names the one that its authors agreed to."""

    __tablename__ = "contest_rules"
    __table_args__ = (UniqueConstraint("contest_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[dict[str, str]]  # Markdown
    html: Mapped[dict[str, str]]
    consent: Mapped[dict[str, str]]  # what entrants agree to, in the words they read
    change: Mapped[str] = mapped_column(Text, default="")  # what is new against the version before
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class ContestPrize(Base):
    """What can be won, best first."""

    __tablename__ = "contest_prizes"
    __table_args__ = (CheckConstraint("places BETWEEN 1 AND 100", name="places"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[dict[str, str]]
    description: Mapped[dict[str, str]] = mapped_column(default=dict)
    places: Mapped[int] = mapped_column(default=1)


class ContestRole(Base):
    """Who runs or judges a contest. One role each: who organises sees names, and therefore never judges."""

    __tablename__ = "contest_roles"
    __table_args__ = (
        CheckConstraint("role IN ('organiser', 'juror')", name="role"),
        Index("ix_contest_roles_person_id", "person_id", "role"),
    )

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(9))
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=person_id)


class ContestFollower(Base):
    """A reader with an account who asked to be reminded."""

    __tablename__ = "contest_followers"
    __table_args__ = (Index("ix_contest_followers_person_id", "person_id"),)

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime]


class ContestAct(Base):
    """One thing that happened to a contest, as readers may read it: extended, new rules, results. Only added."""

    __tablename__ = "contest_acts"
    __table_args__ = (Index("ix_contest_acts_contest_id", "contest_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    act: Mapped[str] = mapped_column(String(24))  # "extended", "rules_changed"
    words: Mapped[str] = mapped_column(Text, default="")  # the reason, as it was given
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Entry(Base):
    """One entry as its authors write it. What counts is the sealed snapshot `version`; 0 means never handed in."""

    __tablename__ = "contest_entries"
    __table_args__ = (
        CheckConstraint("verdict IN ('accepted', 'asked', 'refused')", name="verdict"),
        CheckConstraint("(version = 0) = (submitted_at IS NULL)", name="submission_is_whole"),
        CheckConstraint("(version = 0) = (sealed_hash IS NULL)", name="seal_is_whole"),
        CheckConstraint("appeal_verdict IN ('upheld', 'rejected')", name="appeal_verdict"),
        Index("ix_contest_entries_contest_id", "contest_id", "id"),
        Index("ix_contest_entries_submitted_at", "contest_id", "submitted_at", "id"),
        Index("ix_contest_entries_person_id", "person_id", "id"),
        Index("ix_contest_entries_post_id", "post_id"),
        Index("ix_contest_entries_published_id", "published_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # who began it and hands it in
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="SET NULL"))  # chosen from
    language: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[str] = mapped_column(Text, default="")  # Markdown
    statement: Mapped[str] = mapped_column(Text, default="")  # how it was made, in the author's own words
    begun_at: Mapped[datetime]  # what decides whether a late one was begun in time
    edited_at: Mapped[datetime]
    edits: Mapped[int] = mapped_column(default=1)  # counts saves
    version: Mapped[int] = mapped_column(default=0)  # of the snapshot that counts
    sealed_hash: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of that snapshot
    submitted_at: Mapped[datetime | None]  # first
    resubmitted_at: Mapped[datetime | None]  # last
    is_late: Mapped[bool] = mapped_column(default=False)  # handed in within the grace after the deadline
    consented_at: Mapped[datetime | None]
    consented_rules: Mapped[int | None]  # number of the rules that were agreed to
    may_republish: Mapped[bool] = mapped_column(default=False)
    is_adult: Mapped[bool] = mapped_column(default=True)  # or a grown-up agreed, named in `guardian`
    guardian: Mapped[str] = mapped_column(String(120), default="")
    withdrawn_at: Mapped[datetime | None]
    reopened_until: Mapped[datetime | None]  # the organiser asked for a change: it may be handed in again
    verdict: Mapped[str | None] = mapped_column(String(8))
    verdict_reason: Mapped[str] = mapped_column(Text, default="")
    verdict_at: Mapped[datetime | None]
    verdict_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    appeal: Mapped[str] = mapped_column(Text, default="")
    appealed_at: Mapped[datetime | None]
    appeal_verdict: Mapped[str | None] = mapped_column(String(8))
    appeal_reason: Mapped[str] = mapped_column(Text, default="")
    appeal_decided_at: Mapped[datetime | None]
    feedback: Mapped[str] = mapped_column(Text, default="")  # from the organiser, for every entrant
    feedback_at: Mapped[datetime | None]
    published_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="SET NULL"))  # as a post

    contest: Mapped[Contest] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=person_id)
    post: Mapped[Post | None] = relationship(lazy="raise", foreign_keys=post_id)
    published: Mapped[Post | None] = relationship(lazy="raise", foreign_keys=published_id)
    authors: Mapped[list["EntryAuthor"]] = relationship(
        lazy="raise", order_by="EntryAuthor.position", cascade="all, delete-orphan"
    )
    snapshots: Mapped[list["EntrySnapshot"]] = relationship(
        lazy="raise", order_by="EntrySnapshot.version", cascade="all, delete-orphan"
    )
    snapshot: Mapped["EntrySnapshot | None"] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(Entry.id == EntrySnapshot.entry_id, Entry.version == EntrySnapshot.version)",
    )

    @property
    def is_submitted(self) -> bool:
        """Whether it takes part: handed in and not withdrawn."""
        return self.submitted_at is not None and self.withdrawn_at is None

    @property
    def is_accepted(self) -> bool:
        """Whether jurors and voters get it: handed in, not withdrawn, and let in, at once or after an appeal."""
        return self.is_submitted and (self.verdict == "accepted" or self.appeal_verdict == "upheld")


class EntryAuthor(Base):
    """Somebody who wrote an entry. `slot` is which of the entries that rules allow one person this one takes.

    Two entries of one person in one slot cannot be, whatever arrives at the same moment; nor of two accounts with one
    mail address.
    """

    __tablename__ = "contest_authors"
    __table_args__ = (
        UniqueConstraint("contest_id", "person_id", "slot"),
        Index("uq_contest_authors_mailbox", "contest_id", "mailbox_key", "slot", unique=True),
        UniqueConstraint("entry_id", "person_id"),
        CheckConstraint("slot >= 0", name="slot"),
        Index("ix_contest_authors_person_id", "person_id", "entry_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("contest_entries.id", ondelete="CASCADE"))
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    position: Mapped[int]
    slot: Mapped[int | None]  # empty: invited, declined, or withdrawn
    mailbox_key: Mapped[str | None] = mapped_column(
        String(64)
    )  # a keyed hash of the address, while a slot is taken
    invited_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")


class EntrySnapshot(Base):
    """What was handed in, never changed. `content_hash` is the SHA-256 of `seals.canonical`, which anyone can redo."""

    __tablename__ = "contest_snapshots"
    __table_args__ = (
        UniqueConstraint("entry_id", "version"),
        Index("ix_contest_snapshots_hash", "content_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("contest_entries.id", ondelete="CASCADE"))
    version: Mapped[int]
    language: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)  # clean
    plain: Mapped[str] = mapped_column(Text)
    statement: Mapped[str] = mapped_column(Text)
    word_count: Mapped[int]
    rules_number: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]


class ContestPlace(Base):
    """Where an entry came out. Equal places are equal numbers. Written with the preliminary results."""

    __tablename__ = "contest_places"
    __table_args__ = (
        CheckConstraint("place >= 1", name="place"),
        Index("ix_contest_places_contest_id", "contest_id", "place"),
        Index("ix_contest_places_prize_id", "prize_id"),
    )

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("contest_entries.id", ondelete="CASCADE"), primary_key=True
    )
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    place: Mapped[int]
    prize_id: Mapped[int | None] = mapped_column(ForeignKey("contest_prizes.id", ondelete="SET NULL"))
    points: Mapped[str | None] = mapped_column(String(20))  # as shown, a rounded decimal
    disqualified_for: Mapped[str] = mapped_column(Text, default="")

    entry: Mapped[Entry] = relationship(lazy="raise")
    prize: Mapped[ContestPrize | None] = relationship(lazy="raise")
