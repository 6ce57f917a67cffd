"""Which campaigns are compared, and which of their days: by date, or from the first day of each."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from campaigns.plans.models import Campaign, CampaignPost
from campaigns.plans.services.moving import today
from campaigns.reports.figures.curves import age_on, horizon
from campaigns.reports.shapes import ComparisonQuery, Subject
from cms.core.database import db
from cms.core.errors import NotFound
from cms.posts.models import Post

LONGEST = 1100  # days that one comparison looks at: three years
OVER = ("finished", "archived")


def asked_campaigns(campaign_ids: Sequence[int]) -> list[Campaign]:
    """With their money, targets and audiences, in the order asked. Raises `NotFound` when one is not there."""
    lines = (selectinload(Campaign.money), selectinload(Campaign.targets), selectinload(Campaign.audiences))
    found = {
        one.id: one
        for one in db.session.scalars(select(Campaign).where(Campaign.id.in_(campaign_ids)).options(*lines))
    }
    if any(number not in found for number in campaign_ids):
        raise NotFound
    return [found[number] for number in campaign_ids]


def subjects_of(query: ComparisonQuery, asked: Sequence[Campaign], *, at: datetime) -> list[Subject]:
    """Each campaign with the days that are looked at. Today is the day it is in the campaign's zone, and is counted."""
    now = {one.id: today(one.zone, at) for one in asked}
    ages = {one.id: age_on(now[one.id], one.starts_on) for one in asked}
    youngest = horizon(list(ages.values()))
    first = query.since or min(one.starts_on for one in asked)
    posts = _posts_by_campaign([one.id for one in asked])
    subjects = []
    for colour, one in enumerate(asked, 1):
        if query.align == "launch":
            lived = min(ages[one.id], youngest) if query.cut == "youngest" else ages[one.id]
            since, until = one.starts_on, one.starts_on + timedelta(days=min(lived, LONGEST) - 1)
        else:
            until = min(query.until or now[one.id], now[one.id])
            since = max(first, until - timedelta(days=LONGEST - 1))
        subjects.append(_subject(one, colour, ages[one.id], since, until, posts.get(one.id, 0)))
    return subjects


def _subject(one: Campaign, colour: int, age: int, since: date, until: date, posts: int) -> Subject:
    return Subject(
        id=one.id,
        slug=one.slug,
        name=one.name,
        kind=one.kind,
        state=one.state,
        zone=one.zone,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        age=age,
        since=since,
        until=until,
        colour=colour,
        posts=posts,
    )


def _posts_by_campaign(campaign_ids: Sequence[int]) -> dict[int, int]:
    """How many posts of each were ever published."""
    counted = (
        select(CampaignPost.campaign_id, func.count())
        .join(Post, Post.id == CampaignPost.post_id)
        .where(CampaignPost.campaign_id.in_(campaign_ids), Post.first_published_at.is_not(None))
        .group_by(CampaignPost.campaign_id)
    )
    return dict(db.session.execute(counted).all())
