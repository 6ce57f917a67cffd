"""What the company sets about its site, how its home page is built, and what readers looked for in vain."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cms.core.database import Base

BLOCK_KINDS = ("lead", "newest", "section", "notes", "hot_words", "comments", "winners", "blogs")


class SiteSettings(Base):
    """One row: name, colours and habits of the site."""

    __tablename__ = "site_settings"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[dict[str, str]]
    tagline: Mapped[dict[str, str]]
    description: Mapped[dict[str, str]] = mapped_column(default=dict, server_default="{}")  # for machines
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("media.id", ondelete="SET NULL"))
    accent: Mapped[str] = mapped_column(String(7), default="#0b6e4f")
    header_links: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")  # as those of the foot
    footer_links: Mapped[list[Any]] = mapped_column(default=list)  # [{"label": {...}, "url": "..."}]
    legal_links: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")  # as those of the foot
    social_links: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")  # as those of the foot
    contact_email: Mapped[str] = mapped_column(String(254), default="", server_default="")
    languages: Mapped[list[Any]] = mapped_column(default=lambda: ["en", "zh"], server_default='["en", "zh"]')
    timezone: Mapped[str] = mapped_column(String(64), default="", server_default="")  # empty: the operator's
    feed_content: Mapped[str] = mapped_column(String(8), default="full")  # full | summary
    feed_items: Mapped[int] = mapped_column(default=30, server_default="30")
    hold_back_minutes: Mapped[int] = mapped_column(default=0)  # before a new post enters feeds
    podcast: Mapped[dict[str, Any]] = mapped_column(default=dict)  # category, owner email, explicit, guid
    updated_at: Mapped[datetime]


class HomeBlock(Base):
    """One block of the home page, in order."""

    __tablename__ = "home_blocks"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('lead', 'newest', 'section', 'notes', 'hot_words', 'comments', 'winners', 'blogs')",
            name="kind",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    title: Mapped[dict[str, str]] = mapped_column(default=dict)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id", ondelete="CASCADE"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="SET NULL"))  # a chosen lead
    count: Mapped[int] = mapped_column(default=6)
    position: Mapped[int]
    is_shown: Mapped[bool] = mapped_column(default=True)


class SearchTally(Base):
    """How often readers searched for something on one day and how much they found. No trace of who."""

    __tablename__ = "search_tallies"
    __table_args__ = (
        UniqueConstraint("day", "query", "locale"),
        Index("ix_search_tallies_found", "found", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    query: Mapped[str] = mapped_column(String(100))
    locale: Mapped[str] = mapped_column(String(8))
    searches: Mapped[int] = mapped_column(default=1)
    found: Mapped[int]


class OldAddress(Base):
    """An address of the system a site came from, and where it leads now."""

    __tablename__ = "old_addresses"

    path: Mapped[str] = mapped_column(String(500), primary_key=True)
    target: Mapped[str] = mapped_column(String(500))
