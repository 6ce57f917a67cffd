"""What campaigns say to the library: which of them show a file, as their picture or in their story."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import func, or_, select

from campaigns.plans import rules
from campaigns.plans.models import Campaign
from cms.core.database import db
from cms.core.languages import localized
from cms.media.holders import HolderSource, Holding
from cms.media.models import MediaUse
from cms.people.models import Person


def campaigns_showing(media_id: int, person: Person | None) -> Sequence[Holding]:
    """The campaigns that show a file; those that this person may not open are counted and not named."""
    told = select(func.substr(MediaUse.holder, 10)).where(
        MediaUse.media_id == media_id, MediaUse.holder.startswith("campaign:")
    )
    numbers = [int(one) for one in db.session.scalars(told) if one.isdecimal()]
    showing = or_(Campaign.cover_id == media_id, Campaign.id.in_(numbers))
    found = db.session.scalars(select(Campaign).where(showing).order_by(Campaign.id)).all()
    if not rules.can_see_campaigns(person):
        return [Holding(gettext("A campaign that you may not open"), None) for _one in found]
    return [Holding(localized(one.name), url_for("plans.show_campaign", campaign_id=one.id)) for one in found]


SOURCE = HolderSource(
    label=_("Campaigns"), places=frozenset({"campaigns", "campaign"}), find=campaigns_showing
)
