"""What was said about passages of a post."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from cms.core.database import db
from cms.core.errors import NotFound
from cms.posts.models import Revision
from cms.reviews import passages
from cms.reviews.models import PassageComment


@dataclass(frozen=True)
class Thread:
    """A comment with its answers, and whether its passage still stands in the text."""

    first: PassageComment
    answers: Sequence[PassageComment]
    is_orphan: bool


def get_comment(comment_id: int) -> PassageComment:
    """One comment."""
    comment = db.session.get(PassageComment, comment_id)
    if comment is None:
        raise NotFound
    return comment


def threads_of(post_id: int, revision: Revision) -> list[Thread]:
    """Everything that was said about a post, open threads first, each in order; seen against a text of it."""
    rows = db.session.scalars(
        select(PassageComment)
        .where(PassageComment.post_id == post_id)
        .order_by(PassageComment.id)
        .options(joinedload(PassageComment.person), joinedload(PassageComment.resolved_by))
    ).all()
    answers: dict[int, list[PassageComment]] = defaultdict(list)
    for row in rows:
        if row.parent_id is not None:
            answers[row.parent_id].append(row)
    text = passages.whole_text(revision)
    threads = [
        Thread(row, answers[row.id], bool(row.quote) and not passages.stands_in(row.quote, text))
        for row in rows
        if row.parent_id is None
    ]
    return sorted(threads, key=lambda one: (one.first.resolved_at is not None, one.first.id))


def count_open_threads(post_id: int) -> int:
    """How many threads of a post are open."""
    return db.session.scalars(
        select(func.count())
        .select_from(PassageComment)
        .where(
            PassageComment.post_id == post_id,
            PassageComment.parent_id.is_(None),
            PassageComment.resolved_at.is_(None),
        )
    ).one()
