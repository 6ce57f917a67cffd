"""Names for revisions worth finding again: "as sent to legal". They change nothing that readers see."""

from datetime import datetime

from flask_babel import gettext as _

from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.core.text import strip_control
from cms.people.models import Person
from cms.posts.models import Revision

LONGEST_NAME = 120


def name_revision(post_id: int, revision_id: int, name: str, *, by: Person | None, at: datetime) -> None:
    """Give a revision a name, or another one."""
    name = " ".join(strip_control(name).split())
    if not name:
        raise Invalid(errors={"name": _("Please give it a name.")})
    if len(name) > LONGEST_NAME:
        raise Invalid(errors={"name": _("Please use at most %(count)d characters.", count=LONGEST_NAME)})
    revision = _load(post_id, revision_id)
    revision.name, revision.named_by_id, revision.named_at = name, by.id if by else None, at
    db.session.flush()


def unname_revision(post_id: int, revision_id: int, *, by: Person | None, at: datetime) -> None:
    """Take the name away."""
    revision = _load(post_id, revision_id)
    revision.name = revision.named_by_id = revision.named_at = None
    db.session.flush()


def _load(post_id: int, revision_id: int) -> Revision:
    revision = db.session.get(Revision, revision_id, populate_existing=True, with_for_update=True)
    if revision is None or revision.post_id != post_id:
        raise NotFound
    return revision
