"""What stays of somebody who leaves: their place in the threads, under a name that leads nowhere.

Their texts stay unless they want them gone: others answered them. Reactions and reports of theirs go.
"""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from cms.comments.models import Comment, Flag, Question, Reaction, Standing
from cms.comments.services.counting import recount, rescore
from cms.comments.services.loading import load
from cms.comments.services.posting import empty
from cms.core.database import db
from cms.core.secrets import keyed_hash
from cms.people.events import PersonErased


def hear_erased(fact: PersonErased) -> None:
    """Somebody is erased: handler."""
    forget_person(fact.person_id, with_texts=fact.with_texts, at=fact.at)


def delete_texts(person_id: int, *, at: datetime) -> int:
    """Take away everything somebody wrote; places stay where others answered. Gives the number."""
    ids = db.session.scalars(
        select(Comment.id)
        .where(Comment.author_id == person_id, Comment.state != "deleted")
        .order_by(Comment.id)
    ).all()
    for comment_id in ids:
        empty(load(comment_id), at=at)
    return len(ids)


def forget_person(person_id: int, *, with_texts: bool, at: datetime) -> None:
    """Part the comments of somebody from who it was. The same person has one name in all threads, so that they can be
    followed; nobody can tell whose it was."""
    if with_texts:
        delete_texts(person_id, at=at)
    mine = select(Comment).where(Comment.author_id == person_id)
    name = _("Former member %(number)s", number=keyed_hash(f"left:{person_id}")[:6])
    for comment in db.session.scalars(mine).all():
        comment.author_id, comment.author_name = None, name
        recount(comment)
    reacted = list(db.session.scalars(select(Reaction.comment_id).where(Reaction.person_id == person_id)))
    for model in (Reaction, Flag, Standing):
        db.session.execute(delete(model).where(model.person_id == person_id))
    for comment_id in reacted:
        rescore(comment_id)
    db.session.execute(update(Question).where(Question.owner_id == person_id).values(owner_id=None))
    db.session.flush()
