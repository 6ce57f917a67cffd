"""Uploaded files, what was made of them, and where they are used."""

import re
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cms.core.database import Base

SOURCE_FORMATS = ("image/avif", "image/webp")  # best first
_LABEL = re.compile(
    r"[\[\]\\`<>\s]+"
)  # what would end the label of a picture in Markdown, or begin something else

STORED = {
    "is_stored_file": True
}  # a column that names a file in the store: the sweeper keeps what such columns name
MISSING_ALT = "kind = 'image' AND alt = '' AND NOT is_decorative AND trashed_at IS NULL"


def _partial(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def media_url(name: str) -> str:
    """The address of a stored file. It has no language, and is good for ever."""
    return f"/media/{name}"


class Media(Base):
    """One picture, audio or video. The original is never served: only what we encoded ourselves is.

    While `state` is `processing`, the worker is making sizes; `failed` says that it could not. The main encoding is
    there from the first moment, so readers are shown the file in every state.
    """

    __tablename__ = "media"
    __table_args__ = (
        CheckConstraint("kind IN ('image', 'audio', 'video')", name="kind"),
        CheckConstraint("state IN ('processing', 'ready', 'failed')", name="state"),
        CheckConstraint("focal_x BETWEEN 0 AND 1 AND focal_y BETWEEN 0 AND 1", name="focal"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index("ix_media_kind", "kind", "id"),
        Index("ix_media_state", "state", "id"),
        Index("ix_media_created_at", "created_at", "id"),
        _partial("ix_media_trashed_at", "trashed_at", "id", where="trashed_at IS NOT NULL"),
        _partial("ix_media_missing_alt", "id", where=MISSING_ALT),
        _partial("ix_media_licence_ends_on", "licence_ends_on", where="licence_ends_on IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(12), default="processing")
    failure: Mapped[str | None] = mapped_column(String(300))
    claimed_until: Mapped[datetime | None]  # a worker is at it; when this is over, another may take it
    attempts: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(
        String(64), unique=True
    )  # of the bytes uploaded: the same file is one row
    file: Mapped[str] = mapped_column(String(120), unique=True, info=STORED)  # name of the main encoding
    mime: Mapped[str] = mapped_column(String(60))
    byte_size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    duration_seconds: Mapped[float | None]
    colour: Mapped[str | None] = mapped_column(String(7))  # "#rrggbb", shown before the picture arrives
    focal_x: Mapped[float] = mapped_column(default=0.5)
    focal_y: Mapped[float] = mapped_column(default=0.5)
    alt: Mapped[str] = mapped_column(Text, default="")
    credit: Mapped[str] = mapped_column(String(200), default="")
    is_decorative: Mapped[bool] = mapped_column(default=False)  # says nothing, and shall say nothing
    licence: Mapped[str] = mapped_column(String(80), default="")
    licence_ends_on: Mapped[date | None] = mapped_column(Date)  # the last day it may be shown
    filename: Mapped[str] = mapped_column(String(255), default="")
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    source: Mapped[str | None] = mapped_column(String(500), unique=True)
    trashed_at: Mapped[datetime | None]

    variants: Mapped[list["MediaVariant"]] = relationship(
        lazy="raise", order_by="MediaVariant.width", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def src(self) -> str:
        """The address of the main encoding: what a browser gets that knows no newer format."""
        return media_url(self.file)

    @property
    def sources(self) -> list[tuple[str, str]]:
        """For `<source>`: (type, srcset), best format first. Of a video, they show its poster. Needs `variants`."""
        sets = [
            (mime, [f"{media_url(v.file)} {v.width}w" for v in self.variants if v.mime == mime])
            for mime in SOURCE_FORMATS
        ]
        return [(mime, ", ".join(entries)) for mime, entries in sets if entries]

    @property
    def poster(self) -> str | None:
        """The still picture of a video, or of a picture that moves. Needs `variants`."""
        return next((media_url(v.file) for v in reversed(self.variants) if v.mime == "image/jpeg"), None)

    @property
    def thumb(self) -> str | None:
        """The smallest picture of it, for lists; None for sound. Needs `variants`."""
        small = next((media_url(v.file) for v in self.variants if v.mime == "image/webp"), None)
        return small or self.poster or (self.src if self.kind == "image" else None)

    @property
    def markdown(self) -> str:
        """What shows it inside a text. Needs `variants`."""
        if self.kind == "audio":
            return f'<audio controls preload="metadata" src="{self.src}"></audio>'
        if self.kind == "video":
            poster = f' poster="{self.poster}"' if self.poster else ""
            size = f'width="{self.width}" height="{self.height}"'
            return f'<video controls preload="metadata" src="{self.src}"{poster} {size}></video>'
        return f"![{_LABEL.sub(' ', self.alt).strip()}]({self.src})"

    @property
    def needs_alt(self) -> bool:
        """Whether somebody who cannot see it learns nothing from it."""
        return self.kind == "image" and not self.alt.strip() and not self.is_decorative


class MediaAlias(Base):
    """An address that a file had before it was replaced or cropped. It leads to the file for ever."""

    __tablename__ = "media_aliases"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id", ondelete="CASCADE"), index=True)
    replaced_at: Mapped[datetime]


class MediaCrop(Base):
    """The part of a picture that is shown, in shares of the whole. `master` is the whole, which is never served."""

    __tablename__ = "media_crops"
    __table_args__ = (
        CheckConstraint(
            "x >= 0 AND y >= 0 AND width > 0 AND height > 0 AND x + width <= 1.0001 AND y + height <= 1.0001",
            name="inside",
        ),
    )

    media_id: Mapped[int] = mapped_column(ForeignKey("media.id", ondelete="CASCADE"), primary_key=True)
    master: Mapped[str] = mapped_column(String(120), unique=True, info=STORED)
    x: Mapped[float]
    y: Mapped[float]
    width: Mapped[float]
    height: Mapped[float]


class MediaVariant(Base):
    """One size of a picture in one format, or the poster frame of a video."""

    __tablename__ = "media_variants"
    __table_args__ = (Index("ix_media_variants_media_id", "media_id", "mime", "width", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id", ondelete="CASCADE"))
    file: Mapped[str] = mapped_column(String(120), unique=True, info=STORED)
    mime: Mapped[str] = mapped_column(String(60))
    width: Mapped[int]
    height: Mapped[int]
    byte_size: Mapped[int]


class MediaUse(Base):
    """A text that shows something by its address, such as `post:12`. Covers and portraits are foreign keys instead."""

    __tablename__ = "media_uses"

    holder: Mapped[str] = mapped_column(String(60), primary_key=True)
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id"), primary_key=True, index=True)


class Portrait(Base):
    """The picture of a person. Kept here because people know nothing of media."""

    __tablename__ = "portraits"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id"), index=True)

    media: Mapped[Media] = relationship(lazy="raise")
