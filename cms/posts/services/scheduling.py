"""Publishing later: the instant, and the wall time and zone it was given in, bound to one revision and to what was
live when it was planned. `firing` does it when the time has come."""

from datetime import datetime

from flask_babel import gettext as _

from cms.core.database import db
from cms.core.errors import Invalid
from cms.people.models import Person
from cms.posts.models import Post, Revision
from cms.posts.services.embargoes import refuse_before_embargo
from cms.posts.services.loading import load, load_revision
from cms.posts.services.moments import instant_to_come, spoken
from cms.posts.services.problems import AlreadyPublished, LiveChanged, NotScheduled
from cms.posts.services.publishing import check_ready, clear_schedule, note, refuse_blocked
from cms.posts.services.releases import refuse_released


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

    Refuses a time that is past, that does not exist, or that contradicts an embargo or a planned end, and asks
    (`walltime.AmbiguousTime`) about one that comes twice. A live post stays as it is until then. Scheduling again
    replaces the earlier choice, on top of what is live now.
    """
    due_at = instant_to_come(wall, zone, which=which, at=at)
    post = load(post_id)
    revision = load_revision(post, revision_id)
    if post.live_revision_id == revision.id:
        raise AlreadyPublished
    _plan(post, revision, due_at, wall=wall, zone=zone, by=by, at=at)
    post.due_base_revision_id = post.live_revision_id
    db.session.flush()
    return due_at


def move_schedule(
    post_id: int, *, wall: str, zone: str, by: Person | None, at: datetime, which: int | None = None
) -> datetime:
    """Give a planned text another time; which text, and on top of what, stays as planned (see `schedule_post`)."""
    due_at = instant_to_come(wall, zone, which=which, at=at)
    post = load(post_id)
    if post.due_at is None:
        raise NotScheduled
    if post.due_base_revision_id != post.live_revision_id:
        raise LiveChanged
    _plan(post, load_revision(post, post.due_revision_id), due_at, wall=wall, zone=zone, by=by, at=at)
    db.session.flush()
    return due_at


def cancel_schedule(post_id: int, *, by: Person | None, at: datetime) -> None:
    """Call a planned publication off, also one that was missed or waits in the trash."""
    post = load(post_id, in_trash=True)
    if post.due_at is None:
        raise NotScheduled
    clear_schedule(post)
    post.edited_at = at
    note(post, "post.unscheduled", by=by, at=at)
    db.session.flush()


def _plan(
    post: Post, revision: Revision, due_at: datetime, *, wall: str, zone: str, by: Person | None, at: datetime
) -> None:
    check_ready(post, revision)
    refuse_released(post.id)
    refuse_before_embargo(post, due_at)
    _refuse_after_end(post, due_at)
    refuse_blocked(post, revision, by=by, at=due_at)
    post.due_at, post.due_wall, post.due_zone = due_at, wall[:16], zone
    post.due_revision_id, post.due_problem, post.due_tries = revision.id, None, 0
    post.due_by_id = by.id if by else None
    post.edited_at = at
    note(post, "post.scheduled", by=by, at=at, due=due_at.isoformat(), zone=zone)


def _refuse_after_end(post: Post, due_at: datetime) -> None:
    if post.removal_at is not None and post.removal_problem is None and due_at >= post.removal_at:
        when = spoken(post.removal_wall, post.removal_zone)
        sentence = _("It is to be taken down on %(when)s, before that. Move its end first.", when=when)
        raise Invalid(errors={"wall": sentence})
