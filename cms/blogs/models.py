"""A member's blog, and what is pitched from it to the main blog. Its posts are posts like any other, with `blog_id`.

A pitch names the `content_hash` it was made for, so that what editors take over is the text that they were shown. An
accepted one stays for ever: it is the credit of where the post comes from.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cms.core.database import Base
from cms.people.models import Person
from cms.posts.models import Post, Revision

STATES = ("applied", "open", "refused", "closed")
OUTCOMES = ("waiting", "accepted", "declined", "withdrawn")
_WAITING = text("state = 'waiting'")


class Blog(Base):
    """Somebody's blog, from the application on. Its public page is theirs: `/@handle`."""

    __tablename__ = "blogs"
    __table_args__ = (
        CheckConstraint("state IN ('applied', 'open', 'refused', 'closed')", name="state"),
        CheckConstraint("state NOT IN ('open', 'closed') OR opened_at IS NOT NULL", name="open_has_time"),
        Index("ix_blogs_state", "state", "state_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    state: Mapped[str] = mapped_column(String(8))
    language: Mapped[str] = mapped_column(String(8))  # of title and about, and what new posts begin with
    title: Mapped[str] = mapped_column(String(120))
    about: Mapped[str] = mapped_column(Text, default="")
    wish: Mapped[str] = mapped_column(Text, default="")  # what they told the editors
    reason: Mapped[str] = mapped_column(Text, default="")  # why it was refused or closed
    applied_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]  # first
    state_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=person_id)
    decided_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=decided_by_id)

    @property
    def is_open(self) -> bool:
        """Whether its owner may write there."""
        return self.state == "open"

    @property
    def is_own_closing(self) -> bool:
        """Whether its owner closed it, and so may open it again."""
        return self.state == "closed" and self.decided_by_id == self.person_id


class Pitch(Base):
    """A post of a blog, offered to the main blog. One post waits once."""

    __tablename__ = "blog_pitches"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'accepted', 'declined', 'withdrawn')", name="state"),
        Index(
            "uq_blog_pitches_waiting",
            "post_id",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index("ix_blog_pitches_post_id", "post_id", "id"),
        Index("ix_blog_pitches_state", "state", "id"),
        Index("ix_blog_pitches_blog_id", "blog_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    blog_id: Mapped[int] = mapped_column(ForeignKey("blogs.id", ondelete="CASCADE"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id", ondelete="CASCADE"))
    content_hash: Mapped[str] = mapped_column(String(32))
    words: Mapped[str] = mapped_column(Text, default="")  # to the editors
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    reason: Mapped[str] = mapped_column(Text, default="")
    pitched_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    post: Mapped[Post] = relationship(lazy="raise")
    blog: Mapped[Blog] = relationship(lazy="raise")
    revision: Mapped[Revision] = relationship(lazy="raise")
    decided_by: Mapped[Person | None] = relationship(lazy="raise")
