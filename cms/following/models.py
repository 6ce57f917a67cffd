"""Who follows what, and which new posts their followers have still to hear of."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cms.core.database import Base


class Follow(Base):
    """Somebody follows something. Nobody else is told, and nobody is counted in public: there is no race."""

    __tablename__ = "follows"
    __table_args__ = (Index("ix_follows_target", "kind", "target_id", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(
        String(8), primary_key=True
    )  # "person", "tag", "circle", what `app.py` adds
    target_id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime]


class FreshPost(Base):
    """A post that appeared and whose followers are told by the worker, so that publishing never waits for them."""

    __tablename__ = "fresh_posts"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]
    after_id: Mapped[int] = mapped_column(default=0)  # followers up to this number are told


class FreshTopic(Base):
    """The same for a topic that was begun in a circle."""

    __tablename__ = "fresh_topics"

    topic_id: Mapped[int] = mapped_column(
        ForeignKey("circle_topics.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime]
    after_id: Mapped[int] = mapped_column(default=0)
