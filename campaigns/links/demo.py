"""Links of the sample site, for `parley demo`: made by hand, one of them over, and values nobody knows the campaign of."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from campaigns.links import services
from campaigns.links.terms import LinkTerms
from campaigns.plans.queries import find_campaign
from cms.core.database import db
from cms.people.models import Person
from cms.posts.models import Post
from cms.site.edition import post_path
from cms.transfer.demo.site import DemoSite

SAID = Path(__file__).with_name("demo.yaml")
UTM = ("source", "medium", "content")


def make_links(site: DemoSite) -> None:
    """Make them, after the campaigns they belong to. Inside the transaction of the sample site."""
    said = yaml.safe_load(SAID.read_text(encoding="utf-8"))
    manager = db.session.get_one(Person, site.people[said["links"][0]["by"]])
    for field, allowed in said["values"].items():
        for value in allowed:
            services.allow_value(field, value, by=manager, at=site.at)
    for link in said["links"]:
        _make(link, site)
    for came in said["came"]:
        at = site.at + timedelta(days=came["day"])
        services.note_inbound(came["values"], at=at, hits=came["hits"])


def _make(said: dict[str, Any], site: DemoSite) -> None:
    campaign = find_campaign(said["campaign"])
    post = db.session.get_one(Post, site.stories[said["story"]])
    terms = LinkTerms(
        target=_path(post),
        label=said["label"],
        campaign_id=campaign.id if campaign else None,
        utm={field: said.get(field, "") for field in UTM},
        expires_at=site.at + timedelta(days=said["ends"]) if "ends" in said else None,
        replacement=_path(db.session.get_one(Post, site.stories[said["replaced"]]))
        if "replaced" in said
        else "",
    )
    by = db.session.get_one(Person, site.people[said["by"]])
    made = services.create_link(terms, post_id=post.id, by=by, at=site.at + timedelta(days=said["day"]))
    if "ended" in said:
        services.end_link(made.id, at=site.at + timedelta(days=said["ended"]))


def _path(post: Post) -> str:
    return post_path(post.kind, post.id, post.slug)
