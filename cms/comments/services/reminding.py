"""Reminding those who owe an answer."""

from datetime import datetime

from sqlalchemy import select

from cms.comments.models import Comment, Question
from cms.comments.services import telling
from cms.comments.subjects import find_subject
from cms.core.database import db


def remind_owners(*, before: datetime, at: datetime) -> int:
    """Tell the owners of open questions that are due before then, each once; gives the number."""
    due = (
        select(Question)
        .where(
            Question.answered_at.is_(None),
            Question.owner_id.is_not(None),
            Question.due_at <= before,
            Question.reminded_at.is_(None),
        )
        .order_by(Question.due_at)
        .limit(200)
        .with_for_update(skip_locked=True, of=Question)
    )
    questions = db.session.scalars(due).all()
    for question in questions:
        question.reminded_at = at
        comment = db.session.get_one(Comment, question.comment_id)
        subject = find_subject(comment.subject_kind, comment.subject_id)
        if subject is not None and comment.is_visible:
            telling.tell_owner(question, comment, subject, by=None, at=at)
    db.session.flush()
    return len(questions)
