"""What the worker does when a time has come: once, or not at all and with the reason.

A claim is a conditional update in the same transaction as what follows from it, so that of two workers one finds
nothing left to do, and a crash leaves the row as it was. What stands in the way raises a `Problem`; the job then
takes the row out of the queue with its sentence.
"""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update

from cms.core.database import db
from cms.core.errors import Conflict
from cms.people.models import Person
from cms.posts import rules
from cms.posts.models import Post, Revision
from cms.posts.services.loading import load
from cms.posts.services.problems import LiveChanged, NothingToEnd
from cms.posts.services.publishing import clear_removal, hide, publish_post
from cms.posts.services.telling import tell_missed, tell_published

_QUIETLY = {"synchronize_session": False}


def publish_if_due(post_id: int, *, at: datetime) -> bool:
    """Publish a post whose time has come; False when it is not due, or another worker was faster.

    Stops (`Problem`) when readers see something else than when this was planned, when the post is in the trash, when
    whoever planned it may not publish any more, and for everything that stops `publish_post`.
    """
    wanted = db.session.execute(
        select(Post.due_at, Post.due_revision_id, Post.due_base_revision_id, Post.due_by_id).where(
            Post.id == post_id, Post.due_at <= at, Post.due_problem.is_(None)
        )
    ).one_or_none()
    if wanted is None:
        return False
    claimed = db.session.execute(
        update(Post)
        .where(Post.id == post_id, Post.due_at == wanted.due_at, Post.due_problem.is_(None))
        .values(due_at=None, due_wall=None, due_zone=None, due_by_id=None),
        execution_options=_QUIETLY,
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return False
    planner = db.session.get(Person, wanted.due_by_id) if wanted.due_by_id else None
    refuse_trashed(post_id)
    refuse_changed(post_id, wanted.due_base_revision_id)
    if wanted.due_by_id is not None:
        refuse_without_right(planner)
    publish_post(post_id, revision_id=wanted.due_revision_id, by=None, at=at)
    if wanted.due_base_revision_id is None:
        tell_published(post_id, by=planner, at=at)
    return True


def take_down_if_due(post_id: int, *, at: datetime) -> bool:
    """Take down a post whose end has come; False when it has not, or another worker was faster.

    Who planned it does not matter any more: an end is often owed to somebody, and can be undone.
    """
    claimed = db.session.execute(
        update(Post)
        .where(Post.id == post_id, Post.removal_at <= at, Post.removal_problem.is_(None))
        .values(removal_at=None),
        execution_options=_QUIETLY,
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return False
    post = load(post_id)
    if not post.is_live:
        raise NothingToEnd(_("It was not published when its end came."))
    clear_removal(post)
    hide(post, at=at)
    return True


def note_missed(post_id: int, *, why: str, at: datetime) -> None:
    """Take a publication that cannot happen out of the queue, say why on the desk, and tell those concerned."""
    noted = update(Post).where(Post.id == post_id, Post.due_at.is_not(None), Post.due_problem.is_(None))
    done = db.session.execute(noted.values(due_problem=why[:300]), execution_options=_QUIETLY)
    if done.rowcount == 1:  # type: ignore[attr-defined]
        by_id = db.session.scalar(select(Post.due_by_id).where(Post.id == post_id))
        tell_missed(post_id, planned_by_id=by_id, at=at)


def note_removal_missed(post_id: int, *, why: str, at: datetime) -> None:
    """The same for an end of publication."""
    noted = update(Post).where(
        Post.id == post_id, Post.removal_at.is_not(None), Post.removal_problem.is_(None)
    )
    done = db.session.execute(noted.values(removal_problem=why[:300]), execution_options=_QUIETLY)
    if done.rowcount == 1:  # type: ignore[attr-defined]
        by_id = db.session.scalar(select(Post.removal_by_id).where(Post.id == post_id))
        tell_missed(post_id, planned_by_id=by_id, at=at)


def refuse_trashed(post_id: int) -> None:
    """Stop when the post was thrown away."""
    if db.session.scalar(select(Post.trashed_at).where(Post.id == post_id)) is not None:
        raise Conflict(_("It was in the trash when its time came."))


def refuse_changed(post_id: int, base_revision_id: int | None) -> None:
    """Stop when readers do not see what they saw when the change was planned, and say since when and by whom."""
    live_id, changed_at = db.session.execute(
        select(Post.live_revision_id, Post.updated_at).where(Post.id == post_id)
    ).one()
    if live_id == base_revision_id:
        return
    if live_id is None:
        raise LiveChanged(_("It was taken down after this was planned."))
    writer = select(Person.name).join(Revision, Revision.saved_by_id == Person.id)
    who = db.session.scalar(writer.where(Revision.id == live_id))
    when = f"{changed_at:%Y-%m-%d %H:%M} UTC"
    if who is None:
        raise LiveChanged(_("The live text changed at %(when)s, after this was planned.", when=when))
    raise LiveChanged(
        _("The live text changed at %(when)s, after this was planned; it is by %(who)s.", when=when, who=who)
    )


def refuse_without_right(planner: Person | None) -> None:
    """Stop when whoever planned this may not publish any more: then somebody who may must decide again."""
    if not rules.can_publish(planner):
        name = planner.name if planner else "?"
        raise Conflict(
            _("%(who)s planned this, but may not publish any more. Please decide again.", who=name)
        )
