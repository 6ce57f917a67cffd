"""What people keep of reports on the sample site, for `parley demo`: a question for the team, and notes on days."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from campaigns.plans.queries import find_campaign
from campaigns.reports import services
from campaigns.reports.shapes import ComparisonQuery
from cms.core.database import db
from cms.people.models import Person
from cms.transfer.demo.site import DemoSite

SAID = Path(__file__).with_name("demo.yaml")


def make_kept(site: DemoSite) -> None:
    """Keep and note it, after campaigns. Inside the transaction of the sample site."""
    said = yaml.safe_load(SAID.read_text(encoding="utf-8"))
    for one in said["views"]:
        asked = ComparisonQuery(tuple(_campaign(slug) for slug in one["campaigns"]), align=one["align"])
        services.save_view(asked, name=one["name"], is_shared=True, by=_person(site, one["by"]), at=site.at)
    for one in said["notes"]:
        at = site.at + timedelta(days=one["day"])
        services.annotate(
            None,
            day=at.astimezone(ZoneInfo(one["zone"])).date(),
            words=one["words"],
            campaign_id=_campaign(one["campaign"]) if "campaign" in one else None,
            is_private=False,
            by=_person(site, one["by"]),
            at=at,
        )


def _campaign(slug: str) -> int:
    campaign = find_campaign(slug)
    assert campaign is not None
    return campaign.id


def _person(site: DemoSite, handle: str) -> Person:
    return db.session.get_one(Person, site.people[handle])
