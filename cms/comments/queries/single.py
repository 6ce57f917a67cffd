"""One comment, and what is known of who writes."""

from sqlalchemy.orm import joinedload

from cms.comments import rules
from cms.comments.models import Comment, CommentPolicy, Standing
from cms.comments.subjects import Subject, find_subject
from cms.core.database import db
from cms.core.errors import NotFound
from cms.people.models import Person


def get_comment(comment_id: int) -> Comment:
    """The comment with this number, with who wrote it, whoever may see it."""
    comment = db.session.get(
        Comment, comment_id, options=[joinedload(Comment.author)], populate_existing=True
    )
    if comment is None:
        raise NotFound
    return comment


def get_seen_comment(comment_id: int, person: Person | None) -> tuple[Comment, Subject]:
    """A comment that this person may read, and what it is about; `NotFound` for anybody else."""
    comment = get_comment(comment_id)
    subject = find_subject(comment.subject_kind, comment.subject_id)
    if subject is None or not rules.can_see_comment(person, comment, subject):
        raise NotFound
    return comment, subject


def standing_of(person_id: int) -> Standing | None:
    """What is known of somebody who comments."""
    return db.session.get(Standing, person_id)


def policy_row(kind: str, subject_id: int) -> CommentPolicy | None:
    """What was said about who may comment below a subject."""
    return db.session.get(CommentPolicy, (kind, subject_id))


def get_with_subject(comment_id: int) -> tuple[Comment, Subject | None]:
    """A comment and what it is about, whoever may see them; to ask a rule about both."""
    comment = get_comment(comment_id)
    return comment, find_subject(comment.subject_kind, comment.subject_id)
