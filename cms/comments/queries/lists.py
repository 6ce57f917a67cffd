"""Comments across subjects: the latest of the site, somebody's own, those below one subject for feeds and programs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, false, literal, or_, select, tuple_
from sqlalchemy.orm import joinedload
from sqlalchemy.sql import ColumnElement

from cms.comments.models import Comment, CommentVersion
from cms.comments.subjects import Subject, find_subjects, sources
from cms.core.database import Instant, db
from cms.people.models import Person


@dataclass(frozen=True)
class Told:
    """A comment with what it is about."""

    comment: Comment
    subject: Subject


def public_condition() -> ColumnElement[bool]:
    """Comments that everybody may read: visible, below something that everybody may see."""
    parts = [
        and_(Comment.subject_kind == kind, Comment.subject_id.in_(source.public_ids()))
        for kind, source in sources().items()
    ]
    return and_(Comment.state == "visible", or_(*parts) if parts else false())


def latest(*, limit: int, language: str | None = None) -> list[Told]:
    """What was said last where everybody may read it."""
    query = _with_author().where(public_condition())
    if language is not None:
        query = query.where(Comment.language == language)
    rows = db.session.scalars(query.order_by(Comment.shown_at.desc(), Comment.id.desc()).limit(limit))
    return told(rows.all())


def shown_below(
    kind: str, subject_id: int, *, limit: int, before: tuple[datetime, int] | None = None
) -> Sequence[Comment]:
    """Visible comments of one subject, newest first. Ask first whether the subject may be seen."""
    query = _with_author().where(
        Comment.subject_kind == kind, Comment.subject_id == subject_id, Comment.state == "visible"
    )
    if before is not None:
        last = tuple_(literal(before[0], Instant()), literal(before[1]))
        query = query.where(tuple_(Comment.shown_at, Comment.id) < last)
    return db.session.scalars(query.order_by(Comment.shown_at.desc(), Comment.id.desc()).limit(limit)).all()


def mine(person: Person, *, limit: int, before: int | None = None) -> list[Told]:
    """What somebody wrote, whatever became of it, newest first; also below what is not there any more."""
    return told(of_person(person.id, limit=limit, before=before))


def of_person(person_id: int, *, limit: int, before: int | None = None) -> Sequence[Comment]:
    """Comments by somebody in any state but deleted, newest first."""
    query = _with_author().where(Comment.author_id == person_id, Comment.state != "deleted")
    if before is not None:
        query = query.where(Comment.id < before)
    return db.session.scalars(query.order_by(Comment.id.desc()).limit(limit)).all()


def history_of(comment_id: int) -> Sequence[CommentVersion]:
    """What a comment said before, oldest first."""
    return db.session.scalars(
        select(CommentVersion).where(CommentVersion.comment_id == comment_id).order_by(CommentVersion.number)
    ).all()


def told(rows: Collection[Comment]) -> list[Told]:
    """With their subjects; those whose subject is not there any more are left out."""
    subjects = find_subjects((one.subject_kind, one.subject_id) for one in rows)
    return [
        Told(one, subjects[one.subject_kind, one.subject_id])
        for one in rows
        if (one.subject_kind, one.subject_id) in subjects
    ]


def _with_author() -> Any:
    return select(Comment).options(joinedload(Comment.author))
