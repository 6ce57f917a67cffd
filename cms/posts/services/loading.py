"""Reading what is about to be changed, inside the transaction and locked against another writer."""

from sqlalchemy.orm import selectinload

from cms.core.database import db
from cms.core.errors import NotFound
from cms.posts.models import Post, Revision
from cms.posts.services.problems import ChangedMeanwhile, InTrash


def load(post_id: int, *, expected_version: int | None = None, in_trash: bool = False) -> Post:
    """The post with its credits and tags, fresh; refuses one that changed since the caller read it, or is trash."""
    post = db.session.get(
        Post,
        post_id,
        options=[selectinload(Post.bylines), selectinload(Post.tags)],
        populate_existing=True,
        with_for_update={"of": Post},
    )
    if post is None:
        raise NotFound
    if expected_version is not None and post.version != expected_version:
        raise ChangedMeanwhile
    if post.trashed_at is not None and not in_trash:
        raise InTrash
    return post


def expect_version(post_id: int, version: int) -> None:
    """Refuse (`ChangedMeanwhile`) unless the post is as the caller read it; nobody changes it until the commit."""
    load(post_id, expected_version=version, in_trash=True)


def load_revision(post: Post, revision_id: int | None) -> Revision:
    """One revision of this post, by default the latest, with its files."""
    revision = db.session.get(
        Revision,
        revision_id or post.latest_revision_id,
        options=[selectinload(Revision.media)],
        populate_existing=True,  # else a revision read before, without its files, is given back without them
    )
    if revision is None or revision.post_id != post.id:
        raise NotFound
    return revision
