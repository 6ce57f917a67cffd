"""The one gate: what exists for whom. Page, list, search, feed, sitemap, API, export and count all ask it."""

from datetime import datetime

from sqlalchemy import ColumnElement

from cms.people.models import Person
from cms.posts.models import Post


def visible_to(person: Person | None, at: datetime | None, *, post: type[Post] = Post) -> ColumnElement[bool]:
    """The condition for a post to exist for this person, who may be a visitor, at this moment.

    Today that is the same for everybody: it is live. Publishing is an event, so no time is compared, and the
    database itself refuses a live post that is in the trash. Staff see drafts only through the functions of
    `queries.desk`. Pass an alias of `Post` as `post=` to ask about that one.
    """
    return post.live_revision_id.is_not(None)
