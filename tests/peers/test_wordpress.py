"""WordPress itself."""

import html
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from campaigns.channels.adapter import Disconnected, Done, Later, Missing, Paused, Refused, Seat, Sent, Unsure
from campaigns.channels.articles import slug_of
from campaigns.channels.messages import Message, Part
from campaigns.channels.wordpress.adapter import POST, WordPress
from tests.peers.losing import LosingProxy
from tests.peers.seats import all_but_last, drive, fresh, picture, remote, seat_on

pytestmark = pytest.mark.peers
adapter = WordPress()


@pytest.fixture
def line(site: dict[str, Any]) -> Iterator[LosingProxy]:
    proxy = LosingProxy(("127.0.0.1", urlsplit(site["url"]).port or 80))
    yield proxy
    proxy.close()


def seat_of(site: dict[str, Any], role: str, line: LosingProxy, **settings: str) -> Seat:
    me = next(one for one in site["accounts"] if one["role"] == role)
    where = {"url": f"http://127.0.0.1:{line.port}", "user": me["user"], **settings}
    return seat_on(adapter, where, {"password": me["applicationPassword"]})[0]


@pytest.fixture
def seat(site: dict[str, Any], line: LosingProxy) -> Seat:
    return seat_of(site, "author", line)


@pytest.fixture
def as_reader(site: dict[str, Any]) -> Any:
    def ask(path: str, **query: Any) -> Any:
        return httpx.get(f"{site['rest']}{path}", params=query).json()

    return ask


def illustrated(**more: Any) -> Message:
    address = "https://example.com/media/mast.jpg"
    said = f'<p>盐 eats copper.</p><p><img src="{address}" alt="A mast"></p>'
    return fresh(html=said, cover=picture(9, "image/png", "The sea"), inline=((address, picture(7)),), **more)


def test_it_connects_and_says_who_may_not(site: dict[str, Any], line: LosingProxy, seat: Seat) -> None:
    assert adapter.connect(seat).name == "Peer"
    with pytest.raises(Disconnected) as told:
        adapter.connect(seat_of(site, "subscriber", line))
    assert told.value.field == "user"
    with pytest.raises(Disconnected) as told:
        adapter.connect(replace(seat, secrets={"password": "abcd efgh"}))
    assert told.value.field == "password"


def test_a_post_is_there_with_its_pictures_and_their_words(seat: Seat, as_reader: Any) -> None:
    tag = (
        f"tide {uuid4().hex[:6]}"  # WordPress knows tags whatever their case: one that is there keeps its own
    )
    told = illustrated(title="盐 & copper", tags=(tag, "盐"))
    sent = drive(adapter, told, seat)
    post = as_reader(f"posts/{remote(sent)['remote_id']}", _embed=1)
    assert post["status"] == "publish"
    assert html.unescape(post["title"]["rendered"]) == "盐 & copper"
    cover = as_reader(f"media/{post['featured_media']}")
    assert cover["alt_text"] == "The sea"
    inside = as_reader(f"media/{sent.data['uploads']['7'][0]}")  # type: ignore[union-attr]
    assert inside["alt_text"] == "A mast & its sail"
    assert f'src="{inside["source_url"]}"' in post["content"]["rendered"]
    assert httpx.get(inside["source_url"]).headers["content-type"] == "image/jpeg"
    assert sorted(as_reader(f"tags/{one}")["name"] for one in post["tags"]) == [tag, "盐"]
    assert post["link"] == remote(sent)["url"]


def test_tags_that_are_there_are_used_again(seat: Seat, as_reader: Any) -> None:
    first, second = drive(adapter, fresh(tags=("metal",)), seat), drive(adapter, fresh(tags=("Metal",)), seat)
    tags = [as_reader(f"posts/{remote(one)['remote_id']}")["tags"] for one in (first, second)]
    assert tags[0] == tags[1] != []


def test_an_editor_makes_categories_and_an_author_does_not(
    site: dict[str, Any], line: LosingProxy, as_reader: Any
) -> None:
    author = seat_of(site, "author", line, categories="Made by an author")
    editor = seat_of(site, "administrator", line, categories="Metal")
    posts = [
        as_reader(f"posts/{remote(drive(adapter, fresh(), one))['remote_id']}") for one in (author, editor)
    ]
    names = [as_reader(f"categories/{one['categories'][0]}")["name"] for one in posts]
    assert names == ["Uncategorized", "Metal"]


def test_a_lost_answer_is_looked_up_and_there_is_one_post(
    seat: Seat, line: LosingProxy, as_reader: Any
) -> None:
    told = illustrated()
    made = all_but_last(adapter, told, seat)
    line.loses = True
    assert isinstance(adapter.send(POST, told, seat, made), Unsure)
    line.loses = False
    found = adapter.find(POST, told, seat, made)
    assert isinstance(found, Sent)
    assert [one["id"] for one in as_reader("posts", slug=slug_of(told))] == [int(found.remote_id)]


def test_a_lost_answer_of_a_draft_is_looked_up_too(seat: Seat, line: LosingProxy, as_reader: Any) -> None:
    told, seat = fresh(), replace(seat, mode="draft")
    made = all_but_last(adapter, told, seat)
    line.loses = True
    assert isinstance(adapter.send(POST, told, seat, made), Unsure)
    line.loses = False
    found = adapter.find(POST, told, seat, made)
    assert isinstance(found, Sent)
    assert found.is_draft
    assert as_reader("posts", slug=slug_of(told)) == []


def test_a_story_without_a_link_is_found_by_its_mark(seat: Seat, line: LosingProxy) -> None:
    told = fresh("Salt", link="", tags=())
    line.loses = True
    assert isinstance(adapter.send(POST, told, seat, {}), Unsure)
    line.loses = False
    assert isinstance(adapter.find(POST, told, seat, {}), Sent)


def test_a_lost_upload_is_made_again(seat: Seat, line: LosingProxy) -> None:
    told = fresh(cover=picture(9), tags=())
    upload = adapter.steps(told, {})[0]
    line.loses = True
    assert isinstance(adapter.send(upload, told, seat, {}), Later)
    line.loses = False
    assert isinstance(drive(adapter, told, seat), Sent)


def test_what_never_arrived_is_missing(seat: Seat, line: LosingProxy) -> None:
    told = fresh(tags=())
    line.cut()
    assert isinstance(adapter.send(POST, told, seat, {}), Later | Unsure)
    line.mend()
    assert adapter.find(POST, told, seat, {}) == Missing()


def test_a_second_post_is_taken_away_at_once(seat: Seat, as_reader: Any) -> None:
    told = fresh()
    first = drive(adapter, told, seat)
    again = drive(adapter, told, seat)
    assert remote(again)["remote_id"] == remote(first)["remote_id"]
    assert as_reader("posts", slug=f"{slug_of(told)}-2") == []


def test_it_is_edited_with_a_new_picture(seat: Seat, as_reader: Any) -> None:
    told = fresh(cover=picture(9))
    sent = drive(adapter, told, seat)
    changed = replace(told, title="Copper", parts=(Part("Salt", (picture(9), picture(8, alt="A hull"))),))
    edited = adapter.edit(changed, seat, remote(sent))
    post = as_reader(f"posts/{remote(edited)['remote_id']}")
    assert post["title"]["rendered"] == "Copper"
    assert post["slug"] == slug_of(told)
    assert 'alt="A hull"' in post["content"]["rendered"]
    assert sorted(remote(edited)["uploads"]) == ["8", "9"]


def test_it_is_deleted_and_gone_is_done(seat: Seat, as_reader: Any) -> None:
    told = fresh()
    sent = drive(adapter, told, seat)
    for _ in range(2):
        assert adapter.delete(seat, remote(sent)) == Done()
    assert as_reader(f"posts/{remote(sent)['remote_id']}")["code"] == "rest_forbidden"
    assert adapter.find(POST, told, seat, {}) == Missing()
    assert adapter.delete(seat, {"remote_id": "999999"}) == Done()


def test_what_it_does_not_take_is_refused_in_its_words(seat: Seat) -> None:
    outcome = drive(adapter, fresh(cover=picture(9, "application/x-php")), seat)
    assert isinstance(outcome, Refused)
    assert "not allowed" in outcome.reason


def test_a_user_without_the_right_pauses_and_so_does_a_wrong_password(
    site: dict[str, Any], line: LosingProxy, seat: Seat
) -> None:
    told = fresh(tags=())
    assert isinstance(drive(adapter, told, seat_of(site, "subscriber", line)), Paused)
    assert isinstance(drive(adapter, told, replace(seat, secrets={"password": "no"})), Paused)


def test_comments_are_counted(site: dict[str, Any], seat: Seat) -> None:
    id = remote(drive(adapter, fresh(), seat))["remote_id"]
    admin = next(one for one in site["accounts"] if one["role"] == "administrator")
    said = httpx.post(
        f"{site['rest']}comments",
        json={"post": int(id), "content": f"Paint helps, says {id}."},
        auth=(admin["user"], admin["applicationPassword"]),
    )
    assert said.status_code == 201
    assert adapter.metrics(seat, [{"remote_id": id}, {"remote_id": "999999"}])[id] == {"comments": 1}
