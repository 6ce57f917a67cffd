"""Comments as programs read and send them."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cms.api.schemas.base import Asked, Number, PageAsked, Time, Told, _

CommentState = Literal["waiting", "visible", "hidden", "deleted"]
Subject = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,16}:[0-9]{1,10}$")]


class CommentsAsked(PageAsked):
    """Which comments: below one subject, or one's own."""

    subject: Subject | None = Field(
        None, description=_("What they are about, such as post:12. Without it, one's own comments.")
    )


class CommentAuthor(Told):
    """Who wrote it."""

    name: str = Field(description=_("As it is shown."))
    handle: str | None = Field(description=_("The handle of their account, or null."))


class CompanyAnswer(Told):
    """What the company answered."""

    html: str = Field(description=_("The answer as clean HTML."))
    by: str = Field(description=_("Who signs it."))
    at: Time = Field(description=_("When it was first given."))
    number: int = Field(description=_("Of the version: 1 until it is changed."))


class Comment(Told):
    """One comment. One that is gone keeps every field, with null where it had words."""

    id: int = Field(description=_("Its number."))
    subject: str = Field(description=_("What it is about, such as post:12."))
    parent: int | None = Field(description=_("The comment that it answers, or null."))
    root: int = Field(description=_("The comment that begins the thread; its own number there."))
    url: str = Field(description=_("Its lasting address."))
    state: CommentState = Field(
        description=_("Everybody reads only what is visible; others are told to their writer.")
    )
    waits_because: list[str] = Field(description=_("Why it waits for a moderator, told to its writer."))
    author: CommentAuthor | None = Field(description=_("Who wrote it; null when it is gone."))
    body: str | None = Field(description=_("As it was typed, in Markdown; null when it is gone."))
    html: str | None = Field(description=_("As clean HTML; null when it is gone."))
    language: str = Field(description=_("The language it is in, told by its script."))
    created_at: Time = Field(description=_("When it was sent."))
    edited_at: Time | None = Field(description=_("When its writer changed it, or null."))
    reactions: int = Field(description=_("How many people reacted to it."))
    answer: CompanyAnswer | None = Field(description=_("What the company answered, or null."))


class CommentList(Told):
    """One page of comments, newest thread first."""

    items: list[Comment] = Field(description=_("The comments."))
    next: str | None = Field(description=_("The cursor of the next page; null at the end."))


class NewComment(Asked):
    """A comment to be sent."""

    subject: Subject = Field(description=_("What it is about, such as post:12."))
    body: str = Field(min_length=1, max_length=5000, description=_("The words, in a small part of Markdown."))
    parent: Number | None = Field(None, description=_("The comment that it answers."))


class ChangedComment(Asked):
    """Other words for one's own comment."""

    body: str = Field(min_length=1, max_length=5000, description=_("The words, in a small part of Markdown."))
