"""The tracked link of a delivery, which says for ever which post went where and for which campaign."""

from datetime import datetime

from sqlalchemy import select

from campaigns.channels.models import Account
from campaigns.deliveries.addresses import post_url
from campaigns.links.models import Link
from campaigns.links.services import mint_link
from campaigns.links.values import read_value
from campaigns.plans.models import CampaignPost
from cms.core.database import db
from cms.core.errors import Invalid
from cms.core.text import excerpt
from cms.people.models import Person
from cms.posts.models import Post, Revision

LONGEST_TITLE = 300


def mint_for(
    post: Post, account: Account, *, campaign_id: int | None, by: Person | None, at: datetime
) -> Link:
    """A new link to the post for this account."""
    return mint_link(
        target=post_url(post),
        post_id=post.id,
        account_id=account.id,
        campaign_id=campaign_id,
        source=account.utm_source or account.channel,
        medium=account.utm_medium,
        content=content_of(post),
        by=by,
        at=at,
    )


def content_of(post: Post) -> str:
    """`utm_content`: the post's slug, or its number where a slug is none such value (too long, of another script)."""
    try:
        return read_value("content", post.slug or "") or f"{post.kind}-{post.id}"
    except Invalid:
        return f"{post.kind}-{post.id}"


def campaign_id_of(post_id: int) -> int | None:
    """The campaign that the post serves now; its deliveries keep it."""
    return db.session.scalar(select(CampaignPost.campaign_id).where(CampaignPost.post_id == post_id))


def title_of(post: Post) -> str:
    """What the desk calls the post: its title, or its first words."""
    row = db.session.execute(
        select(Revision.title, Revision.beginning).where(
            Revision.id == (post.live_revision_id or post.latest_revision_id)
        )
    ).first()
    return (row.title or excerpt(row.beginning, 80))[:LONGEST_TITLE] if row else ""
