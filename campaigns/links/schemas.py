"""Links as the API takes and tells them."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cms.api.schemas.base import Asked, Number, PageAsked, Slug, Time, Told, Word, _

Address = Annotated[str, StringConstraints(min_length=1, max_length=2048)]
Value = Annotated[str, StringConstraints(max_length=80)]
Moment = Annotated[
    str,
    StringConstraints(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})$"
    ),
]


class UTMFields(Asked):
    """Where a link will stand. `utm_campaign` is the slug of its campaign and is not said here."""

    source: Value = Field("", description=_("Who shows it, such as newsletter."))
    medium: Value = Field("", description=_("In what way, such as print."))
    content: Value = Field("", description=_("Which of several."))
    term: Value = Field("", description=_("A word it was found by."))


NO_VALUES = UTMFields(source="", medium="", content="", term="")


class LinkFields(Asked):
    """What can be said of a link when it is made and later."""

    label: Annotated[str, StringConstraints(max_length=160)] = Field(
        "", description=_("What the desk calls it.")
    )
    campaign: Slug | None = Field(None, description=_("The slug of its campaign, or null."))
    utm: UTMFields = Field(NO_VALUES, description=_("Its UTM values; all of them are replaced."))
    expires_at: Moment | None = Field(
        None, description=_("When it is over, with the offset; null for never.")
    )
    replacement: Annotated[str, StringConstraints(max_length=2048)] = Field(
        "", description=_("Where it leads once it is over; empty for a page that says so.")
    )


class NewLink(LinkFields):
    """A link to make."""

    target: Address = Field(
        description=_("Where it leads: a path of this site, or an http or https address.")
    )
    post: Number | None = Field(None, description=_("The post it is about, or null."))


class ChangedLink(LinkFields):
    """What is to change; fields left out stay. A link of a delivery keeps its target, campaign and UTM values."""

    target: Address | None = Field(
        None, description=_("Where it leads: a path of this site, or an http or https address.")
    )


class LinksAsked(PageAsked):
    """Which links."""

    campaign: Slug | None = Field(None, description=_("Only of the campaign with this slug."))
    account: Number | None = Field(None, description=_("Only of this account."))
    post: Number | None = Field(None, description=_("Only about this post."))
    state: Literal["open", "over"] | None = Field(
        None, description=_("Only those that lead to their target, or do not any more.")
    )
    search: Word | None = Field(None, description=_("A part of the label or the target, or a code."))


class Link(Told):
    """A short address and where it leads."""

    id: int = Field(description=_("Its number, for good."))
    code: str = Field(description=_("The last part of its address."))
    url: str = Field(description=_("Its address, to be shown and copied."))
    target: str = Field(description=_("Where it leads, without what the link adds."))
    label: str = Field(description=_("What the desk calls it."))
    campaign: str | None = Field(description=_("The slug of its campaign, or null."))
    account: int | None = Field(description=_("The account whose delivery it was made for, or null."))
    post: int | None = Field(description=_("The post it is about, or null."))
    utm: dict[str, str] = Field(description=_("The UTM values it adds, without “utm_” before their names."))
    is_locked: bool = Field(
        description=_("Whether it belongs to a delivery: target, campaign and UTM values stay.")
    )
    expires_at: Time | None = Field(description=_("When it is over; null for never."))
    replacement: str = Field(description=_("Where it leads once it is over; empty for a page that says so."))
    ended_at: Time | None = Field(description=_("When somebody ended it; null while nobody did."))
    created_at: Time = Field(description=_("When it was made."))
    clicks: int | None = Field(description=_("How often it was followed; null where that is not known."))
    verified_clicks: int | None = Field(
        description=_("Of those, how often a page of ours was then opened; null where that is not known.")
    )


class LinkList(Told):
    """One page of links, the newest first."""

    items: list[Link] = Field(description=_("The links."))
    next: str | None = Field(description=_("The cursor of the next page; null at the end."))
