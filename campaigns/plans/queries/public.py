"""What readers see of campaigns: those that are public, and nothing of the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, select

from campaigns.plans.models import Campaign, CampaignPost
from campaigns.plans.queries.loading import find_campaign
from cms.core.database import db
from cms.media.models import Media
from cms.site.edition import Edition
from cms.site.queries.pictures import Picture, media_columns, picture, variants_of
from cms.site.queries.site import in_words
from cms.site.queries.sitemap import Address, Offered

MOST = 300
_ORDER = case({"running": 0, "paused": 1, "planned": 2}, value=Campaign.state, else_=3)


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """A campaign as the list of readers shows it."""

    id: int
    url: str
    name: str
    summary: str
    kind: str
    state: str
    starts_on: date
    ends_on: date
    picture: Picture | None

    @property
    def is_over(self) -> bool:
        """Nothing more is to be expected of it."""
        return self.state in ("finished", "archived")


def find_public_campaign(slug: str) -> Campaign | None:
    """The campaign at this address, whole, if readers may see it."""
    campaign = find_campaign(slug)
    return campaign if campaign is not None and campaign.is_public else None


def public_campaigns(edition: Edition) -> list[CampaignCard]:
    """Every public campaign: what runs first, then what is to come, then what is over, the last first."""
    rows = _public()
    pictures = _pictures([one.cover_id for one in rows if one.cover_id])
    return [
        CampaignCard(
            id=one.id,
            url=edition.to(f"/campaigns/{one.slug}"),
            name=in_words(one.name, edition.locale),
            summary=in_words(one.summary, edition.locale),
            kind=one.kind,
            state=one.state,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            picture=pictures.get(one.cover_id or 0),
        )
        for one in rows
    ]


def public_campaign_of_post(post_id: int) -> Campaign | None:
    """The public campaign that a post is part of."""
    serves = select(CampaignPost.campaign_id).where(CampaignPost.post_id == post_id).scalar_subquery()
    return db.session.scalars(select(Campaign).where(Campaign.id == serves, Campaign.is_public)).one_or_none()


def picture_of(campaign: Campaign) -> Picture | None:
    """Its picture in the sizes there are."""
    return _pictures([campaign.cover_id]).get(campaign.cover_id) if campaign.cover_id else None


def _public() -> Sequence[Campaign]:
    return db.session.scalars(
        select(Campaign)
        .where(Campaign.is_public)
        .order_by(_ORDER, Campaign.ends_on.desc(), Campaign.id.desc())
        .limit(MOST)
    ).all()


def _pictures(ids: Sequence[int]) -> dict[int, Picture]:
    if not ids:
        return {}
    rows = db.session.execute(select(*media_columns).where(Media.id.in_(ids), Media.kind == "image")).all()
    variants = variants_of(ids)
    return {row.media_id: picture(row, variants) for row in rows}


def _addresses() -> list[Address]:
    rows = _public()
    if not rows:
        return []
    newest = max(one.edited_at for one in rows)
    return [
        Address("/campaigns", newest),
        *(Address(f"/campaigns/{one.slug}", one.edited_at) for one in rows),
    ]


def _feeds(locale: str) -> list[tuple[str, str]]:
    return [(in_words(one.name, locale), f"/campaigns/{one.slug}") for one in _public()]


PUBLIC_CAMPAIGNS = Offered("campaigns", _addresses, _feeds)
