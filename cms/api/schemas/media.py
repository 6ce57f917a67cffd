"""Uploaded files."""

from typing import Literal

from pydantic import Field

from cms.api.schemas.base import Asked, PageAsked, Time, Told, _

FileKind = Literal["image", "audio", "video"]


class NewMedia(Asked):
    """What is said of a file that is uploaded, beside the file itself."""

    alt: str | None = Field(
        None,
        max_length=2000,
        description=_(
            "What a picture shows, for those who cannot see it. Needed for pictures; empty means decoration."
        ),
    )
    credit: str = Field("", max_length=200, description=_("Who made it."))
    licence: str = Field("", max_length=80, description=_("On what terms it may be used."))


class MediaAsked(PageAsked):
    """Which files."""

    kind: FileKind | None = Field(None, description=_("Only this kind."))


class Source(Told):
    """One size of a picture in one format."""

    url: str = Field(description=_("Where it is."))
    type: str = Field(description=_("Its media type."))
    width: int = Field(description=_("In pixels."))
    height: int = Field(description=_("In pixels."))


class Media(Told):
    """An uploaded file, as we encoded it."""

    id: int = Field(description=_("Its number, for good."))
    kind: FileKind = Field(description=_("What kind of file it is."))
    state: Literal["processing", "ready", "failed"] = Field(
        description=_("“processing” while sizes are being made; the main file can be used already.")
    )
    url: str = Field(description=_("Where it is."))
    type: str = Field(description=_("Its media type."))
    byte_size: int = Field(description=_("In bytes."))
    width: int | None = Field(description=_("In pixels; null for sound."))
    height: int | None = Field(description=_("In pixels; null for sound."))
    duration_seconds: float | None = Field(description=_("Of sound and video."))
    colour: str | None = Field(description=_("The colour most of a picture has."))
    alt: str = Field(description=_("What it shows."))
    credit: str = Field(description=_("Who made it."))
    licence: str = Field(description=_("On what terms it may be used."))
    filename: str = Field(description=_("What it was called when it was uploaded."))
    sources: list[Source] = Field(description=_("Sizes and formats, smallest first."))
    created_at: Time = Field(description=_("When it was uploaded."))


class MediaList(Told):
    """One page of files, newest first."""

    items: list[Media] = Field(description=_("The files."))
    next: str | None = Field(description=_("The cursor of the next page; null at the end."))
