"""Who is there: people with an account, and guests who are only credited; and how they prove who they are."""

from datetime import datetime
from typing import Any

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cms.core.database import Base

ROLES = ("member", "expert", "author", "editor", "manager", "admin")  # what an account can be, least first
STAFF = frozenset({"author", "editor", "manager", "admin"})  # who may enter the desk
SCOPES = tuple(  # what an API token may be for; `write` includes `read`
    """
    posts:read posts:write media:read media:write topics:read topics:write people:read comments:read comments:write
    circles:read circles:write contests:read contests:write campaigns:read campaigns:write accounts:read
    accounts:write deliveries:read deliveries:write links:read links:write reports:read
    """.split()
)
GUEST = "guest"  # credited on posts, cannot sign in; may become an account later and keep its address


class Person(UserMixin, Base):  # type: ignore[misc]
    """Somebody with a name and a profile page at `/@handle`."""

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint(
            "role IN ('guest', 'member', 'expert', 'author', 'editor', 'manager', 'admin')", name="role"
        ),
        CheckConstraint("role = 'guest' OR email IS NOT NULL", name="account_has_email"),
        Index("ix_people_role", "role", "id"),
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
    erased_at: Mapped[datetime | None]  # an empty place since: a guest whose name says nothing
    source: Mapped[str | None] = mapped_column(String(300), unique=True)  # where an import took them from

    @property
    def is_active(self) -> bool:
        """Whether they may sign in."""
        return self.disabled_at is None and self.role != GUEST

    @property
    def is_staff(self) -> bool:
        """Whether they may enter the desk."""
        return self.role in STAFF and self.disabled_at is None


class Handle(Base):
    """Every handle anybody ever had. An old one redirects for ever and is never given to somebody else."""

    __tablename__ = "handles"
    __table_args__ = (Index("ix_handles_person_id", "person_id"),)

    key: Mapped[str] = mapped_column(String(80), primary_key=True)  # what it looks like
    handle: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]


class SignIn(Base):
    """One browser that is signed in. Its cookie holds a token; only the token's hash is here."""

    __tablename__ = "sign_ins"
    __table_args__ = (
        Index("ix_sign_ins_person_id", "person_id", "id"),
        Index("ix_sign_ins_seen_at", "seen_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    agent: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class OneTimeLink(Base):
    """A link sent by mail that does one thing once: confirm a sign-up, reset a password."""

    __tablename__ = "one_time_links"
    __table_args__ = (
        CheckConstraint("purpose IN ('sign_up', 'reset_password', 'change_email')", name="purpose"),
        Index("ix_one_time_links_expires_at", "expires_at"),
        Index("ix_one_time_links_email", "email", "purpose"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254))  # where it was sent
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what a sign-up said about itself
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Invitation(Base):
    """An account offered by mail. For a guest, accepting turns the guest into an account with the same credits."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("role IN ('member', 'expert', 'author', 'editor', 'manager', 'admin')", name="role"),
        Index("ix_invitations_email", "email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120), default="")
    role: Mapped[str] = mapped_column(String(10))
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    def is_open(self, at: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.revoked_at is None and at < self.expires_at


class SecondStep(Base):
    """The app that makes one-time codes for somebody. Asked for at sign-in once `confirmed_at` is set."""

    __tablename__ = "second_steps"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(300))  # encrypted
    last_step: Mapped[int | None]  # of the last code that was taken, so that none works twice
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """Lets somebody in once when the app that makes codes is lost."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class APIToken(Base):
    """Lets a program act for somebody, within its scopes. Shown once; only its hash is kept."""

    __tablename__ = "api_tokens"
    __table_args__ = (Index("ix_api_tokens_person_id", "person_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class AuditEntry(Base):
    """One privileged act. Rows are never changed or removed: the database refuses it, and each row's hash covers
    the row before, so that a gap shows."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_subject", "subject", "id"),
        Index("ix_audit_entries_by_id", "by_id", "id"),
        Index("ix_audit_entries_act", "act", "id"),
        Index("ix_audit_entries_at", "at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # empty: somebody at the shell
    act: Mapped[str] = mapped_column(String(60))  # "role.changed"
    subject: Mapped[str] = mapped_column(String(80))  # "person:12"
    detail: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    by: Mapped[Person | None] = relationship(lazy="raise")
