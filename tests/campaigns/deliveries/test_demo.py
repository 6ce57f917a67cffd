"""The sample site has deliveries in every state that asks for somebody, and none of them can reach anything."""

from collections import Counter

import yaml
from flask import Flask
from sqlalchemy import select

from campaigns.channels.catalogue import adapter_for
from campaigns.channels.models import Account
from campaigns.deliveries.demo import SAID, make_deliveries
from campaigns.deliveries.models import Delivery, Variant
from cms.core import clock
from cms.core.database import db, transaction
from cms.transfer.demo.site import DemoSite
from tests.factories import make_person, make_post


def told(story: str) -> int:
    """A story in both languages, published; gives the number of its first telling."""
    first = make_post(story, slug=story)
    make_post(f"{story} zh", slug=f"{story}-zh", language="zh", translation_of=first)
    return first.id


def test_sample_deliveries_are_of_every_kind_and_go_nowhere(app: Flask) -> None:
    said = yaml.safe_load(SAID.read_text(encoding="utf-8"))
    stories = {one["story"] for one in said["deliveries"] + said["variants"]}
    editor = make_person("Zhao Min", "editor", handle=said["editor"])
    site = DemoSite(
        at=clock.now(),
        people={said["editor"]: editor.id},
        files={},
        stories={one: told(one) for one in sorted(stories)},
    )
    with transaction():
        make_deliveries(site)
    accounts = db.session.scalars(select(Account)).all()
    assert {one.secrets for one in accounts} == {""}
    assert all((one.state == "paused") != adapter_for(one.channel).is_by_hand for one in accounts)
    assert all(one.problem for one in accounts if one.state == "paused")
    states = Counter(db.session.scalars(select(Delivery.state)))
    assert {"sent", "scheduled", "refused", "unsure", "missed", "by_hand"} <= set(states)
    late = select(Delivery).where(Delivery.state == "scheduled", Delivery.due_at < clock.now())
    assert db.session.scalars(late.join(Account).where(Account.state == "active")).all() == []
    assert len(db.session.scalars(select(Variant)).all()) == len(said["variants"])
