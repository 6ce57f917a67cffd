"""What moderators look at: what waits, what readers reported, who asks to look again, what is hidden, all of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import literal, select, tuple_
from sqlalchemy.orm import joinedload

from cms.comments.models import Comment, Flag, Question, Standing
from cms.comments.queries.counts import Within, decided_by, is_within
from cms.comments.subjects import Subject, find_subjects
from cms.core.database import Instant, db
from cms.people.models import Person

TABS = ("waiting", "reported", "appeals", "hidden", "all")


@dataclass(frozen=True)
class Waiting:
    """One comment as a moderator sees it."""

    comment: Comment
    subject: Subject | None
    standing: Standing | None
    flags: Sequence[Flag] = field(default_factory=tuple)
    question: Question | None = None


def queue(
    person: Person,
    tab: str,
    *,
    limit: int,
    before: tuple[datetime, int] | None = None,
    author_id: int | None = None,
    within: Within | None = None,
) -> list[Waiting]:
    """Comments on which this person decides, newest first; narrowed to one writer, or to some subjects."""
    query = select(Comment).options(joinedload(Comment.author)).where(decided_by(person))
    if tab == "waiting":
        query = query.where(Comment.state == "waiting")
    elif tab == "reported":
        query = query.where(Comment.flags > 0)
    elif tab == "appeals":
        query = query.where(Comment.appealed_at.is_not(None), Comment.appeal_outcome.is_(None))
        query = query.where(Comment.state == "hidden")
    elif tab == "hidden":
        query = query.where(Comment.state == "hidden")
    else:
        query = query.where(Comment.state != "deleted")
    if author_id is not None:
        query = query.where(Comment.author_id == author_id)
    if within is not None:
        query = query.where(is_within(within))
    if before is not None:
        last = tuple_(literal(before[0], Instant()), literal(before[1]))
        query = query.where(tuple_(Comment.created_at, Comment.id) < last)
    rows = db.session.scalars(query.order_by(Comment.created_at.desc(), Comment.id.desc()).limit(limit)).all()
    return _with_context(rows)


def people_who_comment(person_ids: Sequence[int]) -> dict[int, Standing]:
    """What is known of these people."""
    rows = db.session.scalars(select(Standing).where(Standing.person_id.in_(list(person_ids))))
    return {one.person_id: one for one in rows}


def _with_context(rows: Sequence[Comment]) -> list[Waiting]:
    subjects = find_subjects((one.subject_kind, one.subject_id) for one in rows)
    standings = people_who_comment([one.author_id for one in rows if one.author_id])
    ids = [one.id for one in rows]
    flags: dict[int, list[Flag]] = {}
    for flag in db.session.scalars(select(Flag).where(Flag.comment_id.in_(ids)).order_by(Flag.at)):
        flags.setdefault(flag.comment_id, []).append(flag)
    questions = {
        one.comment_id: one
        for one in db.session.scalars(select(Question).where(Question.comment_id.in_(ids)))
    }
    return [
        Waiting(
            one,
            subjects.get((one.subject_kind, one.subject_id)),
            standings.get(one.author_id or 0),
            flags.get(one.id, ()),
            questions.get(one.id),
        )
        for one in rows
    ]
