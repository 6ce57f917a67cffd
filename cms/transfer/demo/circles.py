"""Circles of the sample site, for `parley demo`: open, by request or invitation, backed, and a hidden one."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from cms.circles import services
from cms.circles.models import Topic
from cms.circles.services.settling import prepare
from cms.comments import services as comments
from cms.core.database import db
from cms.people.models import Person
from cms.transfer.demo.site import DemoSite

SAID = Path(__file__).with_name("circles.yaml")
_SAME = "name language purpose about visibility join_policy content_default tags".split()


def make_circles(site: DemoSite) -> None:
    """Make them, with what was said in them. Inside the transaction of the sample site."""
    for said in yaml.safe_load(SAID.read_text(encoding="utf-8")):
        made = site.at - timedelta(days=said["made"])
        owner = _person(site, said["owner"])
        settings = prepare(**{name: said[name] for name in _SAME if name in said})
        circle_id = services.create_circle(settings, by=owner, at=made).id
        for number, handle in enumerate(said["members"]):
            _join(circle_id, _person(site, handle), owner, at=made + timedelta(days=number + 1))
        for handle in said.get("moderators", ()):
            services.change_role(circle_id, site.people[handle], "moderator", by=owner, at=made)
        for one in said["topics"]:
            _topic(site, circle_id, one)
        if said.get("picture") in site.files:
            alt, picture = said["picture_alt"], site.files[said["picture"]]
            services.set_picture(circle_id, media_id=picture, alt=alt, by=owner, at=made)
        if said.get("backed"):
            services.back_circle(circle_id, backed=True, by=_person(site, "zhao-min"), at=made)
        if "hours" in said:
            _hour(site, circle_id, said["hours"], owner)


def _join(circle_id: int, person: Person, owner: Person, *, at: datetime) -> None:
    services.invite(circle_id, person.id, by=owner, at=at)
    services.accept(circle_id, by=person, at=at)


def _topic(site: DemoSite, circle_id: int, said: Mapping[str, Any]) -> None:
    at = site.at - timedelta(days=said["days"])
    ready = services.prepare_topic(title=said["title"], body=said["body"])
    shared = site.stories.get(said.get("share", ""))
    by = _person(site, said["by"])
    if "until" in said:
        topic = _call(site, circle_id, ready, said, by=by, at=at)
    else:
        topic = services.start_topic(circle_id, ready, post_id=shared, by=by, at=at)
    db.session.flush()
    for one in said.get("answers", ()):
        remark = comments.prepare(one["body"], own_language="en")
        when = at + timedelta(hours=one["hours"])
        answer = comments.post_comment("topic", topic.id, remark, by=_person(site, one["by"]), at=when)
        if not answer.is_visible:  # the first words of somebody new wait for a moderator
            comments.approve_comment(answer.id, by=_person(site, "zhao-min"), at=when)


def _call(
    site: DemoSite,
    circle_id: int,
    ready: services.ReadyTopic,
    said: Mapping[str, Any],
    *,
    by: Person,
    at: datetime,
) -> Topic:
    day = (site.at + timedelta(days=said["until"])).date().isoformat()
    call = services.open_call(circle_id, ready, wall=f"{day}T18:00", zone=said["zone"], by=by, at=at)
    for one in said.get("texts", ()):
        text = services.prepare_topic(title=one["title"], body=one["body"])
        when = at + timedelta(hours=one["hours"])
        services.offer_text(circle_id, call.id, text, by=_person(site, one["by"]), at=when)
    return call


def _hour(site: DemoSite, circle_id: int, said: Mapping[str, Any], owner: Person) -> None:
    day = (site.at + timedelta(days=said["days"])).date().isoformat()
    services.plan_hour(
        circle_id,
        title=said["title"],
        expert_id=site.people[said["expert"]],
        wall=f"{day}T{said['wall']}",
        zone=said["zone"],
        minutes=said["minutes"],
        by=owner,
        at=site.at,
    )


def _person(site: DemoSite, handle: str) -> Person:
    return db.session.get_one(Person, site.people[handle])
