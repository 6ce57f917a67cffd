"""Sections and tags."""

from typing import Literal

from pydantic import Field

from cms.api.schemas.base import Asked, Name, PageAsked, Slug, Told, Word, Words, _

Hot = Literal["auto", "pinned", "never"]


class NewSection(Asked):
    """A section to add, at the end."""

    name: Name = Field(description=_("In one language at least."))
    slug: Word | None = Field(
        None, description=_("The last part of its address; made from the name when left out.")
    )
    description: Words | None = Field(None, description=_("A sentence about it."))


class ChangedSection(Asked):
    """What is to change; fields left out stay as they are."""

    name: Name | None = Field(None, description=_("In every language at once."))
    slug: Word | None = Field(None, description=_("The last part of its address."))
    description: Words | None = Field(None, description=_("A sentence about it."))


class Section(Told):
    """An editorial part of the site."""

    id: int = Field(description=_("Its number, for good."))
    slug: str = Field(description=_("The last part of its address."))
    url: str = Field(description=_("Where readers find it."))
    name: dict[str, str] = Field(description=_("By language."))
    description: dict[str, str] = Field(description=_("By language."))
    position: int = Field(description=_("Its place among the sections."))


class SectionList(Told):
    """All sections, in their order."""

    items: list[Section] = Field(description=_("The sections."))
    next: None = Field(description=_("Always null: there is one page."))


class NewTag(Asked):
    """A tag to add."""

    name: Name = Field(description=_("In one language at least."))
    slug: Word | None = Field(
        None, description=_("The last part of its address; made from the name when left out.")
    )


class ChangedTag(Asked):
    """What is to change; fields left out stay as they are."""

    name: Name | None = Field(None, description=_("In every language at once."))
    slug: Word | None = Field(
        None, description=_("The last part of its address; the old one keeps leading here.")
    )
    label: Name | None = Field(None, description=_("Its wording as a hot word."))
    hot: Hot | None = Field(None, description=_("Whether it runs as a hot word: by itself, always or never."))


class TagsAsked(PageAsked):
    """Which tags."""

    search: Slug | None = Field(None, description=_("The beginning of the slug."))


class Tag(Told):
    """A free word on posts."""

    id: int = Field(description=_("Its number, for good."))
    slug: str = Field(description=_("The last part of its address."))
    url: str = Field(description=_("Where readers find it."))
    name: dict[str, str] = Field(description=_("By language."))
    label: dict[str, str] = Field(description=_("Its wording as a hot word."))
    hot: Hot = Field(description=_("Whether it runs as a hot word: by itself, always or never."))


class TagList(Told):
    """One page of tags, by slug."""

    items: list[Tag] = Field(description=_("The tags."))
    next: str | None = Field(description=_("The cursor of the next page; null at the end."))
