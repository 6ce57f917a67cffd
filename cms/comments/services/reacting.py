"""One word about a comment, by each person."""

from datetime import datetime

from flask_babel import gettext as _

from cms.comments import rules
from cms.comments.events import ReactionGiven
from cms.comments.models import REACTIONS, Reaction
from cms.comments.services.counting import rescore, touch_pages
from cms.comments.services.loading import load
from cms.comments.subjects import get_subject
from cms.core.database import db
from cms.core.errors import Invalid, NotAllowed, NotFound
from cms.core.seams import announce
from cms.people.models import Person


def react(comment_id: int, kind: str, *, by: Person, at: datetime) -> None:
    """Say it, instead of what one said before; the same again takes it back."""
    comment = load(comment_id)
    subject = get_subject(comment.subject_kind, comment.subject_id, by)
    if not comment.is_visible:
        raise NotFound
    if not rules.can_react(by, comment, subject):
        raise NotAllowed(_("Reactions are for what others wrote."))
    if kind not in REACTIONS:
        raise Invalid(errors={"kind": _("Please choose one of the reactions.")})
    said = db.session.get(Reaction, (comment_id, by.id), populate_existing=True)
    if said is None:
        db.session.add(Reaction(comment_id=comment_id, person_id=by.id, kind=kind, at=at))
        announce(ReactionGiven(comment_id, comment.subject_kind, comment.subject_id, by.id, kind, at))
    elif said.kind == kind:
        db.session.delete(said)
    else:
        said.kind, said.at = kind, at
    db.session.flush()
    rescore(comment_id)
    touch_pages(comment)
