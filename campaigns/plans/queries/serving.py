"""The posts and notes that serve a campaign, and the campaigns that posts serve."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from campaigns.plans.models import Campaign, CampaignPost
from cms.core.database import db
from cms.people.models import STAFF, Person
from cms.posts.models import Post, Revision
from cms.posts.queries.lists import listed

MOST_MOMENTS = 200


@dataclass(frozen=True)
class PostMoment:
    """When a post of a campaign was published, or will be."""

    post_id: int
    title: str
    language: str
    at: datetime
    is_due: bool


def campaign_of_post(post_id: int) -> Campaign | None:
    """The campaign that a post or note serves: one at most."""
    serves = select(CampaignPost.campaign_id).where(CampaignPost.post_id == post_id).scalar_subquery()
    return db.session.scalars(select(Campaign).where(Campaign.id == serves)).one_or_none()


def campaign_ids_of_posts(post_ids: Iterable[int]) -> dict[int, int]:
    """Which campaign each of these posts serves; those that serve none are left out."""
    mine = CampaignPost.post_id.in_(list(post_ids))
    serving = select(CampaignPost.post_id, CampaignPost.campaign_id).where(mine)
    return dict(db.session.execute(serving).all())


def campaigns_of_posts(post_ids: Iterable[int]) -> dict[int, Campaign]:
    """The campaign each of these posts serves; those that serve none are left out."""
    ids = campaign_ids_of_posts(post_ids)
    rows = db.session.scalars(select(Campaign).where(Campaign.id.in_(set(ids.values()))))
    found = {one.id: one for one in rows}
    return {post_id: found[campaign_id] for post_id, campaign_id in ids.items()}


def slugs_of_posts(post_ids: Iterable[int], *, only_public: bool) -> dict[int, str]:
    """The slugs of the campaigns that these posts serve; those that serve none are left out."""
    mine = (
        select(CampaignPost.post_id, Campaign.slug)
        .join(Campaign, Campaign.id == CampaignPost.campaign_id)
        .where(CampaignPost.post_id.in_(list(post_ids)))
    )
    return dict(db.session.execute(mine.where(Campaign.is_public) if only_public else mine).all())


def posts_of(campaign_id: int) -> list[int]:
    """The numbers of the posts and notes of a campaign, the last begun first."""
    mine = select(CampaignPost.post_id).where(CampaignPost.campaign_id == campaign_id)
    return list(db.session.scalars(mine.order_by(CampaignPost.post_id.desc())))


def posts_in_campaign(campaign_id: int, *, before: int | None = None, limit: int) -> Sequence[Post]:
    """Its posts as lists of the desk show them, also in the trash, the last begun first."""
    mine = (
        select(Post)
        .join(CampaignPost, CampaignPost.post_id == Post.id)
        .where(CampaignPost.campaign_id == campaign_id)
        .order_by(CampaignPost.post_id.desc())
    )
    return listed(mine if before is None else mine.where(CampaignPost.post_id < before), limit)


def moments_of_posts(campaign_id: int) -> list[PostMoment]:
    """When its posts went out and will; the newest two hundred."""
    rows = db.session.execute(
        select(Post.id, Post.language, Post.published_at, Post.due_at, Post.live_revision_id, Revision.title)
        .add_columns(func.substr(Revision.plain, 1, 60).label("beginning"))
        .join(CampaignPost, CampaignPost.post_id == Post.id)
        .outerjoin(Revision, Revision.id == Post.latest_revision_id)
        .where(CampaignPost.campaign_id == campaign_id, Post.trashed_at.is_(None))
        .order_by(Post.id.desc())
        .limit(MOST_MOMENTS)
    ).all()
    found = []
    for row in rows:
        title = row.title or row.beginning or ""
        if row.live_revision_id is not None and row.published_at is not None:
            found.append(PostMoment(row.id, title, row.language, row.published_at, is_due=False))
        if row.due_at is not None:
            found.append(PostMoment(row.id, title, row.language, row.due_at, is_due=True))
    return found


def possible_owners() -> Sequence[Person]:
    """Who may answer for a campaign: everybody who works at the desk, by name."""
    return db.session.scalars(
        select(Person)
        .where(Person.role.in_(STAFF), Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    ).all()
