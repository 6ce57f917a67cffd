"""Reading blogs, the texts in them, and what is pitched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_
from sqlalchemy.orm import defer, joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from cms.blogs.models import Blog, Pitch
from cms.core.database import Instant, db
from cms.core.errors import NotFound
from cms.core.paging import Key
from cms.people.models import Person
from cms.posts.models import Byline, Post, PostTag, Revision
from cms.posts.queries import visible_to

PAGE = 30


@dataclass(frozen=True)
class BlogPost:
    """A text of somebody's blog, with the blog: also one that the main blog has taken over since."""

    post: Post
    blog: Blog


def find_blog_of(person_id: int) -> Blog | None:
    """Somebody's blog, in whatever state."""
    return db.session.scalar(
        select(Blog).where(Blog.person_id == person_id).options(joinedload(Blog.decided_by))
    )


def get_blog(blog_id: int) -> Blog:
    """One blog with whose it is."""
    blog = db.session.scalar(
        select(Blog)
        .where(Blog.id == blog_id)
        .options(joinedload(Blog.person), joinedload(Blog.decided_by))
        .execution_options(populate_existing=True)
    )
    if blog is None:
        raise NotFound
    return blog


def get_blog_post(post_id: int) -> BlogPost:
    """A text of a blog, outside the trash, with its newest and its live text."""
    post = db.session.scalar(
        select(Post)
        .where(Post.id == post_id, Post.trashed_at.is_(None))
        .options(
            joinedload(Post.latest).selectinload(Revision.media),
            joinedload(Post.latest).joinedload(Revision.saved_by),
            joinedload(Post.live).load_only(Revision.id, Revision.content_hash),
            selectinload(Post.tags).joinedload(PostTag.tag),
            selectinload(Post.bylines),
        )
        .execution_options(populate_existing=True)
    )
    if post is None:
        raise NotFound
    blog_id = post.blog_id or post.from_blog_id
    if blog_id is None:
        raise NotFound
    return BlogPost(post, get_blog(blog_id))


def texts_of(blog_id: int, *, limit: int = 200) -> Sequence[Post]:
    """The texts of a blog and those that the main blog took over, last edited first."""
    here, taken = (select(Post.id).where(column == blog_id) for column in (Post.blog_id, Post.from_blog_id))
    query = (
        select(Post).where(Post.id.in_(here.union(taken)), Post.trashed_at.is_(None)).options(*_in_brief())
    )
    return db.session.scalars(query.order_by(Post.edited_at.desc(), Post.id.desc()).limit(limit)).all()


def blogs(state: str | None = None, *, before: Key | None = None, limit: int = PAGE) -> Sequence[Blog]:
    """Blogs in a state, last changed first; applications first come first served."""
    query = select(Blog).options(joinedload(Blog.person))
    if state is not None:
        query = query.where(Blog.state == state)
    if before is not None:
        query = query.where(tuple_(Blog.state_at, Blog.id) < tuple_(*_place(before)))
    if state == "applied":
        return db.session.scalars(query.order_by(Blog.state_at, Blog.id).limit(limit)).all()
    return db.session.scalars(query.order_by(Blog.state_at.desc(), Blog.id.desc()).limit(limit)).all()


def count_waiting() -> tuple[int, int]:
    """How many applications, and how many pitches, wait for an editor."""
    applied = select(func.count()).select_from(Blog).where(Blog.state == "applied").scalar_subquery()
    pitched = select(func.count()).select_from(Pitch).where(Pitch.state == "waiting").scalar_subquery()
    row = db.session.execute(select(applied, pitched)).one()
    return int(row[0]), int(row[1])


def newest_posts(*, before: Key | None = None, limit: int = PAGE) -> Sequence[Post]:
    """What readers see in all blogs, last published first, for editors to choose from."""
    query = select(Post).where(Post.blog_id.is_not(None), visible_to(None, None))
    if before is not None:
        query = query.where(tuple_(Post.published_at, Post.id) < tuple_(*_place(before)))
    query = query.order_by(Post.published_at.desc(), Post.id.desc()).limit(limit)
    return db.session.scalars(query.options(*_in_brief())).all()


def get_pitch(pitch_id: int) -> Pitch:
    """One pitch with its post and blog."""
    pitch = db.session.scalar(
        _pitches().where(Pitch.id == pitch_id).execution_options(populate_existing=True)
    )
    if pitch is None:
        raise NotFound
    return pitch


def find_pitch(post_id: int, state: str | None = None) -> Pitch | None:
    """The last pitch of a post, or the last in a state."""
    query = _pitches().where(Pitch.post_id == post_id)
    if state is not None:
        query = query.where(Pitch.state == state)
    return db.session.scalar(query.order_by(Pitch.id.desc()).limit(1))


def pitches(state: str = "waiting", *, before: int | None = None, limit: int = PAGE) -> Sequence[Pitch]:
    """Pitches in a state: those that wait first come first served, the others last first."""
    query = _pitches().where(Pitch.state == state)
    if before is not None:
        query = query.where(Pitch.id < before)
    order = Pitch.id if state == "waiting" else Pitch.id.desc()
    return db.session.scalars(query.order_by(order).limit(limit)).all()


def pitches_of(post_ids: Sequence[int]) -> dict[int, Pitch]:
    """The last pitch of each of these posts."""
    rows = db.session.scalars(select(Pitch).where(Pitch.post_id.in_(post_ids)).order_by(Pitch.id))
    return {one.post_id: one for one in rows}


def open_blog_of(person_id: int) -> Blog | None:
    """What readers see of somebody's blog: one that is open, or was closed with its texts still there."""
    return db.session.scalar(
        select(Blog).where(Blog.person_id == person_id, Blog.state.in_(("open", "closed")))
    )


def _pitches() -> Select[Pitch]:
    return select(Pitch).options(
        joinedload(Pitch.post).options(*_in_brief()),
        joinedload(Pitch.blog).joinedload(Blog.person),
        joinedload(Pitch.decided_by),
        joinedload(Pitch.revision).options(*_short()),
    )


def _in_brief() -> tuple[_AbstractLoad, ...]:
    return (
        joinedload(Post.latest).options(*_short()),
        selectinload(Post.bylines).joinedload(Byline.person).load_only(Person.name, Person.handle),
    )


def _short() -> tuple[_AbstractLoad, ...]:
    long = (Revision.body, Revision.html, Revision.plain, Revision.transcript, Revision.transcript_html)
    return tuple(defer(column, raiseload=True) for column in long)


def _place(before: Key) -> tuple[ColumnElement[datetime], ColumnElement[int]]:
    return literal(before[0], Instant()), literal(before[1])
