"""What happens to posts when a tag gives way to another one."""

from sqlalchemy import delete, select, update

from cms.core.database import db
from cms.core.pagecache import touch
from cms.posts.models import Post, PostTag
from cms.topics.events import TagMerged


def replace_merged_tag(fact: TagMerged) -> None:
    """Let every post that carries the tag that goes carry the one that stays, once."""
    tag_id, into_id = fact.tag_id, fact.into_id
    ids = db.session.scalars(select(PostTag.post_id).where(PostTag.tag_id == tag_id)).all()
    carries_both = select(PostTag.post_id).where(PostTag.tag_id == into_id)
    quietly = {"synchronize_session": False}
    db.session.execute(
        delete(PostTag).where(PostTag.tag_id == tag_id, PostTag.post_id.in_(carries_both)),
        execution_options=quietly,
    )
    db.session.execute(
        update(PostTag).where(PostTag.tag_id == tag_id).values(tag_id=into_id), execution_options=quietly
    )
    live = db.session.scalars(select(Post.id).where(Post.id.in_(ids), Post.live_revision_id.is_not(None)))
    touch(*(f"post:{one}" for one in live))
