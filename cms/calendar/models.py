"""What the calendar keeps of its readers: an address for their calendar program, and views they return to."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cms.core.database import Base

PAGES = ("calendar", "posts")  # that views are kept of


class CalendarFeed(Base):
    """The private address somebody's calendar program reads. Shown once; only its hash is kept."""

    __tablename__ = "calendar_feeds"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]  # to the hour


class KeptView(Base):
    """What somebody narrows a page to again and again, under a name of their own."""

    __tablename__ = "kept_views"
    __table_args__ = (
        CheckConstraint("page IN ('calendar', 'posts')", name="page"),
        UniqueConstraint("person_id", "page", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    page: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(1000))  # the end of the address: "status=draft&mine=1"
