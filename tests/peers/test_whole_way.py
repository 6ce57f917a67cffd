"""The whole way: an account is connected, a post planned, the engine sends it, and it is there; then it is changed and
taken away. Through our own rows and services, to servers that are somebody else's."""

import io
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask
from PIL import Image

from campaigns.channels.catalogue import adapter_for
from campaigns.channels.fields import read_fields
from campaigns.channels.models import Account
from campaigns.channels.services import connect_account
from campaigns.channels.trials import Passed, try_filled
from campaigns.deliveries import services
from campaigns.deliveries.models import Delivery
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.storage import storage
from tests.campaigns.deliveries.making import plan
from tests.campaigns.deliveries.test_pictures import photograph
from tests.delivery.working import work_off
from tests.factories import make_media, make_post, make_tag, nadia, read_again, revise

pytestmark = pytest.mark.peers


@pytest.fixture(autouse=True)
def reaching(app: Flask) -> Iterator[None]:
    config = app.config["PARLEY"]
    app.config["PARLEY"] = replace(config, outbound_allow=(ip_network("127.0.0.0/8"),))
    yield
    app.config["PARLEY"] = config


@pytest.fixture
def cover(tmp_path: Path) -> int:
    """A photograph that is too large for Bluesky."""
    path = photograph(tmp_path / "mast.jpg", 2400, 1800)
    assert path.stat().st_size > 1_000_000
    storage().put("up/mast.jpg", path.read_bytes())
    row = make_media(
        file="up/mast.jpg", mime="image/jpeg", byte_size=path.stat().st_size, width=2400, height=1800
    )
    return row.id


def connect(channel: str, typed: dict[str, str]) -> Account:
    adapter = adapter_for(channel)
    filled = read_fields(adapter, typed)
    tried = try_filled(adapter, filled)
    assert isinstance(tried, Passed), tried
    with transaction():
        id = connect_account(channel, filled, tried, zone="Asia/Shanghai", by=None, at=clock.now())
    return read_again(Account, id)


def send(post: Any, account: Account) -> Delivery:
    delivery = plan(post, account)
    work_off()
    return seen(delivery)


def seen(delivery: Delivery) -> Delivery:
    db.session.rollback()
    found = read_again(Delivery, delivery.id)
    assert (found.state, found.reason) == ("sent", "")
    return found


def test_bluesky(network: dict[str, Any], cover: int) -> None:
    me, editor = network["accounts"]["publisher"], nadia()
    account = connect(
        "bluesky", {"handle": me["handle"], "password": me["appPassword"], "base": network["pds"]}
    )
    post = make_post(
        "盐会慢慢腐蚀铜", summary="Salt eats copper. " * 40, cover_id=cover, tags=[make_tag("sea")]
    )
    sent = send(post, account)

    def there() -> dict[str, Any]:
        query = {
            "repo": me["did"],
            "collection": "app.bsky.feed.post",
            "rkey": sent.remote_id.rpartition("/")[2],
        }
        answer = httpx.get(f"{network['pds']}/xrpc/com.atproto.repo.getRecord", params=query).json()
        return answer.get("value") or answer

    record = there()
    assert record["text"].startswith("盐会慢慢腐蚀铜\n\nSalt eats copper. Salt")
    assert record["text"].endswith("#SEA")
    (picture,) = record["embed"]["images"]
    assert (picture["alt"], picture["image"]["mimeType"]) == ("A mast in the rain", "image/jpeg")
    blob = {"did": me["did"], "cid": picture["image"]["ref"]["$link"]}
    bytes_there = httpx.get(f"{network['pds']}/xrpc/com.atproto.sync.getBlob", params=blob).content
    assert len(bytes_there) <= 1_000_000
    assert Image.open(io.BytesIO(bytes_there)).size == (
        picture["aspectRatio"]["width"],
        picture["aspectRatio"]["height"],
    )

    revise(post, title="Salt eats copper", summary="Slowly.", cover_id=cover)
    with transaction():
        services.edit_sent(sent.id, by=editor, at=clock.now())
    work_off()
    assert there()["text"].startswith("Salt eats copper\n\nSlowly.")
    assert there()["embed"]["images"][0]["image"] == picture["image"]

    with transaction():
        services.delete_sent(sent.id, by=editor, at=clock.now())
    work_off()
    assert there()["error"] == "RecordNotFound"


def test_wordpress(site: dict[str, Any], cover: int) -> None:
    me = next(one for one in site["accounts"] if one["role"] == "author")
    editor, typed = nadia(), {"url": site["url"], "user": me["user"], "password": me["applicationPassword"]}
    account = connect("wordpress", typed)
    post = make_post(
        "Salt & copper",
        body="盐会慢慢腐蚀铜。\n\n![A mast](/media/up/mast.jpg)",
        cover_id=cover,
        tags=[make_tag("sea")],
    )
    sent = send(post, account)

    def there() -> dict[str, Any]:
        return dict(httpx.get(f"{site['rest']}posts/{sent.remote_id}").json())

    answer = there()
    assert answer["link"] == sent.remote_url
    assert "盐会慢慢腐蚀铜。" in answer["content"]["rendered"]
    picture = httpx.get(f"{site['rest']}media/{answer['featured_media']}").json()
    assert picture["alt_text"] == "A mast in the rain"
    assert f'src="{picture["source_url"]}"' in answer["content"]["rendered"]

    revise(post, title="Copper", body="Paint helps.")
    with transaction():
        services.edit_sent(sent.id, by=editor, at=clock.now())
    work_off()
    assert there()["title"]["rendered"] == "Copper"
    assert "Paint helps." in there()["content"]["rendered"]

    with transaction():
        services.delete_sent(sent.id, by=editor, at=clock.now())
    work_off()
    assert there()["code"] == "rest_forbidden"
