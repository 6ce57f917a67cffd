"""Reading what is about to be changed, inside the transaction and locked against another writer."""

from cms.comments.models import Comment, Question
from cms.core.database import db
from cms.core.errors import NotFound


def load(comment_id: int) -> Comment:
    """The comment, fresh."""
    comment = db.session.get(Comment, comment_id, populate_existing=True, with_for_update={"of": Comment})
    if comment is None:
        raise NotFound
    return comment


def load_question(comment_id: int) -> Question:
    """The question that a comment is, fresh."""
    question = db.session.get(Question, comment_id, populate_existing=True, with_for_update={"of": Question})
    if question is None:
        raise NotFound
    return question
