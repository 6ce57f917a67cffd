"""What others need to know about live posts. Pages, lists and feeds have queries of their own in `cms.site`."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import literal, select, tuple_

from cms.core.database import Instant, db
from cms.posts.heat import Mention
from cms.posts.models import Byline, Post, PostSlug, PostTag
from cms.posts.queries.gate import in_main, visible_to
from cms.topics.models import Tag


def find_redirect(slug: str) -> str | None:
    """The address that the post of this old one has now. One step, however often it moved."""
    return db.session.scalar(
        select(Post.slug)
        .join(PostSlug, PostSlug.post_id == Post.id)
        .where(PostSlug.slug == slug, Post.slug != slug, visible_to(None, None))
    )


def neighbour_ids(post: Post) -> list[int]:
    """The posts just before and after this one in its language, notes apart: the pages that link to it as such."""
    if post.published_at is None or post.kind == "note" or not post.is_main:
        return []
    key = tuple_(Post.published_at, Post.id)
    here = tuple_(literal(post.published_at, Instant()), literal(post.id))
    same = (visible_to(None, None), in_main(), Post.language == post.language, Post.kind != "note")
    older = (
        select(Post.id).where(*same, key < here).order_by(Post.published_at.desc(), Post.id.desc()).limit(1)
    )
    newer = select(Post.id).where(*same, key > here).order_by(Post.published_at, Post.id).limit(1)
    row = db.session.execute(select(older.scalar_subquery(), newer.scalar_subquery())).one()
    return [one for one in row if one is not None]


def mentions_since(since: datetime) -> list[Mention]:
    """Which tags the main site wrote about since then, in which story, by whom, without those kept out of the hot words."""
    first = (Byline.post_id == Post.id) & (Byline.position == 0)
    rows = db.session.execute(
        select(PostTag.tag_id, Post.story_id, Byline.person_id, Post.published_at)
        .select_from(Post)
        .join(PostTag, PostTag.post_id == Post.id)
        .join(Tag, Tag.id == PostTag.tag_id)
        .outerjoin(Byline, first)
        .where(visible_to(None, None), in_main(), Post.published_at > since, Tag.hot != "never")
    )
    return [Mention(tag_id, story_id, person_id, at) for tag_id, story_id, person_id, at in rows if at]


def month_bounds(year: int, month: int, zone: str) -> tuple[datetime, datetime]:
    """The first instant of a month in this zone, and the first of the next."""
    place = ZoneInfo(zone)
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return datetime(year, month, 1, tzinfo=place), datetime(*following, 1, tzinfo=place)
