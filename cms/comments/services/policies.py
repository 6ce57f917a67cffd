"""Who may comment below a subject, and how long."""

from flask_babel import gettext as _

from cms.comments.models import POLICIES, CommentPolicy
from cms.comments.subjects import find_subject
from cms.core.database import db
from cms.core.errors import Invalid
from cms.core.pagecache import touch

MOST_DAYS = 3650


def set_policy(kind: str, subject_id: int, *, policy: str, closes_after_days: int | None) -> bool:
    """Keep who may comment; says whether that is something else than before."""
    if policy not in POLICIES:
        raise Invalid(errors={"comments": _("Please choose who may comment from the list.")})
    if closes_after_days is not None and not 1 <= closes_after_days <= MOST_DAYS:
        raise Invalid(errors={"comments_close": _("Please give from 1 to 3,650 days, or leave it empty.")})
    row = db.session.get(CommentPolicy, (kind, subject_id))
    if row is not None and (row.policy, row.closes_after_days) == (policy, closes_after_days):
        return False
    if row is None:
        row = CommentPolicy(subject_kind=kind, subject_id=subject_id)
        db.session.add(row)
    row.policy, row.closes_after_days = policy, closes_after_days
    db.session.flush()
    subject = find_subject(kind, subject_id)
    touch("comments", f"comments:{kind}:{subject_id}", *(subject.tags if subject else ()))
    return True
