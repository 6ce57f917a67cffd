"""What becomes of posts when somebody who is credited is erased: they stay, and name the empty place."""

from datetime import datetime

from sqlalchemy import select

from cms.core.database import db
from cms.core.pagecache import touch
from cms.people.events import PersonErased
from cms.posts.models import Byline
from cms.posts.services.loading import load
from cms.posts.services.trash import purge_post, trash_post


def hear_erased(fact: PersonErased) -> None:
    """Somebody is erased: handler. Kept pages that name them are dropped."""
    mine = select(Byline.post_id).where(Byline.person_id == fact.person_id, Byline.live_at.is_not(None))
    touch(*(f"post:{one}" for one in db.session.scalars(mine)))


def erase_post(post_id: int, *, at: datetime) -> None:
    """Remove a post for good, wherever it is: its writer is erased and takes it along."""
    if load(post_id, in_trash=True).trashed_at is None:
        trash_post(post_id, by=None, at=at)
    purge_post(post_id, by=None, at=at)
