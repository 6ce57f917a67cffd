"""The public log of what was wrong in a post: what changed, when and why.

A correction waits for the text it came with, or stands at once. For ten minutes after readers can see it, a slip of
its own can be mended; then it stays as it is, and is amended by another.
"""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from cms.core.database import db
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.text import strip_control
from cms.people import audit
from cms.people.models import Person
from cms.posts.models import Correction, Post, Revision
from cms.posts.services import effects
from cms.posts.services.loading import load, load_revision
from cms.posts.services.problems import NeverRead

MENDED_FOR = timedelta(minutes=10)
LONGEST = 1_000


def add_correction(
    post_id: int,
    *,
    changed: str,
    reason: str,
    by: Person | None,
    at: datetime,
    waits: bool = False,
    amends_id: int | None = None,
) -> Correction:
    """Say what was wrong and is right now. With `waits` it is shown when the latest text goes live."""
    changed, reason = _checked(changed, reason)
    post = load(post_id)
    if post.first_published_at is None:
        raise NeverRead
    if amends_id is not None:
        _refuse_amending(post, amends_id)
    revision = load_revision(post, None if waits else post.live_revision_id)
    if revision.id == post.live_revision_id:
        waits = False
    correction = Correction(
        post_id=post.id,
        revision_id=revision.id,
        amends_id=amends_id,
        changed=changed,
        reason=reason,
        at=None if waits else at,
        written_at=at,
        by_id=by.id if by else None,
    )
    db.session.add(correction)
    db.session.flush()
    audit.record("post.corrected", f"post:{post.id}", by=by, at=at, detail={"correction": correction.id})
    if correction.at is not None:
        _shown(post, at=at)
    return correction


def change_correction(
    correction_id: int, *, changed: str, reason: str, by: Person | None, at: datetime
) -> None:
    """Mend what was just written; refused once readers could see it for ten minutes."""
    changed, reason = _checked(changed, reason)
    correction = _load(correction_id, at=at)
    correction.changed, correction.reason = changed, reason
    post = load(correction.post_id)
    if correction.at is not None:
        _shown(post, at=at)
    db.session.flush()


def remove_correction(correction_id: int, *, by: Person | None, at: datetime) -> None:
    """Take a correction back that waits for its text: nobody has read it."""
    correction = _load(correction_id, at=at)
    if correction.at is not None:
        raise Conflict(_("Readers could see this correction already. Add another one that amends it."))
    db.session.delete(correction)
    db.session.flush()


def show_waiting(post: Post, revision: Revision, *, at: datetime) -> None:
    """Readers see this text now: so they see what waited for it, or for an older one, too."""
    older = select(Revision.id).where(Revision.post_id == post.id, Revision.number <= revision.number)
    waiting = select(Correction).where(
        Correction.post_id == post.id, Correction.at.is_(None), Correction.revision_id.in_(older)
    )
    for correction in db.session.scalars(waiting):
        correction.at = post.corrected_at = at


def can_be_mended(correction: Correction, at: datetime) -> bool:
    """Whether its words may still change."""
    return correction.at is None or at < correction.at + MENDED_FOR


def _load(correction_id: int, *, at: datetime) -> Correction:
    correction = db.session.get(Correction, correction_id, populate_existing=True, with_for_update=True)
    if correction is None:
        raise NotFound
    if not can_be_mended(correction, at):
        raise Conflict(_("This correction is older than ten minutes. Add another one that amends it."))
    return correction


def _checked(changed: str, reason: str) -> tuple[str, str]:
    changed, reason = (" ".join(strip_control(one).split()) for one in (changed, reason))
    errors = {}
    if not changed:
        errors["changed"] = _("Please say what was wrong and is right now.")
    for name, text in (("changed", changed), ("reason", reason)):
        if len(text) > LONGEST:
            errors[name] = _("Please use at most %(count)d characters.") % {"count": LONGEST}
    if errors:
        raise Invalid(errors=errors)
    return changed, reason


def _refuse_amending(post: Post, amends_id: int) -> None:
    amended = db.session.get(Correction, amends_id)
    if amended is None or amended.post_id != post.id or amended.at is None:
        raise NotFound


def _shown(post: Post, *, at: datetime) -> None:
    post.corrected_at = at
    if post.is_live:
        effects.changed_live(post, before=effects.shown_on(post), at=at)
