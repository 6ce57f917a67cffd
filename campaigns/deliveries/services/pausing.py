"""A paused campaign sends nothing: its pause is a hold like any other, and ends with it.

What fell due meanwhile stays held, and each is decided on by itself, as after every hold.
"""

from collections.abc import Iterator

from flask_babel import force_locale, gettext
from sqlalchemy import select

from campaigns.deliveries.models import Hold
from campaigns.deliveries.services.deciding import hold, lift_hold
from campaigns.plans.events import CampaignMoved
from cms.core.config import LOCALES
from cms.core.database import db
from cms.people.models import Person


def follow_campaign(fact: CampaignMoved) -> None:
    """Hold what goes out for a campaign that is paused; lift that hold, and no other, when it goes on."""
    by = db.session.get(Person, fact.by_id) if fact.by_id is not None else None
    if by is None:
        return  # its dates can only end it: what was held stays so
    if fact.state == "paused":
        hold("campaign", fact.campaign_id, reason=_reason(), by=by, at=fact.at)
    elif (fact.before, fact.state) == ("paused", "running"):
        for hold_id in _own_holds(fact.campaign_id):
            lift_hold(hold_id, by=by, at=fact.at)


def _own_holds(campaign_id: int) -> list[int]:
    standing = (Hold.campaign_id == campaign_id, Hold.lifted_at.is_(None), Hold.reason.in_(set(_reasons())))
    return list(db.session.scalars(select(Hold.id).where(*standing)))


def _reasons() -> Iterator[str]:
    """The reason in every language it may have been given in."""
    for locale in LOCALES:
        with force_locale("zh_Hans_CN" if locale == "zh" else locale):
            yield _reason()


def _reason() -> str:
    return str(gettext("The campaign is paused."))
