"""Circles and their topics."""

from typing import Literal

from pydantic import Field

from cms.api.schemas.base import Asked, PageAsked, Time, Told, Word, _

Visibility = Literal["public", "members", "hidden"]
JoinPolicy = Literal["open", "request", "invitation"]
Audience = Literal["all", "members"]
CircleState = Literal["requested", "invited", "member", "banned"]


class NewCircle(Asked):
    """A circle to make; it is the caller's."""

    name: str = Field(min_length=1, max_length=60, description=_("Its name."))
    purpose: str = Field(min_length=1, max_length=300, description=_("What it is for, in a sentence or two."))
    about: str = Field("", max_length=20_000, description=_("More about it, in Markdown."))
    language: Literal["en", "zh"] = Field("en", description=_("The language it speaks."))
    visibility: Visibility = Field("public", description=_("Who knows of it."))
    join_policy: JoinPolicy = Field("open", description=_("How one gets in."))
    content_default: Audience = Field(
        "all", description=_("Who reads what is written, unless its writer says.")
    )
    tags: list[Word] = Field(default_factory=list, max_length=8, description=_("Words the site has."))


class ChangedCircle(Asked):
    """What is to change; fields left out stay as they are. Each of the three settings is changed by itself."""

    name: str | None = Field(None, min_length=1, max_length=60, description=_("Its name."))
    purpose: str | None = Field(
        None, min_length=1, max_length=300, description=_("What it is for, in a sentence or two.")
    )
    about: str | None = Field(None, max_length=20_000, description=_("More about it, in Markdown."))
    language: Literal["en", "zh"] | None = Field(None, description=_("The language it speaks."))
    visibility: Visibility | None = Field(None, description=_("Who knows of it."))
    join_policy: JoinPolicy | None = Field(None, description=_("How one gets in."))
    content_default: Audience | None = Field(
        None, description=_("Who reads what is written, unless its writer says.")
    )
    tags: list[Word] | None = Field(None, max_length=8, description=_("Words the site has."))
    old_topics: Literal["keep", "members"] = Field(
        "keep",
        description=_("What becomes of what was written before: it stays as it is, or is for members."),
    )


class CirclePicture(Told):
    """The picture of a circle."""

    url: str = Field(description=_("Where it is."))
    width: int = Field(description=_("In pixels."))
    height: int = Field(description=_("In pixels."))
    alt: str = Field(description=_("What it shows, for those who cannot see it."))


class Circle(Told):
    """A circle the caller may know of."""

    id: int = Field(description=_("Its number, for good."))
    slug: str = Field(description=_("The last part of its address."))
    url: str = Field(description=_("Its page."))
    name: str = Field(description=_("Its name."))
    purpose: str = Field(description=_("What it is for, in a sentence or two."))
    language: str = Field(description=_("The language it speaks."))
    visibility: Visibility = Field(description=_("Who knows of it."))
    join_policy: JoinPolicy = Field(description=_("How one gets in."))
    content_default: Audience = Field(description=_("Who reads what is written, unless its writer says."))
    tags: list[str] = Field(description=_("Words it is about."))
    picture: CirclePicture | None = Field(description=_("Its picture, or null."))
    is_backed: bool = Field(description=_("Whether the company stands behind it."))
    members: int = Field(description=_("How many belong to it."))
    topics: int = Field(description=_("Topics that whoever knows of it may read."))
    created_at: Time = Field(description=_("When it was made."))
    active_at: Time = Field(description=_("When something was written in it last."))
    closed_at: Time | None = Field(description=_("Since when nothing new is written; null while it is open."))
    standing: CircleState | None = Field(description=_("How the caller stands to it; null for no tie."))


class CirclesAsked(PageAsked):
    """Which circles."""

    search: Word | None = Field(None, description=_("A part of the name or purpose."))


class CircleList(Told):
    """One page of circles, those written in last first."""

    items: list[Circle] = Field(description=_("The circles."))
    next: str | None = Field(description=_("The cursor of the next page; null at the end."))


class CircleMembership(Told):
    """How the caller stands to a circle now."""

    standing: CircleState | None = Field(description=_("How the caller stands to it; null for no tie."))


class NewTopic(Asked):
    """A topic to begin, perhaps with a post that is shared."""

    title: str = Field(min_length=1, max_length=200, description=_("The title."))
    body: str = Field(min_length=1, max_length=20_000, description=_("The text, in Markdown."))
    audience: Audience | None = Field(
        None, description=_("Who reads it; as the circle has it when left out.")
    )
    post: int | None = Field(None, ge=1, description=_("The number of a post of the site to share."))
    call: int | None = Field(
        None, ge=1, description=_("The number of a call that this is for; a post is then one's own.")
    )


class Topic(Told):
    """A topic the caller may read."""

    id: int = Field(description=_("Its number, for good."))
    url: str = Field(description=_("Its page."))
    title: str = Field(description=_("The title."))
    body: str = Field(description=_("The text, in Markdown."))
    audience: Audience = Field(description=_("Who reads it."))
    by: str | None = Field(description=_("The handle of who wrote it; null when they left."))
    post: int | None = Field(description=_("The post that is shared."))
    call_until: Time | None = Field(description=_("Until when it calls for texts; null when it is no call."))
    call: int | None = Field(description=_("The call that this text answers; null for none."))
    answers: int = Field(description=_("How many answers can be read."))
    created_at: Time = Field(description=_("When it was begun."))
    active_at: Time = Field(description=_("When it was answered last, else when it was begun."))


class TopicList(Told):
    """One page of topics, those answered last first."""

    items: list[Topic] = Field(description=_("The topics."))
    next: str | None = Field(description=_("The cursor of the next page; null at the end."))


class TopicsAsked(PageAsked):
    """Which topics."""
