"""Bluesky, against a personal data server of the AT Protocol."""

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from campaigns.channels.adapter import Disconnected, Done, Later, Missing, Paused, Refused, Seat, Sent, Unsure
from campaigns.channels.bluesky.adapter import Bluesky
from campaigns.channels.bluesky.records import COLLECTION, key_of
from campaigns.channels.messages import Limits, Part
from tests.peers.losing import LosingProxy
from tests.peers.seats import all_but_last, drive, fresh, picture, picture_bytes, remote, seat_on

pytestmark = pytest.mark.peers
adapter = Bluesky()
CONTROL = f"http://127.0.0.1:{os.environ.get('CTL_PORT', '2589')}/"
ANYTHING = Limits(pictures=4)  # so that the server is asked where we would have refused


@pytest.fixture
def app_view(network: dict[str, Any]) -> Any:
    """What readers of the app see, by address."""
    if not network["appview"]:
        pytest.skip("the Bluesky network runs without its app view: that needs PostgreSQL and redis-server")

    def read(uri: str) -> dict[str, Any]:
        httpx.get(f"{CONTROL}process", timeout=60)  # until it has caught up
        answer = httpx.get(f"{network['appview']}/xrpc/app.bsky.feed.getPosts", params={"uris": uri})
        return next(iter(answer.json()["posts"]), {})

    return read


@pytest.fixture
def line(network: dict[str, Any]) -> Iterator[LosingProxy]:
    parts = urlsplit(network["pds"])
    proxy = LosingProxy(("127.0.0.1", parts.port or 80))
    yield proxy
    proxy.close()


@pytest.fixture(scope="module")
def session() -> dict[str, str]:
    return {}  # logging in is limited: the tests share what one of them got


@pytest.fixture
def seat(network: dict[str, Any], line: LosingProxy, session: dict[str, str]) -> Seat:
    me = network["accounts"]["publisher"]
    settings = {"handle": me["handle"], "base": f"http://127.0.0.1:{line.port}"}
    made, _kept = seat_on(adapter, settings, {"password": me["appPassword"]})
    return replace(
        made,
        secrets_now=lambda: {**made.secrets, **session},
        keep=lambda new, _ends_at: session.update(new),
    )


@pytest.fixture
def records(network: dict[str, Any]) -> Any:
    def read() -> list[dict[str, Any]]:
        query: dict[str, Any] = {
            "repo": network["accounts"]["publisher"]["did"],
            "collection": COLLECTION,
            "limit": 100,
        }
        answer = httpx.get(f"{network['pds']}/xrpc/com.atproto.repo.listRecords", params=query)
        return list(answer.json()["records"])

    return read


def test_it_connects_and_a_wrong_password_does_not(seat: Seat, network: dict[str, Any]) -> None:
    assert adapter.connect(seat).remote_id == network["accounts"]["publisher"]["did"]
    with pytest.raises(Disconnected) as told:
        adapter.connect(replace(seat, secrets={"password": "abcd-efgh-ijkl-mnop"}))
    assert told.value.field == "password"


def test_a_post_is_there_with_its_links_mentions_and_tags(seat: Seat, records: Any, network: Any) -> None:
    reader = network["accounts"]["reader"]
    told = fresh(f"👨‍👩‍👧‍👦盐 @{reader['handle']} https://example.com/l/abc12 #海")
    sent = drive(adapter, told, seat)
    record = next(one for one in records() if one["uri"] == remote(sent)["remote_id"])["value"]
    assert record["text"] == told.text
    features = [one["features"][0] for one in record["facets"]]
    assert [one.get("did") or one.get("uri") or one.get("tag") for one in features] == [
        reader["did"],
        "https://example.com/l/abc12",
        "海",
    ]
    assert record["embed"]["external"]["title"] == told.title


def test_pictures_are_there_with_their_words(seat: Seat, records: Any, network: Any) -> None:
    told = replace(fresh(), parts=(Part("Salt", (picture(1), picture(2, "image/png", "The sea"))),))
    sent = drive(adapter, told, seat)
    record = next(one for one in records() if one["uri"] == remote(sent)["remote_id"])["value"]
    images = record["embed"]["images"]
    assert [one["alt"] for one in images] == ["A mast & its sail", "The sea"]
    assert images[0]["aspectRatio"] == {"width": 80, "height": 60}
    query = {"did": network["accounts"]["publisher"]["did"], "cid": images[0]["image"]["ref"]["$link"]}
    blob = httpx.get(f"{network['pds']}/xrpc/com.atproto.sync.getBlob", params=query)
    assert blob.content == picture_bytes("image/jpeg")


def test_a_card_shows_the_cover(seat: Seat, records: Any) -> None:
    sent = drive(adapter, fresh(cover=picture(9)), seat)
    record = next(one for one in records() if one["uri"] == remote(sent)["remote_id"])["value"]
    assert record["embed"]["external"]["thumb"]["mimeType"] == "image/jpeg"


def test_the_same_delivery_again_is_the_same_post(seat: Seat, records: Any) -> None:
    told = fresh()
    first = drive(adapter, told, seat)
    before = len(records())
    assert drive(adapter, told, seat) == first
    assert len(records()) == before


def test_what_stands_under_our_key_is_not_overwritten(seat: Seat, records: Any) -> None:
    told = fresh("As it was edited there")
    first = drive(adapter, told, seat)
    again = drive(adapter, replace(told, parts=(Part("Salt"),)), seat)
    assert remote(again)["remote_id"] == remote(first)["remote_id"]
    kept = next(one for one in records() if one["uri"] == remote(first)["remote_id"])
    assert kept["value"]["text"] == "As it was edited there"


def test_a_lost_answer_is_looked_up_and_there_is_one_post(
    seat: Seat, line: LosingProxy, records: Any
) -> None:
    told = fresh(cover=picture(9))
    made, step = all_but_last(adapter, told, seat), adapter.steps(told, {})[-1]
    before = len(records())
    line.loses = True
    assert isinstance(adapter.send(step, told, seat, made), Unsure)
    line.loses = False
    found = adapter.find(step, told, seat, made)
    assert remote(found)["remote_id"].endswith(key_of(told, 0))
    assert len(records()) == before + 1


def test_what_never_arrived_is_missing(seat: Seat, line: LosingProxy) -> None:
    told = fresh()
    step = adapter.steps(told, {})[-1]
    drive(adapter, fresh(), seat)  # a session
    line.cut()
    assert isinstance(adapter.send(step, told, seat, {}), Later | Unsure)
    line.mend()
    assert adapter.find(step, told, seat, {}) == Missing()


def test_a_thread_goes_on_where_its_answer_was_lost(seat: Seat, line: LosingProxy, records: Any) -> None:
    told = replace(fresh(), parts=(Part("One"), Part("Two"), Part("Three")))
    one, two, three = adapter.steps(told, {})
    made = {one.key: adapter.send(one, told, seat, {}).data}  # type: ignore[union-attr]
    line.loses = True
    assert isinstance(adapter.send(two, told, seat, made), Unsure)
    line.loses = False
    found = adapter.find(two, told, seat, made)
    assert isinstance(found, Done)
    made[two.key] = found.data
    sent = adapter.send(three, told, seat, made)
    uris = [each["uri"] for each in remote(sent)["parts"]]
    replies = {each["uri"]: each["value"].get("reply") for each in records() if each["uri"] in uris}
    assert [replies[uri] and replies[uri]["parent"]["uri"] for uri in uris] == [None, uris[0], uris[1]]
    assert all(replies[uri]["root"]["uri"] == uris[0] for uri in uris[1:])


def test_it_is_edited_and_deleted(seat: Seat, records: Any) -> None:
    told = replace(fresh(), parts=(Part("One", (picture(1),)), Part("Two")))
    sent = drive(adapter, told, seat)
    changed = replace(
        told, parts=(Part("Uno", (picture(1, alt="A tall mast"),)), Part("Due https://example.org"))
    )
    edited = adapter.edit(changed, seat, remote(sent))
    uris = [one["uri"] for one in remote(edited)["parts"]]
    values = {one["uri"]: one["value"] for one in records()}
    assert [values[one]["text"] for one in uris] == ["Uno", "Due https://example.org"]
    assert values[uris[0]]["embed"]["images"][0]["alt"] == "A tall mast"
    for _ in range(2):
        assert adapter.delete(seat, remote(edited)) == Done()
    assert not {one["uri"] for one in records()} & set(uris)
    assert adapter.find(adapter.steps(told, {})[-1], told, seat, {}) == Missing()


def test_readers_see_an_edited_text(seat: Seat, app_view: Any) -> None:
    told = fresh("As it was first")
    sent = remote(drive(adapter, told, seat))
    assert app_view(sent["remote_id"])["record"]["text"] == "As it was first"
    adapter.edit(replace(told, parts=(Part("As it is now"),)), seat, sent)
    assert app_view(sent["remote_id"])["record"]["text"] == "As it is now"
    adapter.delete(seat, sent)
    assert app_view(sent["remote_id"]) == {}


def test_figures_are_those_readers_see(seat: Seat, app_view: Any, network: dict[str, Any]) -> None:
    reader = network["accounts"]["reader"]
    sent = remote(drive(adapter, fresh(), seat))
    call = f"{network['pds']}/xrpc/com.atproto."
    opened = {"identifier": reader["handle"], "password": reader["appPassword"]}
    token = httpx.post(f"{call}server.createSession", json=opened).json()["accessJwt"]
    like = {
        "$type": "app.bsky.feed.like",
        "createdAt": "2026-11-21T12:00:00Z",
        "subject": {"uri": sent["remote_id"], "cid": sent["cid"]},
    }
    httpx.post(
        f"{call}repo.createRecord",
        headers={"Authorization": f"Bearer {token}"},
        json={"repo": reader["did"], "collection": like["$type"], "record": like},
    ).raise_for_status()
    app_view(sent["remote_id"])
    asked = replace(seat, settings={**seat.settings, "app_view": network["appview"]})
    figures = adapter.metrics(asked, [sent, {"remote_id": "at://did:plc:nobody/app.bsky.feed.post/none"}])
    assert figures == {
        sent["remote_id"]: {"likes": 1, "reposts": 0, "replies": 0, "quotes": 0, "bookmarks": 0}
    }


@pytest.mark.parametrize(("fits", "over"), [("盐" * 300, "盐"), ("👨‍👩‍👧‍👦" * 120, "👨‍👩‍👧‍👦")])
def test_its_limits_are_those_we_keep(seat: Seat, fits: str, over: str) -> None:
    assert isinstance(drive(adapter, fresh(fits), seat), Sent)
    outcome = drive(adapter, fresh(fits + over), replace(seat, limits=ANYTHING))
    assert isinstance(outcome, Refused)
    assert "too big" in outcome.reason
    assert isinstance(drive(adapter, fresh(fits + over), seat), Refused)


def test_a_picture_over_its_limit_is_refused(seat: Seat) -> None:
    large = replace(seat, read=lambda _picture: picture_bytes("image/jpeg") + b"x" * 1_000_000)
    outcome = drive(adapter, replace(fresh(), parts=(Part("Salt", (picture(1),)),)), large)
    assert isinstance(outcome, Refused)


def test_a_token_that_is_no_longer_good_is_renewed(seat: Seat, session: dict[str, str]) -> None:
    drive(adapter, fresh(), seat)
    refresh = session["refresh"]
    session["access"] = session["access"][:-6] + "AAAAAA"
    assert isinstance(drive(adapter, fresh(), seat), Sent)
    assert session["refresh"] != refresh
    session |= {"access": "nonsense", "refresh": "nonsense"}
    assert isinstance(drive(adapter, fresh(), seat), Sent)


def test_an_account_that_was_taken_down_pauses(seat: Seat, network: dict[str, Any]) -> None:
    control, did = f"{CONTROL}takedown", network["accounts"]["publisher"]["did"]
    drive(adapter, fresh(), seat)
    httpx.get(control, params={"did": did})
    try:
        assert isinstance(drive(adapter, fresh(), seat), Paused)
    finally:
        httpx.get(control, params={"did": did, "off": "1"})
