"""How many there are: only what may be read counts."""

from collections.abc import Collection

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.sql import ColumnElement

from cms.comments.models import Comment
from cms.comments.subjects import sources
from cms.core.database import db
from cms.people.models import Person

Within = tuple[str, Select[int]]  # a kind of subject, and the numbers of some of them


def count_visible(kind: str, subject_id: int) -> int:
    """Visible comments below one subject."""
    return counts_of(kind, [subject_id]).get(subject_id, 0)


def counts_of(kind: str, ids: Collection[int]) -> dict[int, int]:
    """Visible comments below many subjects, those without any left out, in one query."""
    rows = db.session.execute(
        select(Comment.subject_id, func.count())
        .where(Comment.subject_kind == kind, Comment.subject_id.in_(sorted(ids)), Comment.state == "visible")
        .group_by(Comment.subject_id)
    )
    return {row[0]: row[1] for row in rows}


def count_waiting(person: Person, *, within: Within | None = None) -> int:
    """What waits for a decision of this person: comments, reports and appeals; below some subjects when asked."""
    query = select(func.count()).select_from(Comment).where(decided_by(person), needs_decision())
    if within is not None:
        query = query.where(is_within(within))
    return db.session.scalar(query) or 0


def is_within(within: Within) -> ColumnElement[bool]:
    """Comments below these subjects."""
    kind, ids = within
    return (Comment.subject_kind == kind) & Comment.subject_id.in_(ids)


def needs_decision() -> ColumnElement[bool]:
    """Waiting, reported, or hidden with an appeal."""
    return or_(
        Comment.state == "waiting",
        (Comment.state == "visible") & (Comment.flags > 0),
        Comment.appealed_at.is_not(None) & Comment.appeal_outcome.is_(None) & (Comment.state == "hidden"),
    )


def decided_by(person: Person) -> ColumnElement[bool]:
    """Comments below subjects where this person decides."""
    parts: list[ColumnElement[bool]] = []
    for kind, source in sources().items():
        ids = source.moderated_ids(person)
        if ids is None:
            parts.append(Comment.subject_kind == kind)
        elif ids:
            parts.append((Comment.subject_kind == kind) & Comment.subject_id.in_(sorted(ids)))
    return or_(*parts) if parts else false()
