"""Publishing later: the instant, and the wall time and zone it was given in, bound to one revision."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update

from cms.core import walltime
from cms.core.database import db
from cms.core.errors import Invalid
from cms.people.models import Person
from cms.posts.models import Post, Revision
from cms.posts.services.loading import load, load_revision
from cms.posts.services.problems import AlreadyPublished, NotScheduled
from cms.posts.services.publishing import check_ready, clear_schedule, publish_post


def schedule_post(
    post_id: int,
    *,
    wall: str,
    zone: str,
    by: Person | None,
    at: datetime,
    which: int | None = None,
    revision_id: int | None = None,
) -> datetime:
    """Publish a revision, by default the latest, when clocks in `zone` show `wall` (`2026-12-01T09:30`).

    Refuses a time that is past or that does not exist, and asks (`walltime.AmbiguousTime`) about one that comes
    twice. A live post stays as it is until then. Scheduling again replaces the earlier choice.
    """
    due_at = walltime.instant(wall, zone, which=which)
    if due_at <= at:
        raise Invalid(errors={"wall": _("This time has passed. To publish now, use the other button.")})
    post = load(post_id)
    revision = load_revision(post, revision_id)
    if post.live_revision_id == revision.id:
        raise AlreadyPublished
    check_ready(post, revision)
    post.due_at, post.due_wall, post.due_zone = due_at, wall[:16], zone
    post.due_revision_id, post.due_problem = revision.id, None
    post.due_by_id = by.id if by else None
    post.edited_at = at
    db.session.flush()
    return due_at


def cancel_schedule(post_id: int, *, by: Person | None, at: datetime) -> None:
    """Call a planned publication off, also one that was missed."""
    post = load(post_id)
    if post.due_at is None:
        raise NotScheduled
    clear_schedule(post)
    post.edited_at = at
    db.session.flush()


def publish_if_due(post_id: int, *, at: datetime) -> bool:
    """Publish a post whose time has come; False when it is not due, or another worker was faster.

    The claim is a conditional update in the same transaction as the publication: both happen, once, or neither.
    """
    wanted = db.session.execute(
        select(Post.due_at, Post.due_revision_id).where(
            Post.id == post_id, Post.due_at <= at, Post.due_problem.is_(None)
        )
    ).one_or_none()
    if wanted is None:
        return False
    claimed = db.session.execute(
        update(Post)
        .where(Post.id == post_id, Post.due_at == wanted.due_at, Post.due_problem.is_(None))
        .values(due_at=None, due_wall=None, due_zone=None, due_by_id=None)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return False
    _refuse_older_than_live(post_id, wanted.due_revision_id)
    publish_post(post_id, revision_id=wanted.due_revision_id, by=None, at=at)
    return True


def note_missed(post_id: int, *, why: str) -> None:
    """Take a publication that cannot happen out of the queue, and say why on the desk."""
    db.session.execute(
        update(Post)
        .where(Post.id == post_id, Post.due_at.is_not(None))
        .values(due_problem=why[:300])
        .execution_options(synchronize_session=False)
    )


def _refuse_older_than_live(post_id: int, revision_id: int) -> None:
    live = select(Revision.number).join(Post, Post.live_revision_id == Revision.id).where(Post.id == post_id)
    due = select(Revision.number).where(Revision.id == revision_id)
    live_number, due_number = db.session.scalar(live), db.session.scalars(due).one()
    if live_number is not None and live_number > due_number:
        raise Invalid(
            _("A newer text was published in the meantime. Please schedule again if this is still wanted.")
        )
