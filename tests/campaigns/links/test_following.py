"""Following a link: to the right place, without a word about the visitor, and without asking the database."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from campaigns.links import shelf
from campaigns.links.clicks import new_click_id
from campaigns.links.models import Link
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.pagecache import touch
from tests.campaigns.links.making import make_link
from tests.factories import nadia

Heard = list[tuple[int, str, Mapping[str, Any], bool]]
PARTNER = "https://partner.example.com/shop?b=2&a=1#top"


@pytest.fixture
def heard(app: Flask) -> Iterator[Heard]:
    """What a listener was told."""
    told: Heard = []
    listeners = app.extensions["parley_clicks"]
    listeners.append(lambda *click: told.append(click))
    yield told
    listeners.pop()


@pytest.fixture(autouse=True)
def empty_shelf(app: Flask) -> None:
    app.extensions["parley_links"].seen.clear()
    app.extensions["parley_links"].database_is_away_until = 0.0


def change(link: Link, **fields: object) -> None:
    with transaction():
        row = db.session.get(Link, link.id)
        assert row is not None
        for name, value in fields.items():
            setattr(row, name, value)
        touch("links")


def test_a_link_leads_to_its_target_with_its_values_and_a_click_id(client: FlaskClient) -> None:
    link = make_link(PARTNER, by=nadia())
    answer = client.get(f"/l/{link.code}")
    assert answer.status_code == 302
    assert re.fullmatch(
        r"https://partner\.example\.com/shop\?b=2&a=1&utm_source=mastodon&utm_medium=social&pcid=[\w-]{12}#top",
        answer.headers["Location"],
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "target",
    [
        "https://e.example.com/a[1]/?b[]=1&c=%5B%5D&d=a+b%20c;e=~",
        "https://e.example.com/%E6%98%A5/?%E6%98%A5=%e6%98%a5&&x&=y",
        "https://e_1.example.com:8443/?a='(*)!$",
        "https://xn--fsqu00a.example/?q=https://other.example/%3Fz%3D1",
    ],
)
@pytest.mark.parametrize("fragment", ["", "#", "#/route?x=1&y[]=2"])
def test_the_address_leaves_as_it_was_given(client: FlaskClient, target: str, fragment: str) -> None:
    link = make_link(target + fragment, by=nadia())
    location = client.get(f"/l/{link.code}").headers["Location"]
    added = f"&utm_source=mastodon&utm_medium=social&pcid={location.rpartition('pcid=')[2][:12]}"
    assert location == target + added + fragment


def test_every_click_has_an_id_of_its_own(client: FlaskClient, heard: Heard) -> None:
    link = make_link()
    ids = [client.get(f"/l/{link.code}").headers["Location"].rpartition("pcid=")[2] for _ in range(3)]
    assert len(set(ids)) == 3
    assert [(link_id, click_id) for link_id, click_id, *_ in heard] == [(link.id, one) for one in ids]


def test_who_counts_is_told_what_tells_people_from_machines(client: FlaskClient, heard: Heard) -> None:
    link = make_link()
    client.get(
        f"/l/{link.code}?qr",
        headers={
            "User-Agent": "Reader/1",
            "Referer": "https://social.example/",
            "Sec-Purpose": "Prefetch",
            "Accept-Language": "zh",
        },
    )
    client.get(f"/l/{link.code}", headers={"User-Agent": "Reader/1"})
    names = "REMOTE_ADDR", "HTTP_USER_AGENT", "HTTP_REFERER", "HTTP_SEC_PURPOSE", "HTTP_ACCEPT_LANGUAGE"
    assert [([environ.get(name) for name in names], is_scan) for _, _, environ, is_scan in heard] == [
        (["127.0.0.1", "Reader/1", "https://social.example/", "Prefetch", "zh"], True),
        (["127.0.0.1", "Reader/1", None, None, None], False),
    ]


@pytest.mark.parametrize("prefix", ["", "/zh"])
def test_a_head_answers_the_same_and_never_counts(client: FlaskClient, heard: Heard, prefix: str) -> None:
    link = make_link()
    answer = client.head(f"{prefix}/l/{link.code}")
    assert (answer.status_code, answer.data) == (302, b"")
    assert answer.headers["Location"].startswith("http://localhost/posts/spring-notes?utm_source=mastodon&")
    assert heard == []


def test_a_listener_that_fails_stops_nobody(app: Flask, client: FlaskClient, heard: Heard) -> None:
    def fails(*click: object) -> None:
        raise RuntimeError("the disk is full")

    app.extensions["parley_clicks"].insert(0, fails)
    try:
        assert client.get(f"/l/{make_link().code}").status_code == 302
    finally:
        app.extensions["parley_clicks"].remove(fails)
    assert len(heard) == 1


def test_a_link_that_was_followed_is_followed_again_without_a_query(
    client: FlaskClient, count_queries: list[str]
) -> None:
    link = make_link()
    client.get(f"/l/{link.code}")
    count_queries.clear()
    assert client.get(f"/l/{link.code}").status_code == 302
    assert count_queries == []


@pytest.mark.parametrize("asked", ["", "?qr"])
def test_a_link_that_was_followed_is_followed_again_before_flask(
    app: Flask, client: FlaskClient, heard: Heard, asked: str
) -> None:
    link = make_link(PARTNER, by=nadia())
    reached: list[str] = []
    app.before_request_funcs.setdefault(None, []).append(lambda: reached.append(request.path))
    try:
        first, second = (client.get(f"/l/{link.code}{asked}") for _ in range(2))
        head = client.head(f"/l/{link.code.upper()}{asked}")
        client.get(f"/l/{link.code}?x=1")
    finally:
        app.before_request_funcs[None].pop()
    assert reached == [f"/l/{link.code}"] * 2  # the first, and the one that is no plain case
    for again in (second, head):
        assert again.status == first.status
        told = [
            sorted((name, value) for name, value in answer.headers if name != "Location")
            for answer in (first, again)
        ]
        assert told[0] == told[1]
        assert again.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"  # of the way on
        assert "Content-Security-Policy" not in again.headers  # nothing is shown
        assert again.headers["Location"][:-16] == first.headers["Location"][:-16]
    assert [(environ["HTTP_USER_AGENT"][:10], is_scan) for _, _, environ, is_scan in heard] == [
        ("Werkzeug/3", bool(asked)),
        ("Werkzeug/3", bool(asked)),
        ("Werkzeug/3", False),
    ]


def test_a_change_is_followed_at_once(client: FlaskClient) -> None:
    link = make_link()
    client.get(f"/l/{link.code}")
    change(link, target="http://localhost/posts/autumn-notes")
    assert (
        client.get(f"/l/{link.code}").headers["Location"].startswith("http://localhost/posts/autumn-notes?")
    )


def test_a_change_made_while_it_is_read_is_not_missed(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = make_link()
    read = shelf.find_destination

    def slowly(code: str) -> object:
        found = read(code)
        change(link, target="http://localhost/posts/autumn-notes")
        return found

    monkeypatch.setattr(shelf, "find_destination", slowly)
    client.get(f"/l/{link.code}")
    monkeypatch.setattr(shelf, "find_destination", read)
    assert (
        client.get(f"/l/{link.code}").headers["Location"].startswith("http://localhost/posts/autumn-notes?")
    )


def test_with_the_database_away_what_was_seen_is_served(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, unseen = make_link(), make_link()
    client.get(f"/l/{seen.code}")
    asked = []

    def is_away(code: str) -> object:
        asked.append(code)
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr(shelf, "find_destination", is_away)
    with transaction():
        touch("links")
    assert [client.get(f"/l/{seen.code}").status_code for _ in range(3)] == [302, 302, 302]
    assert asked == [seen.code]  # and left alone for a while
    assert client.get(f"/l/{unseen.code}").status_code == 503


def test_the_shelf_has_an_end(app: Flask) -> None:
    links = [make_link() for _ in range(3)]
    small = shelf.Shelf(capacity=2)
    found = [small.find(link.code) for link in links]
    assert [one.link_id for one in found if one] == [link.id for link in links]
    assert list(small.seen) == [links[1].code, links[2].code]
    assert small.find("2345678") is None
    assert list(small.seen) == [links[1].code, links[2].code]


def test_what_is_no_code_is_a_page_that_is_not_there(client: FlaskClient, count_queries: list[str]) -> None:
    for address in ("/l/2345678", "/l/spring", "/l/00000000", "/l/%E6%98%A5", "/l/2345678+"):
        assert client.get(address).status_code == 404
    assert sum("FROM links" in one for one in count_queries) == 2  # the two that could be codes


def test_a_code_typed_in_capitals_is_followed(client: FlaskClient) -> None:
    assert client.get(f"/l/{make_link().code.upper()}").status_code == 302


def test_an_expired_link_says_so_in_the_readers_language(client: FlaskClient, heard: Heard) -> None:
    link = make_link()
    change(link, expires_at=clock.now() + timedelta(hours=1))
    assert client.get(f"/l/{link.code}").status_code == 302
    with clock.stopped(clock.now() + timedelta(hours=1)):
        answer = client.get(f"/l/{link.code}", headers={"Accept-Language": "zh"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (410, "no-store")
    assert "<title>这个链接已经结束" in answer.text
    assert 'href="/">首页</a>' in answer.text
    assert len(heard) == 1


def test_an_ended_link_leads_to_its_replacement(client: FlaskClient, heard: Heard) -> None:
    link = make_link()
    change(link, ended_at=clock.now(), replacement="http://localhost/posts/what-came-of-it")
    answer = client.get(f"/l/{link.code}")
    assert answer.headers["Location"].startswith(
        "http://localhost/posts/what-came-of-it?utm_source=mastodon&utm_medium=social&pcid="
    )
    assert len(heard) == 1


def test_a_target_that_leads_back_ends_there(client: FlaskClient, heard: Heard) -> None:
    link = make_link("https://partner.example.com/", by=nadia())
    answer = client.get(f"/l/{link.code}?pcid=abc")
    assert (answer.status_code, "Location" in answer.headers) == (508, False)
    assert heard == []


def test_the_preview_says_where_it_leads_and_leads_nowhere(client: FlaskClient, heard: Heard) -> None:
    link = make_link(PARTNER, by=nadia())
    answer = client.get(f"/l/{link.code}+")
    assert answer.status_code == 200
    assert "This link leads to partner.example.com" in answer.text
    assert "https://partner.example.com/shop?b=2&amp;a=1#top" in answer.text
    assert "<code>utm_source=mastodon</code>" in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in answer.text
    assert heard == []


def test_the_preview_of_a_link_that_is_over_says_so(client: FlaskClient) -> None:
    link = make_link()
    change(link, ended_at=clock.now())
    answer = client.get(f"/l/{link.code}+")
    assert (answer.status_code, "This link is over" in answer.text, "Go there" in answer.text) == (
        200,
        True,
        False,
    )


def test_a_page_of_ours_is_kept_once_however_one_came(client: FlaskClient) -> None:
    first = client.get("/?utm_source=mastodon&pcid=abcdefghijkl")
    second = client.get("/?pcid=zyxwvutsrqpo")
    assert "pcid" not in first.text
    assert first.text == second.text
    assert first.headers["ETag"] == second.headers["ETag"]


def test_click_ids_do_not_repeat_and_are_twelve_letters_of_an_address() -> None:
    ids = [new_click_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert [one for one in ids if not re.fullmatch(r"[\w-]{12}", one, re.ASCII)] == []


def test_click_ids_of_one_hour_begin_alike_and_of_the_next_otherwise() -> None:
    begins = []
    for minute in (0, 59, 60):
        with clock.stopped(datetime(2026, 11, 30, 9, tzinfo=UTC) + timedelta(minutes=minute)):
            begins.append(new_click_id()[:4])
    assert begins[0] == begins[1] != begins[2]
