"""The trash: nothing is lost for thirty days."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete

from cms.core.database import db
from cms.core.errors import Conflict
from cms.media import services as media
from cms.people import audit
from cms.people.models import Person
from cms.posts.models import Post
from cms.posts.services.loading import load
from cms.posts.services.publishing import clear_removal, hide, note

KEPT_FOR = timedelta(days=30)


def trash_post(post_id: int, *, by: Person | None, at: datetime) -> None:
    """Put a post in the trash, off every page. Its text, credits, tags and addresses stay with it.

    What is planned for it stays too, and is seen as missed when its time comes.
    """
    post = load(post_id)
    if post.is_live:
        hide(post, at=at)
    clear_removal(post)
    post.trashed_at = post.edited_at = at
    note(post, "post.trashed", by=by, at=at)
    db.session.flush()


def restore_post(post_id: int, *, by: Person | None, at: datetime) -> None:
    """Take a post out of the trash. It comes back as a draft: nothing goes live by itself."""
    post = load(post_id, in_trash=True)
    if post.trashed_at is None:
        return
    post.trashed_at = None
    post.edited_at = at
    if post.due_at is not None and post.due_problem is None:
        post.due_problem = _("It was in the trash. Plan it again if this is still wanted.")
    db.session.flush()


def purge_post(post_id: int, *, by: Person | None, at: datetime) -> None:
    """Remove a post for good, and everything that hangs on it. Only what is in the trash can be removed."""
    post = load(post_id, in_trash=True)
    if post.trashed_at is None:
        raise Conflict
    media.attach([], holder=f"post:{post_id}")
    audit.record("post.purged", f"post:{post_id}", by=by, at=at)
    db.session.expunge(post)
    db.session.execute(delete(Post).where(Post.id == post_id).execution_options(synchronize_session=False))
