"""Whatever a post is like, every network gets something that it takes: lengths, pictures, link and all."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from campaigns.channels.adapter import Adapter
from campaigns.channels.catalogue import ADAPTERS
from campaigns.channels.counting import excess
from campaigns.channels.messages import Message
from campaigns.deliveries.composing import message_for
from campaigns.deliveries.preflight import Proposed, preflight
from campaigns.deliveries.timing import Now
from cms.core.storage import storage
from cms.posts import services as posts
from cms.posts.models import Post
from tests.campaigns.deliveries.making import make_account, plan
from tests.campaigns.deliveries.test_pictures import upload
from tests.conftest import NOW
from tests.factories import make_note, make_person, make_post, make_tag

EVERY = pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda one: one.key)
SETTINGS = {"domain": "localhost", "ip": "203.0.113.9", "title": "sea"}  # where a default would be refused


def settings_of(adapter: Adapter) -> dict[str, Any]:
    """As somebody would fill them in."""
    return {
        one.name: SETTINGS.get(one.name, one.default or "x") for one in adapter.fields if not one.is_secret
    }


def long_article(tmp_path: Path) -> Post:
    inside, cover = upload(tmp_path, 160), upload(tmp_path, 120)
    body = (
        "## 一\n\n" + "海水里的盐慢慢地腐蚀铜线，👩‍👩‍👧 没有人看见。" * 60
        + f"\n\n![A chart](/media/{inside.file})\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        + "See https://example.com/a/long/address?with=values&and=more and `code`. " * 20
    )  # fmt: skip
    return make_post(
        "盐对桅杆做了什么 — what salt does to a mast, and why it took a winter to see it " * 3,
        slug="salt", body=body, summary="盐 and copper. " * 30, cover_id=cover.id, cover_alt="A mast in the rain. " * 40,
        bylines=[make_person("Chen Wei", "expert", handle="chenwei")], tags=[make_tag("5g"), make_tag("salt-water")],
    )  # fmt: skip


def many_pictures(tmp_path: Path) -> Post:
    pictures = [upload(tmp_path, 80 + one) for one in range(11)]
    return make_post(
        "Pictures", kind="photo", media=[posts.Attachment(one.id, f"Number {one.id}") for one in pictures]
    )


def long_note(tmp_path: Path) -> Post:
    return make_note("Rain on the mast, signal fine. 雨打在桅杆上，信号还好。" * 40)


def short_note(tmp_path: Path) -> Post:
    return make_note("雨。")


@EVERY
@pytest.mark.parametrize("make", [long_article, many_pictures, long_note, short_note])
def test_it_takes_what_it_gets(app: Flask, tmp_path: Path, adapter: Adapter, make: Any) -> None:
    post = make(tmp_path)
    account = make_account(adapter.key, adapter.key, settings=settings_of(adapter), prefix="", signature="")
    with app.test_request_context():
        found = preflight(post.id, [Proposed(account.id, Now())], at=NOW)[account.id]
    blocking = [one.code for one in found if one.is_blocking]
    if adapter.key.startswith("wechat") and make in (long_note, short_note):
        assert blocking  # an article needs a cover, which a note has not: it is said before
        return
    assert blocking == []
    check(message_for(plan(post, account).id), adapter)


@EVERY
def test_an_account_from_before_its_network_asked_for_more_is_told_and_breaks_nothing(
    app: Flask, tmp_path: Path, adapter: Adapter
) -> None:
    post = long_article(tmp_path)
    account = make_account(adapter.key, adapter.key, settings={})
    with app.test_request_context():
        found = preflight(post.id, [Proposed(account.id, Now())], at=NOW)[account.id]
    asked = [
        str(one.label) for one in adapter.fields if one.is_required and not one.is_secret and not one.default
    ]
    said = [one.sentence for one in found if one.is_blocking and one.code == "account.settings"]
    assert [one.code for one in found if one.is_blocking] == (["account.settings"] if asked else [])
    assert said == ([f"This account lacks what its network asks for: {', '.join(asked)}."] if asked else [])
    message = message_for(plan(post, account).id)
    assert adapter.limits({}, None).parts >= 1
    assert adapter.steps(message, {})[-1].publishes
    refused = adapter.objection(message, {}, adapter.base_limits)
    assert (refused.code if refused else "") == ("settings" if adapter.key == "weibo" else "")


def test_some_networks_ask_for_something() -> None:
    asking = {
        one.key
        for one in ADAPTERS
        if any(field.is_required and not field.is_secret and not field.default for field in one.fields)
    }
    assert asking >= {"webhook", "weibo", "telegram", "wechat"}


def check(message: Message, adapter: Adapter) -> None:
    limits = adapter.base_limits
    assert 1 <= len(message.parts) <= max(1, limits.parts)
    assert [excess(one.text, limits) for one in message.parts] == [0] * len(message.parts)
    if limits.title:
        assert len(message.title) <= limits.title
    if limits.summary:
        assert len(message.summary) <= limits.summary
    if not limits.carries_html:
        assert any(message.link in one.text for one in message.parts)
    pictures = [
        *(one for part in message.parts for one in part.pictures),
        *(one for _a, one in message.inline),
    ]
    assert all(len(part.pictures) <= limits.pictures for part in message.parts)
    for one in pictures:
        assert storage().size(one.name) == one.size <= limits.picture_bytes
        assert max(one.width, one.height) <= limits.picture_side
        assert one.mime in limits.picture_types
        assert limits.alt is None or len(one.alt) <= limits.alt
    assert Message.from_json(message.to_json()) == message
    assert adapter.steps(message, settings_of(adapter))[-1].publishes
