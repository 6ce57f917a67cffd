"""People as the public sees them."""

from typing import Literal

from pydantic import Field

from cms.api.schemas.base import PageAsked, Told, _

PersonRole = Literal["guest", "member", "expert", "author", "editor", "manager", "admin"]


class PeopleAsked(PageAsked):
    """Which page of the people."""


class Person(Told):
    """Somebody with a profile page."""

    handle: str = Field(description=_("What credits name them by."))
    name: str = Field(description=_("As it is shown."))
    url: str = Field(description=_("Their profile page."))
    headline: dict[str, str] = Field(description=_("A line about them, by language."))
    bio: dict[str, str] = Field(description=_("A text about them, by language."))
    portrait: int | None = Field(description=_("The number of their picture, or null."))
    role: PersonRole | None = Field(
        description=_("Told to editors, managers and admins; null for everybody else.")
    )


class PersonList(Told):
    """One page of people, the last to join first."""

    items: list[Person] = Field(description=_("The people."))
    next: str | None = Field(description=_("The cursor of the next page; null at the end."))
