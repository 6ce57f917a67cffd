"""Reading a campaign that is about to be changed, locked against another writer."""

from sqlalchemy.orm import selectinload

from campaigns.plans.models import Campaign
from cms.core.database import db
from cms.core.errors import NotFound


def load(campaign_id: int, *, whole: bool = False) -> Campaign:
    """The campaign as it is now, with its lines when `whole`; raises `NotFound`."""
    lines = (Campaign.audiences, Campaign.money, Campaign.targets, Campaign.partners, Campaign.pages)
    campaign = db.session.get(
        Campaign,
        campaign_id,
        options=[selectinload(one) for one in lines] if whole else [],
        populate_existing=True,
        with_for_update={"of": Campaign},
    )
    if campaign is None:
        raise NotFound
    return campaign
