"""Who is told about what time did to a post. The kinds of notice are in `cms.posts.news`."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from cms.core.database import db
from cms.notices.services import notify
from cms.people.models import STAFF, Person
from cms.posts.models import Byline, Post, Release, Revision


def tell_missed(post_id: int, *, planned_by_id: int | None, at: datetime) -> None:
    """Something planned did not happen: whoever planned it, and the staff who are credited."""
    _tell("post.missed", post_id, {planned_by_id, *_credited_staff(post_id)}, by=None, at=at)


def tell_release_missed(release_id: int, *, at: datetime) -> None:
    """A release did not go out: whoever planned it, and whoever began it."""
    name, *people = db.session.execute(
        select(Release.name, Release.due_by_id, Release.created_by_id).where(Release.id == release_id)
    ).one()
    to = sorted({one for one in people if one is not None})
    if to:
        notify(
            "release.missed", to=to, subject=f"release:{release_id}", by=None, at=at, detail={"name": name}
        )


def tell_published(post_id: int, *, by: Person | None, at: datetime) -> None:
    """Somebody (`by`) let a post go live: those who wrote it."""
    _tell("post.published", post_id, _credited_staff(post_id), by=by, at=at)


def tell_lifted(post: Post, *, by: Person | None, at: datetime) -> None:
    """An embargo was lifted before its time: whoever set it, and the staff who are credited."""
    _tell("embargo.lifted", post.id, {post.created_by_id, *_credited_staff(post.id)}, by=by, at=at)


def _tell(kind: str, post_id: int, to: Iterable[int | None], *, by: Person | None, at: datetime) -> None:
    people = sorted({one for one in to if one is not None})
    if people:
        detail = {"title": _title(post_id), "post": post_id}
        notify(kind, to=people, subject=f"post:{post_id}", by=by, at=at, detail=detail)


def _credited_staff(post_id: int) -> set[int]:
    active = (Person.role.in_(STAFF), Person.disabled_at.is_(None))
    return set(
        db.session.scalars(select(Person.id).join(Byline).where(Byline.post_id == post_id, *active)).all()
    )


def _title(post_id: int) -> str:
    latest = select(Revision.title, Revision.beginning).join(Post, Post.latest_revision_id == Revision.id)
    title, beginning = db.session.execute(latest.where(Post.id == post_id)).one()
    return title or beginning[:60]
