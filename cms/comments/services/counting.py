"""What follows from a change of state: counts, kept pages, trust, facts. The one place that does so for comments.

Every number has one definition and is worked out anew from the rows, so that nothing drifts.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, select, update

from cms.comments.events import CommentGone, CommentShown
from cms.comments.models import Comment, Reaction, Standing
from cms.comments.subjects import find_subject
from cms.core.database import db
from cms.core.pagecache import touch
from cms.core.seams import announce

LATEST = "comments"  # the tag of pages that show the latest comments of the whole site


def was_shown(comment: Comment, *, at: datetime, is_by_author: bool) -> None:
    """It is visible now; announced once in its life."""
    is_first, comment.shown_at = comment.shown_at is None, comment.shown_at or at
    recount(comment)
    if is_first:
        announce(
            CommentShown(
                comment.id, comment.subject_kind, comment.subject_id, comment.author_id, at, is_by_author
            )
        )


def was_taken(comment: Comment, *, at: datetime) -> None:
    """It was visible and is not any more."""
    recount(comment)
    announce(CommentGone(comment.id, comment.subject_kind, comment.subject_id, at))


def recount(comment: Comment) -> None:
    """What is counted around a comment, and every page that shows it."""
    db.session.flush()
    if comment.parent_id is not None:
        _set(comment.parent_id, answers=_visible(Comment.parent_id == comment.parent_id))
    if comment.root_id is not None and comment.root_id != comment.id:
        below = (Comment.root_id == comment.root_id, Comment.id != comment.root_id)
        _set(comment.root_id, in_thread=_visible(*below))
    if comment.author_id is not None:
        restand(comment.author_id)
    touch_pages(comment)


def rescore(comment_id: int) -> None:
    """Count reactions anew."""
    count = select(func.count()).where(Reaction.comment_id == comment_id).scalar_subquery()
    _set(comment_id, score=count)


def restand(person_id: int) -> Standing:
    """Count anew what was let through and what was hidden of somebody's."""
    standing = standing_of(person_id)
    mine = (Comment.author_id == person_id,)
    standing.approved = db.session.scalar(select(_visible(*mine))) or 0
    hidden = select(func.count()).where(*mine, Comment.state == "hidden", Comment.decided_by_id.is_not(None))
    standing.refused = db.session.scalar(hidden) or 0
    db.session.flush()
    return standing


def standing_of(person_id: int) -> Standing:
    """The row about somebody, made when there is none, locked against another writer."""
    standing = db.session.get(Standing, person_id, with_for_update=True, populate_existing=True)
    if standing is None:
        standing = Standing(person_id=person_id, approved=0, refused=0, block_note="")
        db.session.add(standing)
        db.session.flush()
    return standing


def touch_pages(comment: Comment) -> None:
    """Every kept page that shows this comment, or a count it is in."""
    subject = find_subject(comment.subject_kind, comment.subject_id)
    touch(LATEST, f"comments:{comment.subject}", f"comment:{comment.id}", *(subject.tags if subject else ()))


def _visible(*where: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count(Comment.id)).where(*where, Comment.state == "visible").scalar_subquery()


def _set(comment_id: int, **values: object) -> None:
    db.session.execute(
        update(Comment)
        .where(Comment.id == comment_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    held = db.session.identity_map.get((Comment, (comment_id,), None))
    if held is not None:
        db.session.refresh(held)
