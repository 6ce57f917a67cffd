"""Who is there: people with an account, and guests who are only credited."""

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from cms.core.database import Base

ROLES = ("member", "expert", "author", "editor", "manager", "admin")  # what an account can be, least first
STAFF = frozenset({"author", "editor", "manager", "admin"})  # who may enter the desk
GUEST = "guest"  # credited on posts, cannot sign in; may become an account later and keep its address


class Person(UserMixin, Base):  # type: ignore[misc]
    """Somebody with a name and a profile page at `/@handle`."""

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint(
            "role IN ('guest', 'member', 'expert', 'author', 'editor', 'manager', 'admin')", name="role"
        ),
        CheckConstraint("role = 'guest' OR email IS NOT NULL", name="account_has_email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    handle: Mapped[str] = mapped_column(String(40), unique=True)
    handle_key: Mapped[str] = mapped_column(
        String(80), unique=True
    )  # what the handle looks like, see handles.py
    role: Mapped[str] = mapped_column(String(10))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)  # normalised
    email_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    headline: Mapped[dict[str, str]] = mapped_column(default=dict)  # "Network planner, Parley Telecom"
    bio: Mapped[dict[str, str]] = mapped_column(default=dict)
    locale: Mapped[str] = mapped_column(String(8), default="en")
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    source: Mapped[str | None] = mapped_column(String(300), unique=True)  # where an import took them from

    @property
    def is_active(self) -> bool:
        """Whether they may sign in."""
        return self.disabled_at is None and self.role != GUEST

    @property
    def is_staff(self) -> bool:
        """Whether they may enter the desk."""
        return self.role in STAFF and self.disabled_at is None
