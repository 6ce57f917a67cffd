"""What the worker asks, and what went wrong with time. Every question is one walk along an index."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload

from cms.core.database import db
from cms.people.models import Person
from cms.posts.models import Post, Revision

_TEXTS = (Revision.body, Revision.html, Revision.plain, Revision.transcript, Revision.transcript_html)


def planner_of(post: Post) -> Person | None:
    """Who planned the publication of a post."""
    return db.session.get(Person, post.due_by_id) if post.due_by_id else None


class Due(NamedTuple):
    """A row whose time has come, and how often it was tried in vain."""

    id: int
    due_at: datetime
    tries: int


def posts_due(at: datetime, *, limit: int = 100) -> Sequence[Due]:
    """Posts to publish, longest waiting first."""
    rows = db.session.execute(
        select(Post.id, Post.due_at, Post.due_tries)
        .where(Post.due_at <= at, Post.due_problem.is_(None))
        .order_by(Post.due_at, Post.id)
        .limit(limit)
    )
    return [Due(id_, due_at, tries) for id_, due_at, tries in rows if due_at]


def posts_ending(at: datetime, *, limit: int = 100) -> Sequence[Due]:
    """Posts to take down, longest waiting first."""
    rows = db.session.execute(
        select(Post.id, Post.removal_at, Post.removal_tries)
        .where(Post.removal_at <= at, Post.removal_problem.is_(None))
        .order_by(Post.removal_at, Post.id)
        .limit(limit)
    )
    return [Due(id_, due_at, tries) for id_, due_at, tries in rows if due_at]


def stopped_posts(at: datetime, *, limit: int = 8) -> Sequence[Post]:
    """Posts somebody should decide about, besides those that were missed outside the trash: ends that did not come,
    plans that ran out in the trash, and plans that will stop because the live text changed since."""
    ended = select(Post).where(Post.removal_at <= at, Post.removal_problem.is_not(None))
    trashed = select(Post).where(
        Post.due_at <= at, Post.due_problem.is_not(None), Post.trashed_at.is_not(None)
    )
    changed = select(Post).where(
        Post.due_at > at,
        Post.due_problem.is_(None),
        Post.due_base_revision_id.is_distinct_from(Post.live_revision_id),
    )
    latest = joinedload(Post.latest).options(*(defer(one, raiseload=True) for one in _TEXTS))
    found = [db.session.scalars(one.limit(limit).options(latest)).all() for one in (ended, trashed, changed)]
    return list({post.id: post for posts in found for post in posts}.values())[:limit]
