"""What the owner of a campaign is told: that it began, was paused, goes on or is over."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from campaigns.plans import rules
from campaigns.plans.events import CampaignMoved
from campaigns.plans.models import Campaign
from cms.core.database import db
from cms.core.languages import localized
from cms.notices.kinds import NoticeKind
from cms.notices.services import notify
from cms.people.models import Person

KIND = "campaign.moved"


def tell_owner(fact: CampaignMoved) -> None:
    """Tell who answers for it, unless they did it themselves."""
    campaign = db.session.get_one(Campaign, fact.campaign_id)
    if campaign.owner_id is None or fact.state == "archived" or fact.before == "archived":
        return
    by = db.session.get(Person, fact.by_id) if fact.by_id is not None else None
    detail = {"name": campaign.name, "from": fact.before, "to": fact.state, "who": by.name if by else ""}
    notify(KIND, to=[campaign.owner_id], subject=f"campaign:{campaign.id}", by=by, at=fact.at, detail=detail)


def _sentence(detail: Mapping[str, Any]) -> str:
    said = {"name": localized(detail["name"]), "who": detail["who"]}
    if detail["to"] == "paused":
        return str(gettext("%(who)s paused the campaign “%(name)s”", **said))
    if detail["to"] == "finished":
        return str(gettext("The campaign “%(name)s” is over", **said))
    if detail["from"] == "planned":
        return str(gettext("The campaign “%(name)s” has begun", **said))
    return str(gettext("The campaign “%(name)s” goes on", **said))


def _address(subject: str, detail: Mapping[str, Any]) -> str:
    return url_for("plans.show_campaign", campaign_id=int(subject.removeprefix("campaign:")))


def _visible(person: Person, subjects: Collection[str]) -> set[str]:
    if not rules.can_see_campaigns(person):
        return set()
    numbers = [int(one.removeprefix("campaign:")) for one in subjects]
    return {
        f"campaign:{one}" for one in db.session.scalars(select(Campaign.id).where(Campaign.id.in_(numbers)))
    }


def _may_see(person: Person, subject: str) -> bool:
    return bool(_visible(person, [subject]))


NOTICES = [
    NoticeKind(
        key=KIND,
        label=_("A campaign of mine begins, pauses or ends"),
        sentence=_sentence,
        address=_address,
        may_see=_may_see,
        visible=_visible,
        concerns=rules.can_see_campaigns,
    )
]
