"""Accounts: our seats on networks. What opens them is encrypted and never shown again."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cms.core.database import Base
from cms.people.models import Person


class Account(Base):
    """One seat on one network. Removed ones stay as a row: what they carried still belongs to them."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'paused', 'removed')", name="state"),
        CheckConstraint("state <> 'removed' OR secrets = ''", name="removed_has_no_secrets"),
        CheckConstraint("mode IN ('publish', 'draft')", name="mode"),
        UniqueConstraint("channel", "remote_key"),
        Index("ix_accounts_channel", "channel", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))  # key of the network in the catalogue
    name: Mapped[str] = mapped_column(String(120))  # what the desk calls it
    remote_id: Mapped[str] = mapped_column(
        String(200), default=""
    )  # as the network told when it was connected
    remote_name: Mapped[str] = mapped_column(String(200), default="")
    remote_url: Mapped[str] = mapped_column(String(500), default="")
    remote_key: Mapped[str | None] = mapped_column(
        String(400)
    )  # who we are there, and at which server: one account is one row, for ever
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)  # fields that are no secrets
    secrets: Mapped[str] = mapped_column(Text, default="")  # the others, as JSON, encrypted
    secrets_version: Mapped[int] = mapped_column(
        default=1
    )  # grows with every new token, so that two refreshes meet
    renewing_until: Mapped[datetime | None]  # a process asks the network for new ones; the others wait
    secrets_at: Mapped[datetime | None]  # when they were last given or renewed
    expires_at: Mapped[datetime | None]  # when they end, where that is known
    limits: Mapped[dict[str, Any] | None]  # as the server told
    limits_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(8), default="active")
    problem: Mapped[str] = mapped_column(Text, default="")  # why it is paused, or what the last test said
    problem_code: Mapped[str] = mapped_column(String(64), default="")
    paused_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]  # last time the network let us in
    check_at: Mapped[datetime | None]  # when to ask next whether it still lets us in
    failed_checks: Mapped[int] = mapped_column(default=0)  # one after the other
    warned_for: Mapped[datetime | None]  # the end of credentials that staff were told of
    limited_until: Mapped[datetime | None]  # the network asked us to wait: nothing is sent before
    mode: Mapped[str] = mapped_column(String(8), default="publish")  # or leave a draft there for a person
    language: Mapped[str] = mapped_column(String(8), default="")  # of the stories it is meant for; "" any
    zone: Mapped[str] = mapped_column(String(64))
    quiet_from: Mapped[str] = mapped_column(String(5), default="")  # "22:00": nothing goes out from then
    quiet_until: Mapped[str] = mapped_column(String(5), default="")
    latest_minutes: Mapped[int] = mapped_column(
        default=720
    )  # later than this is missed, and a person decides
    signature: Mapped[str] = mapped_column(String(200), default="")  # ends every text
    prefix: Mapped[str] = mapped_column(
        String(100), default=""
    )  # begins every text: robots ask for a keyword
    utm_source: Mapped[str] = mapped_column(String(80), default="")
    utm_medium: Mapped[str] = mapped_column(String(80), default="social")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    created_by: Mapped[Person | None] = relationship(lazy="raise")
    slots: Mapped[list["AccountSlot"]] = relationship(
        lazy="raise", order_by="AccountSlot.weekday, AccountSlot.wall", cascade="all, delete-orphan"
    )


class AccountSlot(Base):
    """A place in the queue: a day of the week and a wall time in the account's zone."""

    __tablename__ = "account_slots"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        UniqueConstraint("account_id", "weekday", "wall"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    weekday: Mapped[int]  # 0 is Monday
    wall: Mapped[str] = mapped_column(String(5))  # "09:30"


class AccountRecipient(Base):
    """Somebody who gets an account's letters: e-mail only."""

    __tablename__ = "account_recipients"
    __table_args__ = (UniqueConstraint("account_id", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(254))
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str] = mapped_column(
        String(200), default=""
    )  # "unsubscribed", or the mail server's words
