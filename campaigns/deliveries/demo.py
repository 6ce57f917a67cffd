"""Deliveries of the sample site, for `parley demo`: sent, planned, refused, unsure, missed, and ready to be posted by hand.

Its accounts on networks are paused and have no credentials, so that nothing of the sample ever tries to reach out; those
where a person posts by hand need none. What was sent long ago is written down as if it had been.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from sqlalchemy import select
from sqlalchemy.orm import aliased

from campaigns.channels.catalogue import adapter_for
from campaigns.channels.messages import Message, Part
from campaigns.channels.models import Account, AccountSlot
from campaigns.deliveries import services
from campaigns.deliveries.composing import tailored
from campaigns.deliveries.models import Delivery
from campaigns.deliveries.services.noting import note
from campaigns.deliveries.timing import AtWall, Now, When, WithPost
from campaigns.links.models import Link
from campaigns.links.queries import short_url
from cms.core.database import db
from cms.core.pages import config
from cms.people.models import Person
from cms.posts.models import Post
from cms.transfer.demo.site import DemoSite

ZONE = "Asia/Shanghai"
SAID = Path(__file__).with_name("demo.yaml")


def make_deliveries(site: DemoSite) -> None:
    """Make accounts, then what goes to them. Inside the transaction of the sample site."""
    said = yaml.safe_load(SAID.read_text(encoding="utf-8"))
    by = db.session.get_one(Person, site.people[said["editor"]])
    accounts = {one["key"]: _account(one, by=by, at=site.at) for one in said["accounts"]}
    for one in said["variants"]:
        _tailor(one, accounts, site, by=by)
    for one in said["deliveries"]:
        _deliver(one, accounts, site, by=by)


def _account(said: Mapping[str, Any], *, by: Person, at: datetime) -> int:
    adapter = adapter_for(said["channel"])
    is_by_hand = adapter.is_by_hand
    there = db.session.scalars(select(Account).where(Account.channel == said["channel"]))
    for one in there if is_by_hand else ():
        if one.settings.get("site") == said["settings"]["site"]:
            return one.id  # the sample of accounts has it
    account = Account(
        channel=said["channel"],
        name=said["name"],
        remote_name=said.get("there", said["name"]),
        remote_url=said.get("url", ""),
        settings={
            name: value.replace("{host}", _host()) if isinstance(value, str) else value
            for name, value in said.get("settings", {}).items()
        },
        language=said["language"],
        zone=ZONE,
        mode=said.get("mode", "publish"),
        quiet_from="22:00",
        quiet_until="07:00",
        utm_source=said["channel"],
        utm_medium=adapter.medium,
        state="active" if is_by_hand else "paused",
        problem="" if is_by_hand else said["paused"],
        problem_code="" if is_by_hand else "sample",
        paused_at=None if is_by_hand else at - timedelta(hours=1),
        created_at=at - timedelta(days=550),
        created_by_id=by.id,
        slots=[AccountSlot(weekday=day, wall=wall) for day in range(5) for wall in said.get("slots", ())],
    )
    db.session.add(account)
    db.session.flush()
    return account.id


def _host() -> str:
    return urlsplit(config().base_url).hostname or ""


def _tailor(said: Mapping[str, Any], accounts: Mapping[str, int], site: DemoSite, *, by: Person) -> None:
    post_id, account_id = _telling(site, said), accounts[said["to"]]
    draft = tailored(post_id, account_id).draft
    words = said["words"]
    parts = [
        type(draft.parts[0])(text, draft.parts[0].media if not n else ()) for n, text in enumerate(words)
    ]
    services.save_variant(
        post_id,
        account_id,
        parts=parts,
        title=None,
        summary=None,
        expected_version=None,
        by=by,
        at=site.at - timedelta(days=2),
    )


def _deliver(said: Mapping[str, Any], accounts: Mapping[str, int], site: DemoSite, *, by: Person) -> None:
    post_id, hours = _telling(site, said), said.get("hours", 0)
    for key in said["to"]:
        then = site.at + timedelta(hours=min(hours, 0))
        choice = services.Choice(accounts[key], _when(said, site.at), ignores_quiet=hours <= 0)
        made = services.plan_deliveries(
            post_id, [choice], by=by, at=then - timedelta(hours=20) if hours < 0 else then
        )
        if "state" in said:
            _became(made[0], said, then)


def _when(said: Mapping[str, Any], at: datetime) -> When:
    if "wall" in said:
        day = at + timedelta(days=said["days"])
        return AtWall(f"{day:%Y-%m-%d}T{said['wall']}", ZONE)
    return Now() if "state" in said else WithPost()


def _became(delivery_id: int, said: Mapping[str, Any], at: datetime) -> None:
    """How it went, as the engine would have written it."""
    one = db.session.get_one(Delivery, delivery_id)
    account = db.session.get_one(Account, one.account_id)
    one.state, one.reason, one.code = said["state"], said.get("reason", ""), said.get("code", "")
    one.due_at = one.planned_at = at
    one.created_at = at - timedelta(hours=20)
    one.told_at = at
    one.attempts = 0 if one.state in ("missed", "by_hand") else 1
    message = _message(one, at)
    one.payload, one.payload_hash = message.to_json(), message.hash()
    if one.state == "missed":
        note(one.id, "missed", by=None, at=at + timedelta(hours=12), because="late")
        return
    if one.state == "by_hand":
        note(one.id, "by_hand", by=None, at=at)
        return
    note(one.id, "intended", by=None, at=at, step="post")
    moment = at + timedelta(seconds=1)
    if one.state == "sent":
        one.sent_at, one.remote_id = moment, str(one.id)
        one.is_draft = account.mode == "draft"
        one.remote_url = f"{account.remote_url}/{one.id}" if account.remote_url else ""
        one.remote = {"remote_id": one.remote_id, "url": one.remote_url}
    note(one.id, one.state, by=None, at=moment, **{"reason": one.reason} if one.reason else {})


def _message(one: Delivery, at: datetime) -> Message:
    """What it says, without pictures: making them is not for a transaction."""
    assert one.post_id is not None
    link = db.session.get_one(Link, one.link_id)
    found = tailored(one.post_id, one.account_id, link=short_url(link))
    return Message(
        key=one.key,
        language=found.story.language,
        parts=tuple(Part(part.text) for part in found.draft.parts),
        url=found.story.url,
        link=found.story.link,
        planned_at=at,
        title=found.draft.title,
        summary=found.draft.summary,
        html=found.draft.html,
        kind=found.story.kind,
        tags=found.story.tags,
        authors=found.story.authors,
    )


def _telling(site: DemoSite, said: Mapping[str, Any]) -> int:
    """The post that tells a story in a language."""
    told = aliased(Post)
    query = select(Post.id).join(told, told.story_id == Post.story_id)
    return db.session.scalars(
        query.where(told.id == site.stories[said["story"]], Post.language == said["language"])
    ).one()
