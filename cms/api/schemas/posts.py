"""Posts, their publication, schedule and history."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cms.api.schemas.base import (
    Asked,
    AskedInAddress,
    Cursor,
    Language,
    Number,
    PageAsked,
    Slug,
    Time,
    Told,
    Word,
    _,
)
from cms.core.markup import LONGEST

Kind = Literal["article", "note", "photo", "audio", "video"]
Role = Literal["author", "editor", "photographer", "translator", "speaker"]
State = Literal["draft", "live", "changed", "scheduled", "down"]
MOMENT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:00)?(Z|[+-]\d{2}:\d{2})?$"


class Credit(Asked):
    """One credit."""

    handle: Slug = Field(description=_("Whose: the handle of a person or a guest."))
    role: Role = Field("author", description=_("What they did."))


class File(Asked):
    """A picture or recording of the post."""

    id: Number = Field(description=_("The number of an uploaded file."))
    alt: str = Field(
        "", max_length=1000, description=_("What it shows; empty means the words kept with the file.")
    )
    caption: str = Field("", max_length=1000, description=_("The line below it."))


class PostFields(Asked):
    """What can be said of a post when it is begun and later."""

    title: str = Field("", max_length=300, description=_("Needed by all kinds but notes."))
    body: str = Field("", max_length=LONGEST, description=_("The text, in Markdown."))
    summary: str = Field("", max_length=2000, description=_("What lists and search engines show."))
    section: Slug | None = Field(None, description=_("The slug of a section, or null."))
    tags: list[Word] = Field([], max_length=20, description=_("Tags; new ones are made."))
    bylines: list[Credit] = Field([], max_length=20, description=_("Credits, in order."))
    cover: Number | None = Field(None, description=_("The number of an uploaded picture, or null."))
    cover_alt: str = Field("", max_length=1000, description=_("What the cover shows in this post."))
    media: list[File] = Field([], max_length=60, description=_("The pictures or the recording, in order."))
    transcript: str = Field(
        "", max_length=LONGEST, description=_("What is said in a recording, in Markdown.")
    )
    canonical_url: str | None = Field(
        None, max_length=500, description=_("Where it appeared first, when that is somewhere else.")
    )
    slug: Slug | None = Field(
        None, description=_("The last part of its address; made from the title when left out.")
    )
    campaign: Slug | None = Field(None, description=_("The slug of the campaign it serves, or null."))


class NewPost(PostFields):
    """A post to begin."""

    kind: Kind = Field("article", description=_("What kind of post it is."))
    language: Language | None = Field(
        None, description=_("Of the text, such as en or zh; the site's own when left out.")
    )
    translation_of: Number | None = Field(None, description=_("The number of the post whose story it tells."))


class ChangedPost(PostFields):
    """What is to change; fields left out stay as they are. New texts of a live post wait to be published."""

    kind: Kind = Field("article", description=_("What kind of post it is."))
    language: Language = Field("en", description=_("Of the text, such as en or zh."))


class Publication(Asked):
    """What to publish."""

    revision: Number | None = Field(
        None, description=_("The number of a revision; the newest when left out.")
    )


class ScheduleAsked(Asked):
    """When to publish."""

    at: Annotated[str, StringConstraints(pattern=MOMENT)] = Field(
        description=_(
            "A moment with its offset, or what the clock shows in that zone: 2026-12-01T09:30:00+08:00 or 2026-12-01T09:30."
        )
    )
    zone: Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_+/-]+$")] = (
        Field(description=_("The time zone people will read it in, such as Asia/Shanghai."))
    )


class PostsAsked(PageAsked):
    """Which posts."""

    kind: Kind | None = Field(None, description=_("Only this kind."))
    language: Language | None = Field(None, description=_("Only in this language."))
    section: Slug | None = Field(None, description=_("Only in this section."))
    tag: Slug | None = Field(None, description=_("Only with this tag."))
    person: Slug | None = Field(None, description=_("Only credited to this handle."))
    state: State | None = Field(None, description=_("Only in this state."))


class RevisionsAsked(AskedInAddress):
    """Which page of the history."""

    cursor: Cursor | None = Field(
        None, description=_("The “next” of the page before; leave it out to begin.")
    )
    limit: int = Field(20, ge=1, le=100, description=_("How many at most, 20 unless told."))


class CreditTold(Told):
    """One credit."""

    handle: str = Field(description=_("Whose."))
    name: str = Field(description=_("As it is shown."))
    role: Role = Field(description=_("What they did."))


class FileTold(Told):
    """A picture or recording of the post."""

    id: int = Field(description=_("The number of the file."))
    url: str = Field(description=_("Where it is."))
    alt: str = Field(description=_("What it shows."))
    caption: str = Field(description=_("The line below it."))


class Schedule(Told):
    """When the post will be published."""

    at: Time = Field(description=_("The moment."))
    wall: str = Field(description=_("What the clock shows then, as it was asked for."))
    zone: str = Field(description=_("In this time zone."))
    problem: str | None = Field(description=_("Why it was missed, or null."))


class PostInList(Told):
    """A post without its text."""

    id: int = Field(description=_("Its number, for good."))
    url: str | None = Field(description=_("Where readers find it; null while they do not."))
    kind: Kind = Field(description=_("What kind of post it is."))
    language: str = Field(description=_("Of the text."))
    title: str = Field(description=_("Empty for most notes."))
    summary: str = Field(description=_("What lists and search engines show."))
    slug: str | None = Field(description=_("The last part of its address; notes have none."))
    section: str | None = Field(description=_("The slug of its section, or null."))
    tags: list[str] = Field(description=_("The slugs of its tags, in order."))
    bylines: list[CreditTold] = Field(description=_("Credits, in order."))
    cover: int | None = Field(description=_("The number of its cover, or null."))
    canonical_url: str | None = Field(description=_("Where it appeared first, when that is somewhere else."))
    campaign: str | None = Field(
        description=_("The slug of the campaign it serves, if you may know it; null otherwise.")
    )
    story: str = Field(description=_("Shared by translations of each other."))
    is_live: bool = Field(description=_("Whether readers see it."))
    revision: int = Field(description=_("The number of the text shown here."))
    live_revision: int | None = Field(description=_("The number of the text readers see, or null."))
    schedule: Schedule | None = Field(description=_("When it will be published, or null."))
    first_published_at: Time | None = Field(description=_("When readers could first see it."))
    published_at: Time | None = Field(description=_("The time readers see."))
    updated_at: Time | None = Field(description=_("When readers last saw a change."))
    created_at: Time = Field(description=_("When it was begun."))
    edited_at: Time | None = Field(description=_("When anything was last saved; null for readers."))


class Post(PostInList):
    """A post. Those who may edit it get its newest text, everybody else what is published."""

    format: Literal["markdown", "html"] = Field(
        description=_("What the body is written in; old imports may be HTML.")
    )
    body: str = Field(description=_("The text as it was written."))
    html: str = Field(description=_("The text as readers get it."))
    transcript: str = Field(description=_("What is said in a recording, in Markdown."))
    cover_alt: str = Field(description=_("What the cover shows in this post."))
    media: list[FileTold] = Field(description=_("The pictures or the recording, in order."))
    word_count: int = Field(description=_("Words, and Chinese characters, in the text."))
    reading_minutes: int = Field(description=_("How long it takes to read."))


class PostList(Told):
    """One page of posts, the last begun first."""

    items: list[PostInList] = Field(description=_("The posts."))
    next: str | None = Field(description=_("The cursor of the next page; null at the end."))


class Revision(Told):
    """One text of a post, without its words."""

    number: int = Field(description=_("Counted from 1 in each post."))
    title: str = Field(description=_("Its title."))
    word_count: int = Field(description=_("Words, and Chinese characters, in the text."))
    saved_by: str | None = Field(description=_("The handle of who saved it; null for imports."))
    created_at: Time = Field(description=_("When it was saved."))
    is_live: bool = Field(description=_("Whether readers see it."))


class RevisionList(Told):
    """One page of a post's history, newest first."""

    items: list[Revision] = Field(description=_("The revisions."))
    next: str | None = Field(description=_("The cursor of the next page; null at the end."))
