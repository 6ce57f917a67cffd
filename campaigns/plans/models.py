"""Campaigns, what they want, what they cost, whom they are for, and what belongs to them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cms.core.database import Base
from cms.media.models import Media
from cms.people.models import Person
from cms.posts.models import Post

KINDS = ("brand", "product", "csr")
STATES = ("planned", "running", "paused", "finished", "archived")
AUDIENCES = ("users", "purchasers", "decision_makers", "others")
RESOURCES = ("own", "partner", "industry", "customer")


class Campaign(Base):
    """A purpose with dates. `name`, `story` and `cause` are for readers, in each language; `purpose` is for the desk."""

    __tablename__ = "campaigns"
    __table_args__ = (
        CheckConstraint("kind IN ('brand', 'product', 'csr')", name="kind"),
        CheckConstraint("state IN ('planned', 'running', 'paused', 'finished', 'archived')", name="state"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("kind = 'csr' OR CAST(cause AS TEXT) = '{}'", name="cause_is_csr"),
        Index("ix_campaigns_state", "state", "starts_on", "id"),
        Index("ix_campaigns_starts_on", "starts_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[dict[str, str]]
    summary: Mapped[dict[str, str]] = mapped_column(default=dict)
    story: Mapped[dict[str, str]] = mapped_column(default=dict)  # Markdown
    story_html: Mapped[dict[str, str]] = mapped_column(default=dict)  # clean, made from `story`
    purpose: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(String(8))
    cause: Mapped[dict[str, str]] = mapped_column(default=dict)
    sdg_targets: Mapped[list[Any]] = mapped_column(default=list)  # ["4.4", "13.3"], three at most
    state: Mapped[str] = mapped_column(String(8), default="planned")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    zone: Mapped[str] = mapped_column(String(64))  # its days are days there
    currency: Mapped[str] = mapped_column(String(3))  # ISO 4217, of its totals
    is_public: Mapped[bool] = mapped_column(default=False)
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"), index=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    edited_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    owner: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=owner_id)
    cover: Mapped[Media | None] = relationship(lazy="raise")
    audiences: Mapped[list["CampaignAudience"]] = relationship(
        lazy="raise", order_by="CampaignAudience.position", cascade="all, delete-orphan"
    )
    money: Mapped[list["CampaignMoney"]] = relationship(
        lazy="raise", order_by="CampaignMoney.position", cascade="all, delete-orphan"
    )
    targets: Mapped[list["CampaignTarget"]] = relationship(
        lazy="raise", order_by="CampaignTarget.position", cascade="all, delete-orphan"
    )
    partners: Mapped[list["CampaignPartner"]] = relationship(
        lazy="raise", order_by="CampaignPartner.position", cascade="all, delete-orphan"
    )
    pages: Mapped[list["CampaignPage"]] = relationship(
        lazy="raise", order_by="CampaignPage.position", cascade="all, delete-orphan"
    )


class CampaignAudience(Base):
    """Whom it is for, how many they are, and who says so. A size nobody knows is empty, not nought."""

    __tablename__ = "campaign_audiences"
    __table_args__ = (
        CheckConstraint("kind IN ('users', 'purchasers', 'decision_makers', 'others')", name="kind"),
        CheckConstraint("size IS NULL OR size >= 0", name="size"),
        CheckConstraint("size IS NULL OR source <> ''", name="size_has_source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    description: Mapped[str] = mapped_column(String(300), default="")
    size: Mapped[int | None] = mapped_column(BigInteger)  # people
    source: Mapped[str] = mapped_column(String(300), default="")


class CampaignMoney(Base):
    """A line of the budget, or of what was spent, for one channel or for none in particular."""

    __tablename__ = "campaign_money"
    __table_args__ = (
        CheckConstraint("side IN ('budget', 'cost')", name="side"),
        CheckConstraint("amount >= 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    side: Mapped[str] = mapped_column(String(6))
    channel: Mapped[str | None] = mapped_column(String(16))  # key of a network; None for work, rent, prizes
    description: Mapped[str] = mapped_column(String(300), default="")
    amount: Mapped[int] = mapped_column(BigInteger)  # in the smallest unit of the currency: cents, fen
    currency: Mapped[str] = mapped_column(String(3))
    spent_on: Mapped[date | None]  # the day it belongs to, for costs


class CampaignTarget(Base):
    """What is to be reached: a number of something by a day."""

    __tablename__ = "campaign_targets"
    __table_args__ = (CheckConstraint("number > 0", name="number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    measure: Mapped[str] = mapped_column(
        String(32)
    )  # key of a figure: "reach", "verified_clicks", or "other"
    label: Mapped[str] = mapped_column(String(120), default="")  # of "other"
    number: Mapped[int] = mapped_column(BigInteger)
    by_on: Mapped[date | None]


class CampaignPartner(Base):
    """A partner, or a medium that carries it: our own, a partner's, of the industry, of a customer."""

    __tablename__ = "campaign_partners"
    __table_args__ = (
        CheckConstraint("resource IN ('own', 'partner', 'industry', 'customer')", name="resource"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    resource: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(160))
    url: Mapped[str] = mapped_column(String(500), default="")
    description: Mapped[str] = mapped_column(String(300), default="")
    is_public: Mapped[bool] = mapped_column(default=False)  # named to readers


class CampaignPage(Base):
    """A page elsewhere that belongs to it: a landing page, a form, a contest."""

    __tablename__ = "campaign_pages"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    url: Mapped[str] = mapped_column(String(500))
    label: Mapped[str] = mapped_column(String(160), default="")
    is_public: Mapped[bool] = mapped_column(default=False)


class CampaignPost(Base):
    """A post or note that serves a campaign; one at most."""

    __tablename__ = "campaign_posts"
    __table_args__ = (Index("ix_campaign_posts_campaign_id", "campaign_id", "post_id"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    post: Mapped[Post] = relationship(lazy="raise")
    campaign: Mapped[Campaign] = relationship(lazy="raise")
