"""Campaigns of the sample site, for `parley demo`: one for schools, one for a product, one that is over, one to come."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from sqlalchemy import select
from sqlalchemy.orm import aliased

from campaigns.plans import services
from campaigns.plans.content import AudienceLine, MoneyLine, PageLine, PartnerLine, Plan, TargetLine
from cms.core.database import db
from cms.people.models import Person
from cms.posts.models import Post
from cms.transfer.demo.site import DemoSite

ZONE = "Asia/Shanghai"
SAID = Path(__file__).with_name("demo.yaml")
_SAME = ("name", "summary", "story", "purpose", "kind", "cause", "sdg_targets", "is_public")


def make_campaigns(site: DemoSite) -> None:
    """Make them, and let the posts of their stories serve them. Inside the transaction of the sample site."""
    for said in yaml.safe_load(SAID.read_text(encoding="utf-8")):
        by = db.session.get_one(Person, site.people[said["owner"]])
        made = min(site.at, site.at + timedelta(days=said["days"][0] - 10))
        ready = services.prepare(_plan(said, site))
        campaign = services.create_campaign(ready, slug=said["slug"], by=by, at=made)
        services.add_posts(campaign.id, _posts(said["stories"], site), by=by, at=made)
        services.follow_dates(campaign.id, at=site.at)


def _plan(said: dict[str, Any], site: DemoSite) -> Plan:
    first, last = said["days"]
    return Plan(
        **{name: said[name] for name in _SAME if name in said},
        owner_id=site.people[said["owner"]],
        cover_id=site.files[said["cover"]] if "cover" in said else None,
        starts_on=_day(site.at, first),
        ends_on=_day(site.at, last),
        zone=ZONE,
        currency="CNY",
        audiences=[AudienceLine(**line) for line in said.get("audiences", ())],
        money=[
            MoneyLine(**{**_dated(line, "spent_on", site.at), "amount": Decimal(line["amount"])})
            for line in said.get("money", ())
        ],
        targets=[TargetLine(**_dated(line, "by_on", site.at)) for line in said.get("targets", ())],
        partners=[PartnerLine(**line) for line in said.get("partners", ())],
        pages=[PageLine(**line) for line in said.get("pages", ())],
    )


def _posts(stories: list[str], site: DemoSite) -> list[int]:
    """Every telling of these stories."""
    told = aliased(Post)
    named = [site.stories[one] for one in stories]
    query = select(Post.id).join(told, told.story_id == Post.story_id).where(told.id.in_(named))
    return list(db.session.scalars(query.order_by(Post.id)))


def _dated(line: dict[str, Any], name: str, at: datetime) -> dict[str, Any]:
    rest = {key: value for key, value in line.items() if key != "day"}
    return {**rest, name: _day(at, line["day"])} if "day" in line else rest


def _day(at: datetime, days: int) -> date:
    return at.astimezone(ZoneInfo(ZONE)).date() + timedelta(days=days)
