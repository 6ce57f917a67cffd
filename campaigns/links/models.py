"""Links, the UTM values that are allowed, and those that came in and belong to nothing yet."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.channels.models import Account
from campaigns.plans.models import Campaign
from cms.core.database import Base
from cms.posts.models import Post


class Link(Base):
    """A short address and where it leads. A link of a delivery is locked: what it measured stays what it says."""

    __tablename__ = "links"
    __table_args__ = (
        Index("ix_links_campaign_id", "campaign_id", "id"),
        Index("ix_links_post_id", "post_id", "id"),
        Index("ix_links_account_id", "account_id", "id"),
        Index("ix_links_created_at", "created_at", "id"),
        Index("ix_links_utm_digest", "utm_digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    target: Mapped[str] = mapped_column(Text)  # where it leads, without UTM values
    utm: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # {"source", "medium", "campaign", "content", "term"}
    utm_digest: Mapped[str] = mapped_column(String(64))  # of `utm`: values that come in are told by it
    is_locked: Mapped[bool] = mapped_column(default=False)  # minted for a delivery
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="SET NULL"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    label: Mapped[str] = mapped_column(String(160), default="")
    expires_at: Mapped[datetime | None]
    replacement: Mapped[str] = mapped_column(
        Text, default=""
    )  # where it leads once it is over; else it says so
    ended_at: Mapped[datetime | None]  # by a person
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    campaign: Mapped[Campaign | None] = relationship(lazy="raise")
    post: Mapped[Post | None] = relationship(lazy="raise")
    account: Mapped[Account | None] = relationship(lazy="raise")


class UTMValue(Base):
    """A value that links made by hand may carry. Where none is named for a field, any well-formed one is allowed."""

    __tablename__ = "utm_values"
    __table_args__ = (
        CheckConstraint("field IN ('source', 'medium')", name="field"),
        UniqueConstraint("field", "value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(String(8))
    value: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class InboundUTM(Base):
    """UTM values that readers came with and that no link of ours carries. They wait to be mapped to a campaign, or to
    be ignored; they never become a campaign by themselves."""

    __tablename__ = "inbound_utms"
    __table_args__ = (
        CheckConstraint("hits >= 0", name="hits"),
        Index("ix_inbound_utms_family", "family", "last_at"),
        Index("ix_inbound_utms_fold", "fold"),
        Index("ix_inbound_utms_campaign_id", "campaign_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)  # of the values below
    values: Mapped[dict[str, Any]]  # as they came, and never changed
    fold: Mapped[str] = mapped_column(String(64))  # digest of the values without case, spaces and marks
    family: Mapped[str] = mapped_column(String(64))  # the fold they are decided with; another one once merged
    hits: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    ignored_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
