"""The trash: nothing is lost for thirty days."""

from datetime import datetime

from sqlalchemy import delete

from cms.core.database import db
from cms.core.errors import Conflict
from cms.media import services as media
from cms.people import audit
from cms.people.models import Person
from cms.posts.models import Post
from cms.posts.services.loading import load
from cms.posts.services.publishing import clear_schedule, hide, note


def trash_post(post_id: int, *, by: Person | None, at: datetime) -> None:
    """Put a post in the trash, off every page. Its text, credits, tags and addresses stay with it."""
    post = load(post_id)
    if post.is_live:
        hide(post, at=at)
    clear_schedule(post)
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
