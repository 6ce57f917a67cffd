"""Variants of posts, deliveries with their steps and their story, repeats, and holds."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.channels.models import Account
from campaigns.links.models import Link
from campaigns.plans.models import Campaign
from cms.core.database import Base
from cms.media.models import STORED
from cms.people.models import Person
from cms.posts.models import Post, Revision

STATES = (
    "waiting",  # for its post to be published
    "scheduled",  # goes out at `due_at`
    "sending",  # a worker has it, or had it: see `lease_until`
    "finishing",  # the network took it and is not done with it; asked again at `due_at`
    "sent",
    "refused",  # the network, or we, said no; a person mends and retries
    "unsure",  # nobody knows whether it arrived; looked up, or a person decides
    "missed",  # later than its account allows, or its post was not there; a person decides
    "held",  # was due while a hold stood; a person decides
    "by_hand",  # the text and media are ready; a person posts them and pastes the address
    "cancelled",
)
OPEN = ("waiting", "scheduled", "sending", "finishing", "unsure", "held", "by_hand")
ASKS_A_PERSON = ("refused", "unsure", "missed", "held", "by_hand")
_SCHEDULED = text("state IN ('scheduled', 'finishing')")
_WAITING = text("state = 'waiting'")
_LEASED = text("lease_until IS NOT NULL")
_ASKING = text("state IN ('refused', 'unsure', 'missed', 'held', 'by_hand')")
_WISHED = text("wish_at IS NOT NULL")
_STANDING = text("lifted_at IS NULL")


class Variant(Base):
    """What one account says of one post, where it differs from the original. What is None falls back to it."""

    __tablename__ = "variants"
    __table_args__ = (
        UniqueConstraint("post_id", "account_id"),
        Index("ix_variants_account_id", "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    title: Mapped[str | None] = mapped_column(String(300))
    summary: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str | None] = mapped_column(Text)  # Markdown, of networks that carry whole articles
    body_html: Mapped[str | None] = mapped_column(Text)  # clean, made from `body`
    parts: Mapped[
        list[Any] | None
    ]  # in order, one where it is no thread: [{"text": "…", "media": [[7, "alt"]]}]
    revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.id", ondelete="SET NULL")
    )  # read then
    edited_at: Mapped[datetime]
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    account: Mapped[Account] = relationship(lazy="raise")
    edited_by: Mapped[Person | None] = relationship(lazy="raise")


class Repeat(Base):
    """A variant that goes out again and again: each time is a delivery of its own."""

    __tablename__ = "repeats"
    __table_args__ = (Index("ix_repeats_ended_at", "ended_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    rule: Mapped[str] = mapped_column(String(300))  # RFC 5545 recurrence rule, read in `zone`
    wall: Mapped[str] = mapped_column(String(16))  # the first time, "2026-12-01T09:30"
    zone: Mapped[str] = mapped_column(String(64))
    until_on: Mapped[date | None]
    made: Mapped[int] = mapped_column(default=0)  # number of the last of its times that was dealt with
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]


class Delivery(Base):
    """One variant to one account at one time. `version` grows with every act of a person, `lease` with every claim."""

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'scheduled', 'sending', 'finishing', 'sent', 'refused', 'unsure', 'missed', "
            "'held', 'by_hand', 'cancelled')",
            name="state",
        ),
        CheckConstraint("state NOT IN ('scheduled', 'finishing') OR due_at IS NOT NULL", name="due_has_time"),
        CheckConstraint("wish IN ('', 'edit', 'delete')", name="wish"),
        CheckConstraint("state <> 'sending' OR lease_until IS NOT NULL", name="sending_has_lease"),
        UniqueConstraint("post_id", "account_id", "occurrence"),
        Index("ix_deliveries_due", "due_at", "id", sqlite_where=_SCHEDULED, postgresql_where=_SCHEDULED),
        Index("ix_deliveries_waiting", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_deliveries_lease", "lease_until", sqlite_where=_LEASED, postgresql_where=_LEASED),
        Index("ix_deliveries_asking", "state", "id", sqlite_where=_ASKING, postgresql_where=_ASKING),
        Index("ix_deliveries_account_state", "account_id", "state", "due_at"),
        Index("ix_deliveries_account_sent", "account_id", "sent_at"),
        Index("ix_deliveries_planned", "due_at", "id"),
        Index("ix_deliveries_campaign_id", "campaign_id", "id"),
        Index("ix_deliveries_sent_at", "sent_at", "id"),
        Index("ix_deliveries_wish_at", "wish_at", sqlite_where=_WISHED, postgresql_where=_WISHED),
        Index("ix_deliveries_repeat_id", "repeat_id"),
        Index("ix_deliveries_link_id", "link_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)  # idempotency key: a UUID, the same for ever
    source: Mapped[str | None] = mapped_column(
        String(80), unique=True
    )  # the line of a table it was planned by: the same line makes no second one
    post_id: Mapped[int | None] = mapped_column(
        ForeignKey("posts.id", ondelete="SET NULL")
    )  # gone: a tombstone
    title: Mapped[str] = mapped_column(String(300), default="")  # of the post when it was planned
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    campaign_id: Mapped[int | None] = mapped_column(
        ForeignKey("campaigns.id")
    )  # of the post when it was planned
    occurrence: Mapped[int] = mapped_column(default=1)  # the same post to the same account again
    repeat_id: Mapped[int | None] = mapped_column(ForeignKey("repeats.id", ondelete="SET NULL"))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("links.id"))
    state: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[datetime | None]  # try then; the planned instant until the first try
    planned_at: Mapped[datetime | None]  # the instant a person meant; lateness is counted from it
    wall: Mapped[str | None] = mapped_column(String(16))  # as it was given: "2026-12-01T09:30"
    zone: Mapped[str | None] = mapped_column(String(64))
    timing: Mapped[str] = mapped_column(String(12), default="wall")  # wall, slot, publication, repeat
    after_minutes: Mapped[int] = mapped_column(default=0)  # after publication
    latest_minutes: Mapped[int]  # after `planned_at`; later is missed
    ignores_quiet: Mapped[bool] = mapped_column(default=False)  # a person said: even then
    payload: Mapped[str | None] = mapped_column(
        Text
    )  # the message as it is sent, canonical JSON; set at the first try
    payload_hash: Mapped[str | None] = mapped_column(String(64))
    revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.id", ondelete="SET NULL")
    )  # it was made of
    lease: Mapped[int] = mapped_column(
        default=0
    )  # fencing token: every write of a worker names the one it holds
    lease_until: Mapped[datetime | None]  # by the clock of the database
    worker: Mapped[str] = mapped_column(String(80), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    crashes: Mapped[int] = mapped_column(default=0)  # claims that ended without a word
    lookups: Mapped[int] = mapped_column(default=0)  # of an outcome nobody knows
    look_at: Mapped[datetime | None]  # when to look it up next, while `unsure`
    code: Mapped[str] = mapped_column(String(64), default="")  # of what went wrong, for programs
    reason: Mapped[str] = mapped_column(
        Text, default=""
    )  # for people, in the network's own words where it has any
    remote_id: Mapped[str] = mapped_column(String(300), default="")
    remote_url: Mapped[str] = mapped_column(String(1000), default="")
    remote: Mapped[dict[str, Any] | None]  # what editing and deleting need besides
    is_draft: Mapped[bool] = mapped_column(default=False)  # it waits there for a person to publish it
    sent_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]  # at the network, after it was sent
    deleted_at: Mapped[datetime | None]  # at the network, or marked as gone: a tombstone, its figures stay
    wish: Mapped[str] = mapped_column(
        String(8), default=""
    )  # "edit" or "delete" it there: the worker does it
    wish_at: Mapped[datetime | None]  # when to try that next
    wish_tries: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None]  # somebody was told of its trouble: once an incident
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(
        default=1
    )  # of what people decided; not the mapper's: workers do not touch it

    account: Mapped[Account] = relationship(lazy="raise")
    post: Mapped[Post | None] = relationship(lazy="raise")
    campaign: Mapped[Campaign | None] = relationship(lazy="raise")
    link: Mapped[Link | None] = relationship(lazy="raise")
    revision: Mapped[Revision | None] = relationship(lazy="raise")
    created_by: Mapped[Person | None] = relationship(lazy="raise")


class DeliveryStep(Base):
    """One call of a delivery that takes several: written before it is made, and again with its answer."""

    __tablename__ = "delivery_steps"
    __table_args__ = (CheckConstraint("state IN ('intended', 'done', 'unsure')", name="state"),)

    delivery_id: Mapped[int] = mapped_column(
        ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(32), primary_key=True)  # "upload:1", "part:4"
    state: Mapped[str] = mapped_column(String(8))
    publishes: Mapped[bool]  # readers see it: it is tried once
    lease: Mapped[int]  # of the worker that tries
    intended_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=1)
    result: Mapped[dict[str, Any] | None]  # what later steps, editing and deleting need


class DeliveryEvent(Base):
    """One line of a delivery's story. It only grows."""

    __tablename__ = "delivery_events"
    __table_args__ = (Index("ix_delivery_events_delivery_id", "delivery_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(
        String(24)
    )  # planned, moved, claimed, intended, sent, later, unsure, found, …
    detail: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # codes and the network's words; never a secret
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    by: Mapped[Person | None] = relationship(lazy="raise")


class ConvertedPicture(Base):
    """A picture as some networks get it. `source` is the stored file it was made of: one that is replaced is made anew.

    It holds no foreign key, so that it never keeps a file in the library, and outlives it while a message names it.
    """

    __tablename__ = "converted_pictures"
    __table_args__ = (
        UniqueConstraint("source", "target"),
        Index("ix_converted_pictures_used_at", "used_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    media_id: Mapped[int]
    source: Mapped[str] = mapped_column(String(120))
    target: Mapped[str] = mapped_column(String(120))  # bytes, pixels and types of the network
    file: Mapped[str] = mapped_column(String(120), unique=True, info=STORED)
    mime: Mapped[str] = mapped_column(String(60))
    width: Mapped[int]
    height: Mapped[int]
    byte_size: Mapped[int]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime]  # a message named it then, or later within two weeks


class Hold(Base):
    """Nothing goes out while it stands: everywhere, of one campaign, or to one account. Asked inside every send."""

    __tablename__ = "delivery_holds"
    __table_args__ = (
        CheckConstraint("scope IN ('everything', 'campaign', 'account')", name="scope"),
        CheckConstraint(
            "(scope = 'campaign') = (campaign_id IS NOT NULL) AND (scope = 'account') = (account_id IS NOT NULL)",
            name="scope_names_its_object",
        ),
        Index("ix_delivery_holds_standing", "scope", sqlite_where=_STANDING, postgresql_where=_STANDING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(10))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    reason: Mapped[str] = mapped_column(String(300))
    held_at: Mapped[datetime]
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    held_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=held_by_id)
    campaign: Mapped[Campaign | None] = relationship(lazy="raise")
    account: Mapped[Account | None] = relationship(lazy="raise")


class SendingMark(Base):
    """How often intents were written from a data folder: that folder knows the number too. See `engine.guarding`."""

    __tablename__ = "sending_marks"

    folder: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
