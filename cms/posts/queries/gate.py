"""The one gate: what exists for whom. Page, list, search, feed, sitemap, API, export and count all ask it."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, or_

from cms.people.models import Person
from cms.posts import rules
from cms.posts.models import Byline, Post


def visible_to(person: Person | None, at: datetime | None, *, post: type[Post] = Post) -> ColumnElement[bool]:
    """The condition for a post to exist for this person, who may be a visitor, at this moment.

    Today that is the same for everybody: it is live. Publishing is an event, so no time is compared, and the
    database itself refuses a live post that is in the trash. Staff see drafts only through the functions of
    `queries.desk`. Pass an alias of `Post` as `post=` to ask about that one.
    """
    return post.live_revision_id.is_not(None)


def in_main(*, post: type[Post] = Post) -> ColumnElement[bool]:
    """The condition for a post to belong to the main lists, asked beside `visible_to`: the home page, the site's feeds,
    sections, notes, podcast, archive and hot words hold what is the main site's own and what editors featured of
    members' blogs. Everything else about a post of a blog is as with any: page, person, tags, search.

    The indexes of main lists say exactly this, so that each is one walk; see `_IN_MAIN` in the models.
    """
    return or_(post.blog_id.is_(None), post.featured_at.is_not(None))


def open_to(person: Person | None) -> ColumnElement[bool]:
    """The condition for a post outside the trash to be seen by this person whatever its state: `rules.can_see_draft`
    as the database asks it."""
    if person is None or not rules.can_write(person):
        return false()
    if rules.can_see_every_draft(person):
        return and_(Post.trashed_at.is_(None), not_private(person))
    credited = exists().where(Byline.post_id == Post.id, Byline.person_id == person.id)
    return and_(Post.trashed_at.is_(None), or_(Post.created_by_id == person.id, credited))


def not_private(person: Person | None) -> ColumnElement[bool]:
    """What a member writes into a blog of theirs is theirs alone until it first goes out: `Post.is_private`."""
    was_out = or_(Post.blog_id.is_(None), Post.first_published_at.is_not(None))
    return was_out if person is None else or_(was_out, Post.created_by_id == person.id)
