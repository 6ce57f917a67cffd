"""What is known of a linked page, and which posts show it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cms.core.database import Base
from cms.media.models import Media


class LinkCard(Base):
    """One page of another site. `waiting` until the worker has asked for it; `failed` shows as a plain link."""

    __tablename__ = "link_cards"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'ready', 'failed')", name="state"),
        Index("ix_link_cards_state", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)  # of the address: one page is one card
    url: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    title: Mapped[str] = mapped_column(String(300), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    site_name: Mapped[str] = mapped_column(String(120), default="")
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]  # when the worker may ask; while one is at it, when its claim ends
    created_at: Mapped[datetime]

    picture: Mapped[Media | None] = relationship(lazy="raise")


class PostCard(Base):
    """The card that a note shows. Without a row it shows none, though it may link somewhere."""

    __tablename__ = "post_cards"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("link_cards.id"), index=True)

    card: Mapped[LinkCard] = relationship(lazy="raise")
