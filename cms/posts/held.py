"""What this room holds about somebody; see `cms.people.held`."""

from sqlalchemy import select

from cms.people.held import Held
from cms.posts.models import Byline, Post, Revision

HELD = [
    Held(  # those they are credited on, as they stand now, in the trash too
        "posts",
        lambda who: (
            select(
                Post.id,
                Post.kind,
                Post.slug,
                Byline.role,
                Post.language,
                Revision.title,
                Revision.summary,
                Revision.body,
                Post.created_at,
                Post.first_published_at,
                Post.trashed_at,
            )
            .join(Byline, Byline.post_id == Post.id)
            .join(Revision, Revision.id == Post.latest_revision_id)
            .where(Byline.person_id == who)
            .order_by(Post.id)
        ),
    ),
]
