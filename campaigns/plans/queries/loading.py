"""One campaign, with what a page needs of it, and what belongs to it."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from campaigns.plans.content import AudienceLine, MoneyLine, PageLine, PartnerLine, Plan, TargetLine
from campaigns.plans.models import Campaign
from campaigns.plans.money import from_smallest
from cms.core.database import db
from cms.core.errors import NotFound


def get_campaign(campaign_id: int) -> Campaign:
    """The campaign alone; raises `NotFound`."""
    campaign = db.session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound
    return campaign


def get_whole_campaign(campaign_id: int) -> Campaign:
    """The campaign with its owner, cover and every line of it; raises `NotFound`."""
    campaign = db.session.scalars(_whole().where(Campaign.id == campaign_id)).one_or_none()
    if campaign is None:
        raise NotFound
    return campaign


def find_campaign(slug: str) -> Campaign | None:
    """The campaign at this address, with every line of it; whether readers may see it is `is_public`."""
    return db.session.scalars(_whole().where(Campaign.slug == slug)).one_or_none()


def plan_of(campaign: Campaign) -> Plan:
    """What is said of a campaign now, as people said it. Needs the whole campaign."""
    return Plan(
        name=campaign.name,
        summary=campaign.summary,
        story=campaign.story,
        purpose=campaign.purpose,
        kind=campaign.kind,
        cause=campaign.cause,
        sdg_targets=campaign.sdg_targets,
        owner_id=campaign.owner_id,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        zone=campaign.zone,
        currency=campaign.currency,
        is_public=campaign.is_public,
        cover_id=campaign.cover_id,
        audiences=[
            AudienceLine(one.kind, one.description, one.size, one.source) for one in campaign.audiences
        ],
        money=[
            MoneyLine(
                one.side,
                from_smallest(one.amount, one.currency),
                one.currency,
                one.channel,
                one.description,
                one.spent_on,
            )
            for one in campaign.money
        ],
        targets=[TargetLine(one.measure, one.number, one.label, one.by_on) for one in campaign.targets],
        partners=[
            PartnerLine(one.resource, one.name, one.url, one.description, one.is_public)
            for one in campaign.partners
        ],
        pages=[PageLine(one.url, one.label, one.is_public) for one in campaign.pages],
    )


def _whole() -> Select[Campaign]:
    return select(Campaign).options(
        joinedload(Campaign.owner),
        joinedload(Campaign.cover),
        selectinload(Campaign.audiences),
        selectinload(Campaign.money),
        selectinload(Campaign.targets),
        selectinload(Campaign.partners),
        selectinload(Campaign.pages),
    )
