"""What services announce, and who asked on which of the last days."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cms.core.database import Base


class FeedAnnounced(Base):
    """The newest number a service gave for one feed under one of its own numbers."""

    __tablename__ = "feed_announced"
    __table_args__ = (CheckConstraint("subscribers >= 0", name="subscribers"),)

    feed: Mapped[str] = mapped_column(String(150), primary_key=True)
    name: Mapped[str] = mapped_column(String(24), primary_key=True)
    feed_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    subscribers: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]


class FeedReader(Base):
    """One program of one person, on one day. Dropped after a week; the number cannot be traced to anybody."""

    __tablename__ = "feed_readers"
    __table_args__ = (Index("ix_feed_readers_day", "day"),)

    feed: Mapped[str] = mapped_column(String(150), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    reader: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


READERS_ARE_LEFT_OUT = {
    FeedReader.__tablename__: "numbers of readers that must be gone when their window is over"
}
