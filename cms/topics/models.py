"""Sections, tags and hot words."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cms.core.database import Base


class Section(Base):
    """An editorial part of the site, such as hot focus or staff blogs. A post is in one of them or in none."""

    __tablename__ = "sections"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[dict[str, str]]
    description: Mapped[dict[str, str]] = mapped_column(default=dict)
    position: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[datetime | None]  # put away: its posts and its address stay, nothing new goes in
    source: Mapped[str | None] = mapped_column(String(300), unique=True)


class SectionSlug(Base):
    """A slug that a section had before. It redirects for ever."""

    __tablename__ = "section_slugs"
    __table_args__ = (Index("ix_section_slugs_section_id", "section_id"),)

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id", ondelete="CASCADE"))


class Tag(Base):
    """A free word. `label` is the human wording an editor gives it when it runs as a hot word."""

    __tablename__ = "tags"
    __table_args__ = (CheckConstraint("hot IN ('auto', 'pinned', 'never')", name="hot"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[dict[str, str]]
    label: Mapped[dict[str, str]] = mapped_column(default=dict)
    hot: Mapped[str] = mapped_column(String(8), default="auto")
    source: Mapped[str | None] = mapped_column(String(300), unique=True)


class TagSlug(Base):
    """Every word that means a tag, as a slug: its own, those it had, those of tags merged into it, and synonyms.

    The others redirect to its own, and typing any of them yields the tag.
    """

    __tablename__ = "tag_slugs"
    __table_args__ = (Index("ix_tag_slugs_tag_id", "tag_id"),)

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"))


class HotWord(Base):
    """How hot a tag is now. Recomputed by the worker, read by the home page."""

    __tablename__ = "hot_words"
    __table_args__ = (Index("ix_hot_words_score", "score"),)

    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True)
    score: Mapped[float]
    computed_at: Mapped[datetime]

    tag: Mapped[Tag] = relationship(lazy="raise")
