"""What all schemas share."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints, WithJsonSchema

from cms.core.pages import iso

LARGEST_ID = 2**31 - 1


def _(sentence: str) -> str:
    """Mark a description for the catalogue. Whoever shows it puts it into the reader's language."""
    return sentence


class Asked(BaseModel):
    """What a program sends. A field we do not know is an error: better a refusal than a silent loss."""

    model_config = ConfigDict(extra="forbid", strict=True)


class AskedInAddress(BaseModel):
    """What a program says after the `?`. Everything there is text, so numbers are read from it."""

    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """What we answer."""

    model_config = ConfigDict(extra="forbid", json_schema_mode_override="serialization")


Time = Annotated[
    datetime, PlainSerializer(iso, return_type=str), WithJsonSchema({"type": "string", "format": "date-time"})
]
Number = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Slug = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[^\x00-\x20\x7f]+$")]
Word = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]
Cursor = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[A-Za-z0-9_-]+$")]


class PageAsked(AskedInAddress):
    """Which page of a list."""

    cursor: Cursor | None = Field(
        None, description=_("The “next” of the page before; leave it out to begin.")
    )
    limit: int = Field(20, ge=1, le=100, description=_("How many at most, 20 unless told."))


class Words(Asked):
    """The same words in the languages of the interface."""

    en: str = Field("", max_length=500, description=_("In English."))
    zh: str = Field("", max_length=500, description=_("In Chinese."))


class Name(Asked):
    """A name in the languages of the interface; one is enough."""

    en: str = Field("", max_length=80, description=_("In English."))
    zh: str = Field("", max_length=80, description=_("In Chinese."))


class FieldError(Told):
    """What is wrong with one field."""

    field: str = Field(description=_("Where: a field, or a path such as bylines.0.handle."))
    message: str = Field(description=_("What is wrong and how to mend it."))


class ProblemDocument(BaseModel):
    """Why a request was refused (RFC 9457)."""

    type: str = Field(description=_("Always about:blank; the status says what kind of problem it is."))
    title: str = Field(description=_("The name of the status."))
    status: int = Field(description=_("The HTTP status once more."))
    detail: str = Field(description=_("A sentence for a person, in the language of the request."))
    errors: list[FieldError] | None = Field(None, description=_("What is wrong, field by field."))


def as_words(words: dict[str, str] | None) -> dict[str, Any]:
    """Localised words as the answer shows them."""
    return {language: text for language, text in (words or {}).items() if text}
