"""Goals of the sample site, for `parley demo`: set before its readers are told, so that what they did counts."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from campaigns.goals import services
from campaigns.goals.terms import GoalTerms, read_terms
from campaigns.links.models import Link
from campaigns.plans.queries import find_campaign
from cms.core.database import db
from cms.people.models import Person
from cms.posts.models import Post
from cms.site.edition import post_path
from cms.transfer.demo.site import DemoSite

SAID = Path(__file__).with_name("demo.yaml")


def make_goals(site: DemoSite) -> None:
    """Set them, after campaigns and links. Inside the transaction of the sample site."""
    for said in yaml.safe_load(SAID.read_text(encoding="utf-8")):
        campaign = find_campaign(said["campaign"])
        assert campaign is not None
        by = db.session.get_one(Person, site.people[said["by"]])
        ready = read_terms(_terms(said, site), campaign_id=campaign.id)
        services.create_goal(campaign.id, ready, by=by, at=site.at + timedelta(days=said["day"]))


def _terms(said: dict[str, Any], site: DemoSite) -> GoalTerms:
    path, link = "", None
    if "story" in said:
        post = db.session.get_one(Post, site.stories[said["story"]])
        path = post_path(post.kind, post.id, post.slug)
    if "link" in said:
        link = db.session.scalars(select(Link.id).where(Link.label == said["link"])).one()
    return GoalTerms(
        name=said["name"],
        kind=said["kind"],
        path=path,
        link_id=link,
        fact=said.get("fact", ""),
        is_each=said.get("each", False),
        amount=Decimal(said["amount"]) if "amount" in said else None,
        currency=said.get("currency", ""),
    )
