"""Who is told what about comments. The kinds of notice are in `cms.comments.news`.

What waits or is hidden is told to nobody but its writer and who decides: the others hear of it once it is visible.
"""

from datetime import datetime
from typing import Any

from cms.comments.models import Comment, Question
from cms.comments.subjects import Subject
from cms.core.database import db
from cms.notices.services import notify
from cms.people.models import Person


def tell_shown(comment: Comment, subject: Subject, *, at: datetime) -> None:
    """Whom it answers, and who wrote what it is about; nobody twice."""
    told: set[int] = set()
    parent = db.session.get(Comment, comment.parent_id) if comment.parent_id else None
    if parent is not None and parent.author_id is not None and parent.author_id != comment.author_id:
        _tell("comment.answered", comment, subject, {parent.author_id}, at=at)
        told.add(parent.author_id)
    others = set(subject.author_ids) - told - {comment.author_id or 0}
    _tell("comment.on_yours", comment, subject, others, at=at)


def tell_waiting(comment: Comment, subject: Subject, *, at: datetime) -> None:
    """Who decides here. One notice counts what gathers."""
    moderators = set(subject.moderator_ids()) - {comment.author_id or 0}
    if moderators:
        detail = {"title": subject.title, "comment": comment.id, "path": subject.queue_path}
        queue = f"queue:{subject.queue or subject.kind}"
        notify("comment.waiting", to=moderators, subject=queue, by=None, at=at, detail=detail)


def tell_decided(
    comment: Comment, subject: Subject | None, decision: str, *, by: Person, at: datetime
) -> None:
    """Its writer: let through, hidden, or what became of an appeal. Who decided is not named."""
    if comment.author_id is not None and comment.author_id != by.id:
        detail = {
            "title": subject.title if subject else "",
            "comment": comment.id,
            "decision": decision,
            "reason": comment.reason,
        }
        notify(
            "comment.decided",
            to=[comment.author_id],
            subject=f"comment:{comment.id}",
            by=None,
            at=at,
            detail=detail,
        )


def tell_owner(
    question: Question, comment: Comment, subject: Subject | None, *, by: Person | None, at: datetime
) -> None:
    """Who owes an answer: it was given to them, or is due soon."""
    if question.owner_id is not None:
        detail = {
            "title": subject.title if subject else "",
            "due": question.due_wall,
            "zone": question.due_zone,
            "is_reminder": by is None,
        }
        notify(
            "comment.question",
            to=[question.owner_id],
            subject=f"comment:{comment.id}",
            by=by,
            at=at,
            detail=detail,
        )


def tell_answered(comment: Comment, subject: Subject, *, by: Person, at: datetime) -> None:
    """Who asked: the company answered."""
    if comment.author_id is not None:
        _tell("comment.company", comment, subject, {comment.author_id}, at=at, who=by)


def _tell(
    kind: str, comment: Comment, subject: Subject, to: set[int], *, at: datetime, who: Person | None = None
) -> None:
    if not to:
        return
    author = who or (db.session.get(Person, comment.author_id) if comment.author_id else None)
    name = author.name if author else comment.author_name
    detail: dict[str, Any] = {"title": subject.title, "who": name, "comment": comment.id}
    notify(kind, to=to, subject=f"comment:{comment.id}", by=author, at=at, detail=detail)
