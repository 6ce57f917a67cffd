"""Goals, and whom their campaigns reached in the present window."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.links.models import Link
from campaigns.plans.models import Campaign
from cms.core.database import Base

KINDS = ("page", "link", "fact")


class Goal(Base):
    """Something that people do and a campaign wants."""

    __tablename__ = "goals"
    __table_args__ = (
        CheckConstraint("kind IN ('page', 'link', 'fact')", name="kind"),
        CheckConstraint("kind <> 'page' OR subject <> ''", name="page"),
        CheckConstraint("kind <> 'link' OR link_id IS NOT NULL", name="link"),
        CheckConstraint("kind <> 'fact' OR fact <> ''", name="fact"),
        CheckConstraint("value_units >= 0", name="value"),
        CheckConstraint("(value_units IS NULL) = (currency IS NULL)", name="currency"),
        Index("ix_goals_campaign_id", "campaign_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(4))
    path: Mapped[str] = mapped_column(String(200), default="")  # of a page, as it was typed
    subject: Mapped[str] = mapped_column(String(240), default="")  # of that page, as visits name it
    link_id: Mapped[int | None] = mapped_column(ForeignKey("links.id", ondelete="CASCADE"), index=True)
    fact: Mapped[str] = mapped_column(String(16), default="")  # kind of the fact: "download"
    fact_key: Mapped[str] = mapped_column(String(160), default="")  # empty: any
    is_each: Mapped[bool] = mapped_column(default=False)  # every time counts, not each person once
    value_units: Mapped[int | None] = mapped_column(BigInteger)  # of one conversion, in the smallest unit
    currency: Mapped[str | None] = mapped_column(String(3))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]  # from then on nothing is counted
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    campaign: Mapped[Campaign] = relationship(lazy="raise")
    link: Mapped[Link | None] = relationship(lazy="raise")


class Touch(Base):
    """A campaign with goals reached somebody, first at this moment of the window. Dropped when the window is over."""

    __tablename__ = "goal_touches"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True)
    window: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    visitor: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[int] = mapped_column(BigInteger)  # milliseconds, as in the store


class FollowedLink(Base):
    """A goal's link was followed; when a page of ours says this click's number, that is verified. Dropped after days."""

    __tablename__ = "goal_clicks"

    click: Mapped[str] = mapped_column(String(16), primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("links.id", ondelete="CASCADE"), index=True)
    at: Mapped[int] = mapped_column(BigInteger)


TOUCHES_ARE_LEFT_OUT = {
    one.__tablename__: "numbers of visitors and clicks that must be gone when their window is over"
    for one in (Touch, FollowedLink)
}
