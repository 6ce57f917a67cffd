"""Editors show a blog's post in the main lists. What they looked at is what stays there: see `writing.publish_text`."""

from datetime import datetime

from sqlalchemy import select

from cms.blogs.services.problems import NotShown
from cms.core.database import db
from cms.core.errors import NotFound
from cms.notices.services import notify
from cms.people import audit
from cms.people.models import Person
from cms.posts.models import Post, Revision
from cms.posts.services import effects
from cms.posts.services.loading import load


def feature_post(post_id: int, *, by: Person, at: datetime) -> None:
    """Show it on the home page and in the main lists too."""
    post = load(post_id)
    if post.blog_id is None:
        raise NotFound
    if not post.is_live:
        raise NotShown
    if post.featured_at is not None:
        return
    set_featured(post, at, at=at)
    audit.record("blog.featured", f"post:{post_id}", by=by, at=at)
    to = [one.person_id for one in post.bylines]
    notify("blog.featured", to=to, subject=f"post:{post_id}", by=by, at=at, detail=named(post))


def unfeature_post(post_id: int, *, by: Person, at: datetime) -> None:
    """Leave it to its blog again."""
    post = load(post_id)
    if post.featured_at is None:
        return
    set_featured(post, None, at=at)
    audit.record("blog.unfeatured", f"post:{post_id}", by=by, at=at)


def set_featured(post: Post, since: datetime | None, *, at: datetime) -> None:
    """For a loaded post: the main lists hold it from now on, or hold it no more."""
    before, linking = effects.shown_on(post), effects.linking_to(post)
    post.featured_at = since
    effects.moved_between_lists(post, before=before, linking=linking, at=at)


def named(post: Post) -> dict[str, object]:
    """What notices about a post need: how it is called."""
    words = select(Revision.title, Revision.beginning).where(Revision.id == post.latest_revision_id)
    title, beginning = db.session.execute(words).one()
    return {"title": title or beginning[:60]}
