"""What follows from a change that readers see: kept copies go stale, lists of people and tags stay in step, and
the change is announced. The one place that does so for posts."""

from datetime import datetime

from sqlalchemy import select

from cms.core.database import db
from cms.core.pagecache import touch
from cms.core.seams import announce
from cms.posts import queries
from cms.posts.events import LivePostChanged, PostPublished, PostTakenDown
from cms.posts.models import Byline, Post, PostTag


def shown_on(post: Post) -> set[str]:
    """Names of everything whose pages show this post now."""
    places = {"posts", f"post:{post.id}"}
    if post.section_id is not None:
        places.add(f"section:{post.section_id}")
    places.update(f"tag:{one.tag_id}" for one in post.tags)
    places.update(f"person:{one.person_id}" for one in post.bylines)
    return places


def went_live(post: Post, *, is_first: bool, at: datetime) -> None:
    """Readers see the post, who did not before."""
    _in_step(post)
    _touch(post, shown_on(post))
    announce(PostPublished(post_id=post.id, at=at, is_first=is_first))


def changed_live(post: Post, *, before: set[str], at: datetime) -> None:
    """Readers see something else than before; `before` is what `shown_on` said then."""
    post.updated_at = at
    _in_step(post)
    _touch(post, before | shown_on(post))
    announce(LivePostChanged(post_id=post.id, at=at))


def moved_between_lists(post: Post, *, before: set[str], linking: set[int], at: datetime) -> None:
    """The main lists hold a live post that they did not hold, or hold it no more; its text and times are as they were.
    `before` and `linking` are what `shown_on` and `linking_to` said then."""
    db.session.flush()
    if post.is_live:
        touch(*sorted(before | shown_on(post) | {f"post:{one}" for one in linking | linking_to(post)}))
        announce(LivePostChanged(post_id=post.id, at=at))


def linking_to(post: Post) -> set[int]:
    """The posts whose pages link here: the translations, and the neighbours in time."""
    siblings = select(Post.id).where(Post.story_id == post.story_id, Post.id != post.id)
    return {*db.session.scalars(siblings), *queries.neighbour_ids(post)}


def went_away(post: Post, *, at: datetime) -> None:
    """Readers do not see the post any more."""
    _in_step(post)
    _touch(post, shown_on(post))
    announce(PostTakenDown(post_id=post.id, at=at))


def _in_step(post: Post) -> None:
    live_at = post.published_at if post.is_live else None
    rows: list[Byline | PostTag] = [*post.bylines, *post.tags]
    for row in rows:
        row.live_at = live_at
    db.session.flush()


def _touch(post: Post, places: set[str]) -> None:
    """Also the pages that link here."""
    touch(*sorted(places | {f"post:{one}" for one in linking_to(post)}))
