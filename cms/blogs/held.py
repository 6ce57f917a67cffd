"""What this room holds about somebody; see `cms.people.held`."""

from sqlalchemy import select

from cms.blogs.models import Blog, Pitch
from cms.people.held import Held

HELD = [
    Held(
        "blog",
        lambda who: select(
            Blog.title,
            Blog.about,
            Blog.language,
            Blog.state,
            Blog.wish,
            Blog.reason,
            Blog.applied_at,
            Blog.opened_at,
        ).where(Blog.person_id == who),
    ),
    Held(
        "blog_pitches",
        lambda who: (
            select(Pitch.post_id, Pitch.words, Pitch.state, Pitch.reason, Pitch.pitched_at)
            .join(Blog, Blog.id == Pitch.blog_id)
            .where(Blog.person_id == who)
            .order_by(Pitch.id)
        ),
    ),
]
