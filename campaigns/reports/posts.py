"""The posts of campaigns that were out by the last day looked at, and what readers did with each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from campaigns.engagement.installing import store
from campaigns.engagement.store import POST
from campaigns.plans.models import CampaignPost
from campaigns.reports.counted import DAY, span
from campaigns.reports.shapes import Subject
from cms.core.database import db
from cms.posts.models import Post, Revision


@dataclass(frozen=True)
class PostFigures:
    """A post, and its counts on the days of its campaign. Days of posts are days of the site's zone."""

    id: int
    title: str
    language: str
    section_id: int | None
    counts: Counter[str] = field(default_factory=Counter)


def posts_of(subjects: Sequence[Subject]) -> dict[int, list[PostFigures]]:
    """By campaign, the first published first. A query and a call, however many they are."""
    found: dict[int, list[PostFigures]] = {one.id: [] for one in subjects}
    known = {one.id: one for one in subjects}
    rows = db.session.execute(
        select(CampaignPost.campaign_id, Post.id, Post.language, Post.section_id, Post.first_published_at)
        .add_columns(Revision.title, func.substr(Revision.plain, 1, 60).label("beginning"))
        .join(Post, Post.id == CampaignPost.post_id)
        .outerjoin(Revision, Revision.id == func.coalesce(Post.live_revision_id, Post.latest_revision_id))
        .where(CampaignPost.campaign_id.in_(found), Post.first_published_at.is_not(None))
        .order_by(Post.first_published_at, Post.id)
    )
    for row in rows:
        campaign = known[row.campaign_id]
        if row.first_published_at.astimezone(ZoneInfo(campaign.zone)).date() <= campaign.until:
            title = row.title or row.beginning or ""
            found[campaign.id].append(PostFigures(row.id, title, row.language, row.section_id))
    _count(subjects, found)
    return found


def _count(subjects: Sequence[Subject], found: dict[int, list[PostFigures]]) -> None:
    of = {post.id: (post, one) for one in subjects for post in found[one.id]}
    if not of:
        return
    since, until = span(subjects)
    for cell in store().daily(POST, list(of), since=since, until=until, by=None):
        post, campaign = of[cell.subject]
        if campaign.since <= cell.day < campaign.until + DAY:
            post.counts.update(cell.counts)
