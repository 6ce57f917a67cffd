"""Circles, who belongs to them and how, their addresses, topics, hours with experts, and addresses of feeds.

Three settings are three columns: who knows of a circle (`visibility`), how one gets in (`join_policy`), and who reads
what is written in it unless its writer says otherwise (`content_default`). Changing one leaves the others alone. Facts
that can be true together (closed, leading on to another circle, backed by the company) have columns of their own.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cms.core.database import Base
from cms.media.models import Media
from cms.people.models import Person
from cms.topics.models import Tag

VISIBILITIES = ("public", "members", "hidden")  # everybody, everybody with an account, only those who belong
JOIN_POLICIES = ("open", "request", "invitation")
AUDIENCES = ("all", "members")  # whoever may know of the circle, or only those who belong
STATES = ("requested", "invited", "member", "banned")
ROLES = ("member", "moderator", "owner")
_OWNER = text("role = 'owner'")
_NAMED = text("name_key IS NOT NULL")
_CALL = text("ends_at IS NOT NULL")
_OFFERED = text("call_id IS NOT NULL")
_LISTED = text("visibility = 'public' AND closed_at IS NULL")


class Circle(Base):
    """A group. `name_key` is what its name looks like; a hidden circle has none, so that taking its name tells nothing."""

    __tablename__ = "circles"
    __table_args__ = (
        CheckConstraint("visibility IN ('public', 'members', 'hidden')", name="visibility"),
        CheckConstraint("join_policy IN ('open', 'request', 'invitation')", name="join_policy"),
        CheckConstraint("content_default IN ('all', 'members')", name="content_default"),
        CheckConstraint("visibility <> 'hidden' OR name_key IS NULL", name="hidden_has_no_key"),
        CheckConstraint("leads_to_id IS NULL OR closed_at IS NOT NULL", name="open_leads_nowhere"),
        Index("uq_circles_name_key", "name_key", unique=True, sqlite_where=_NAMED, postgresql_where=_NAMED),
        Index("ix_circles_listed", "active_at", "id", sqlite_where=_LISTED, postgresql_where=_LISTED),
        Index("ix_circles_leads_to_id", "leads_to_id"),
        Index("ix_circles_picture_id", "picture_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str | None] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(String(300))  # one or two plain sentences
    about: Mapped[str] = mapped_column(Text, default="")  # Markdown
    about_html: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(8))
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("media.id", ondelete="SET NULL"))
    picture_alt: Mapped[str] = mapped_column(
        String(300), default=""
    )  # the circle's own words: the same file may say other things elsewhere
    focal_x: Mapped[float] = mapped_column(
        default=0.5
    )  # what of the picture stays visible when it is cropped
    focal_y: Mapped[float] = mapped_column(default=0.5)
    visibility: Mapped[str] = mapped_column(String(8))
    join_policy: Mapped[str] = mapped_column(String(10))
    content_default: Mapped[str] = mapped_column(String(8))
    backed_at: Mapped[datetime | None]  # staff stand behind it: it carries a badge
    backed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    active_at: Mapped[datetime]  # when something was written in it last
    member_count: Mapped[int] = mapped_column(default=0)  # counted anew at every change
    topic_count: Mapped[int] = mapped_column(default=0)  # of those that whoever knows of the circle may read
    owner_seen_at: Mapped[datetime]  # to the day; a sign-in that ended is forgotten, this is not
    heir_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL")
    )  # asked to take an absent owner's place
    heir_asked_at: Mapped[datetime | None]
    heirs_asked: Mapped[list[Any]] = mapped_column(default=list)  # so that each is asked once
    closed_at: Mapped[datetime | None]  # read, not written any more
    leads_to_id: Mapped[int | None] = mapped_column(ForeignKey("circles.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)  # of its settings

    tags: Mapped[list["CircleTag"]] = relationship(
        lazy="raise", order_by="CircleTag.position", cascade="all, delete-orphan"
    )
    picture: Mapped[Media | None] = relationship(lazy="raise")

    @property
    def is_open(self) -> bool:
        """Whether people may write in it and join it."""
        return self.closed_at is None

    @property
    def is_public(self) -> bool:
        """Whether everybody may know of it."""
        return self.visibility == "public"


class CircleSlug(Base):
    """An address a circle has or had; the old ones lead to it. Given up when the circle hides."""

    __tablename__ = "circle_slugs"
    __table_args__ = (Index("ix_circle_slugs_circle_id", "circle_id"),)

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"))


class CircleTag(Base):
    """What a circle is about."""

    __tablename__ = "circle_tags"
    __table_args__ = (Index("ix_circle_tags_tag_id", "tag_id", "circle_id"),)

    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)

    tag: Mapped[Tag] = relationship(lazy="raise")


class Membership(Base):
    """How one person stands to one circle; no row is no tie. One row for both, so two acts at once cannot make two."""

    __tablename__ = "circle_memberships"
    __table_args__ = (
        CheckConstraint("state IN ('requested', 'invited', 'member', 'banned')", name="state"),
        CheckConstraint("role IN ('member', 'moderator', 'owner')", name="role"),
        CheckConstraint("state = 'member' OR role = 'member'", name="only_members_have_a_role"),
        Index(
            "uq_circle_memberships_owner",
            "circle_id",
            unique=True,
            sqlite_where=_OWNER,
            postgresql_where=_OWNER,
        ),
        Index("ix_circle_memberships_person_id", "person_id", "state"),
        Index("ix_circle_memberships_state", "circle_id", "state", "since", "person_id"),
    )

    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    role: Mapped[str] = mapped_column(String(10), default="member")
    since: Mapped[datetime]  # in this state
    words: Mapped[str] = mapped_column(String(500), default="")  # with a request, or why somebody was banned
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL")
    )  # who invited or banned
    appeal: Mapped[str] = mapped_column(
        String(500), default=""
    )  # what somebody who was shut out says to it, once
    appealed_at: Mapped[datetime | None]
    appeal_answer: Mapped[str] = mapped_column(String(500), default="")  # why it was refused

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=person_id)
    circle: Mapped[Circle] = relationship(lazy="raise")

    @property
    def is_appeal_open(self) -> bool:
        """Whether an appeal waits for an answer."""
        return self.appealed_at is not None and not self.appeal_answer


class CircleLink(Base):
    """A link that lets whoever holds it in. Shown once; only its hash is kept."""

    __tablename__ = "circle_links"
    __table_args__ = (Index("ix_circle_links_circle_id", "circle_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime]
    most_uses: Mapped[int]
    uses: Mapped[int] = mapped_column(default=0)
    revoked_at: Mapped[datetime | None]

    def works(self, at: datetime) -> bool:
        """Whether it still lets somebody in."""
        return self.revoked_at is None and at < self.expires_at and self.uses < self.most_uses


class CircleFeed(Base):
    """A private feed address of one member for one device. Shown once; only its hash is kept."""

    __tablename__ = "circle_feeds"
    __table_args__ = (Index("ix_circle_feeds_person_id", "person_id", "circle_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    device: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Topic(Base):
    """Something to talk about in a circle; with a post of the site when one is shared.

    One that ends at a moment is a call: members answer it with texts until then, each a topic that names the call.
    """

    __tablename__ = "circle_topics"
    __table_args__ = (
        CheckConstraint("audience IN ('all', 'members')", name="audience"),
        Index("ix_circle_topics_circle_id", "circle_id", "active_at", "id"),
        Index("ix_circle_topics_by_id", "by_id", "id"),
        Index("ix_circle_topics_post_id", "post_id"),
        Index("ix_circle_topics_ends_at", "ends_at", "id", sqlite_where=_CALL, postgresql_where=_CALL),
        Index("ix_circle_topics_call_id", "call_id", "id", sqlite_where=_OFFERED, postgresql_where=_OFFERED),
        Index(
            "uq_circle_topics_offered",
            "call_id",
            "post_id",
            unique=True,
            sqlite_where=_OFFERED,
            postgresql_where=_OFFERED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    guid: Mapped[str] = mapped_column(String(60), unique=True)  # minted once; feeds repeat it for ever
    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    plain: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(String(8))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="SET NULL"))
    ends_at: Mapped[datetime | None]  # of a call; the instant, and below the wall time it was given in
    ends_wall: Mapped[str | None] = mapped_column(String(16))
    ends_zone: Mapped[str | None] = mapped_column(String(64))
    call_id: Mapped[int | None] = mapped_column(
        ForeignKey("circle_topics.id")
    )  # the call that this text answers
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    active_at: Mapped[datetime]  # of the last answer, else of itself
    answer_count: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime | None]  # by somebody else, for the first time
    pinned_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    hidden_why: Mapped[str] = mapped_column(String(300), default="")
    decided_at: Mapped[datetime | None]  # when a moderator last hid it, showed it, or left it after reports

    flags: Mapped[list["TopicFlag"]] = relationship(
        lazy="raise", order_by="TopicFlag.at", cascade="all, delete-orphan"
    )
    by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=by_id)
    circle: Mapped[Circle] = relationship(lazy="raise")
    call: Mapped["Topic | None"] = relationship(lazy="raise", remote_side=id)

    def is_calling(self, at: datetime) -> bool:
        """Whether it is a call that takes texts now."""
        return self.ends_at is not None and at < self.ends_at


class TopicFlag(Base):
    """A member asks a moderator to look at a topic. Gone once somebody decided."""

    __tablename__ = "circle_topic_flags"
    __table_args__ = (Index("ix_circle_topic_flags_person_id", "person_id"),)

    topic_id: Mapped[int] = mapped_column(
        ForeignKey("circle_topics.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[datetime]


class OfficeHour(Base):
    """An hour in which an expert answers. The instant, and the wall time and zone it was planned in."""

    __tablename__ = "circle_hours"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 10 AND 480", name="minutes"),
        Index("ix_circle_hours_circle_id", "circle_id", "starts_at", "id"),
        Index("ix_circle_hours_starts_at", "starts_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"))
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[datetime]
    starts_wall: Mapped[str] = mapped_column(String(16))
    zone: Mapped[str] = mapped_column(String(64))
    minutes: Mapped[int]
    ends_at: Mapped[datetime]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]

    expert: Mapped[Person | None] = relationship(lazy="raise")
    circle: Mapped[Circle] = relationship(lazy="raise")
