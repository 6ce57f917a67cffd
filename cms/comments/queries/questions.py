"""Questions to the company: those that are open, those that were answered, and how long that took."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from markupsafe import Markup
from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from cms.comments.models import AnswerVersion, Comment, Question
from cms.comments.queries.lists import public_condition
from cms.comments.subjects import Subject, find_subjects
from cms.core.database import db
from cms.core.markup import trusted
from cms.people.models import Person


@dataclass(frozen=True)
class OpenQuestion:
    """A question with what it is about."""

    question: Question
    subject: Subject | None


@dataclass(frozen=True)
class FAQEntry:
    """An answered question among the others on the public page."""

    id: int
    question: str
    html: Markup
    language: str
    by: str
    by_handle: str
    at: datetime
    subject: Subject


@dataclass(frozen=True)
class ResponseTimes:
    """Of questions that were taken for one in a span of time. A time is None when there is nothing to measure."""

    asked: int
    answered: int
    open: int
    overdue: int
    in_time: int
    with_due: int  # answered ones that had a time
    median: timedelta | None
    slowest: timedelta | None


def find_question(comment_id: int) -> Question | None:
    """The question that a comment is, with its owner and who answered."""
    return db.session.get(
        Question,
        comment_id,
        options=[joinedload(Question.owner), joinedload(Question.answered_by)],
        populate_existing=True,
    )


def open_questions(
    *, owner_id: int | None = None, is_answered: bool = False, limit: int = 100
) -> list[OpenQuestion]:
    """Questions that wait for an answer, the most pressing first; or the answered ones, newest first."""
    query = select(Question).options(
        joinedload(Question.owner),
        joinedload(Question.answered_by),
        joinedload(Question.comment).joinedload(Comment.author),
    )
    if is_answered:
        query = query.where(Question.answered_at.is_not(None))
        query = query.order_by(Question.answered_at.desc(), Question.comment_id.desc())
    else:
        query = query.where(Question.answered_at.is_(None))
        query = query.order_by(Question.due_at.is_(None), Question.due_at, Question.comment_id)
    if owner_id is not None:
        query = query.where(Question.owner_id == owner_id)
    rows = db.session.scalars(query.limit(limit)).all()
    subjects = find_subjects((one.comment.subject_kind, one.comment.subject_id) for one in rows)
    return [
        OpenQuestion(one, subjects.get((one.comment.subject_kind, one.comment.subject_id))) for one in rows
    ]


def answered_questions(*, limit: int = 200) -> list[FAQEntry]:
    """What stands on the public page of answered questions, newest first."""
    newest = and_(
        AnswerVersion.comment_id == Question.comment_id, AnswerVersion.number == Question.answer_number
    )
    rows = db.session.execute(
        select(Question, Comment, AnswerVersion, Person.name, Person.handle)
        .join(Comment, Comment.id == Question.comment_id)
        .join(AnswerVersion, newest)
        .outerjoin(Person, Person.id == Question.answered_by_id)
        .where(Question.faq_at.is_not(None), public_condition())
        .order_by(Question.faq_at.desc(), Question.comment_id.desc())
        .limit(limit)
    ).all()
    subjects = find_subjects((comment.subject_kind, comment.subject_id) for _, comment, *_ in rows)
    return [
        FAQEntry(
            comment.id,
            question.faq_question,
            trusted(version.html),
            comment.language,
            name or "",
            handle or "",
            version.written_at,
            subjects[comment.subject_kind, comment.subject_id],
        )
        for question, comment, version, name, handle in rows
        if (comment.subject_kind, comment.subject_id) in subjects
    ]


def versions_of(comment_id: int) -> Sequence[AnswerVersion]:
    """Every text of an answer, newest first."""
    return db.session.scalars(
        select(AnswerVersion)
        .where(AnswerVersion.comment_id == comment_id)
        .order_by(AnswerVersion.number.desc())
    ).all()


def response_times(*, since: datetime, at: datetime) -> ResponseTimes:
    """How fast the company answers: from the moment a comment was written to the first answer."""
    rows = db.session.execute(
        select(Comment.created_at, Question.answered_at, Question.due_at)
        .join(Comment, Comment.id == Question.comment_id)
        .where(Question.marked_at >= since)
    ).all()
    took = sorted(row.answered_at - row.created_at for row in rows if row.answered_at)
    timed = [row for row in rows if row.answered_at and row.due_at]
    return ResponseTimes(
        asked=len(rows),
        answered=len(took),
        open=len(rows) - len(took),
        overdue=sum(1 for row in rows if not row.answered_at and row.due_at and row.due_at < at),
        in_time=sum(1 for row in timed if row.answered_at <= row.due_at),
        with_due=len(timed),
        median=median(took) if took else None,
        slowest=took[-1] if took else None,
    )
