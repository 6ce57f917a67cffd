"""What becomes of a blog when its owner is erased."""

from sqlalchemy import delete, select

from cms.blogs.models import Blog, Pitch
from cms.core.database import db
from cms.people.events import PersonErased
from cms.posts import services as posts
from cms.posts.models import Post


def hear_erased(fact: PersonErased) -> None:
    """Somebody is erased: handler. What never went out goes; what did goes when its writer says so, except what the main
    site took over or features. A blog with nothing left is gone, else it is closed and says nothing of its owner."""
    blog = db.session.scalar(select(Blog).where(Blog.person_id == fact.person_id))
    if blog is None:
        return
    taken_over = set(
        db.session.scalars(select(Pitch.post_id).where(Pitch.blog_id == blog.id, Pitch.state == "accepted"))
    )
    stays = bool(taken_over)
    for post in db.session.scalars(select(Post).where(Post.blog_id == blog.id).order_by(Post.id)).all():
        was_out = post.first_published_at is not None
        if was_out and (not fact.with_texts or post.id in taken_over or post.featured_at is not None):
            stays = True
            continue
        posts.erase_post(post.id, at=fact.at)
    if not stays:
        db.session.execute(delete(Blog).where(Blog.id == blog.id))
        db.session.expunge(blog)
        return
    blog.title, blog.about, blog.wish, blog.reason = fact.left_as[:120], "", "", ""
    blog.decided_by_id = None
    blog.state_at = fact.at
    blog.state = "closed" if blog.opened_at is not None else "refused"
    db.session.flush()
