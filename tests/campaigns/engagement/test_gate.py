"""What pages may say, and what is made of what others say in their place."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from lxml import html

from campaigns.channels.letters import DECOY
from campaigns.engagement.clients import DESK_COOKIE, Choices, Clients
from campaigns.engagement.gate import GIF, Gate
from campaigns.engagement.lines import Line
from cms.core import clock
from tests.campaigns.engagement.conftest import FIREFOX, NOW
from tests.campaigns.links.making import make_link
from tests.factories import make_post, nadia, rae, sign_in

Lines = Callable[[], list[Line]]
VIEW = {"k": "view", "s": "post:12", "v": "ff02", "n": "0"}


def beacon(client: FlaskClient, said: dict[str, str] | bytes = VIEW, **headers: str) -> None:
    """What `sendBeacon` posts; the answer is the same whatever is sent."""
    body = said if isinstance(said, bytes) else urlencode(said).encode()
    answer = client.post("/e", data=body, content_type="text/plain", headers=headers)
    assert (answer.status_code, answer.data, answer.headers["Cache-Control"]) == (204, b"", "no-store")
    assert "Set-Cookie" not in answer.headers


def test_a_view_becomes_a_line_without_asking_the_database(
    reader: FlaskClient, lines: Lines, count_queries: list[str]
) -> None:
    before = len(count_queries)
    beacon(
        reader,
        {
            **VIEW,
            "c": "abcDEF-_1234",
            "r": "https://www.social.example/@a/1?secret=1",
            "u": "mastodon|social|||",
        },
        Accept_Language="zh-CN,zh;q=0.9",
    )
    (line,) = lines()
    assert len(count_queries) == before
    assert line.visitor > 0
    assert line == Line(
        at=NOW,
        kind="view",
        hints="P",
        visitor=line.visitor,
        subject="post:12",
        click="abcDEF-_1234",
        view=0xFF02 >> 1,
        referrer="social.example/@a/1",
        utm="mastodon|social|||",
        language="zh-CN",
        device="d",
        agent="browser:firefox",
    )


def test_neither_address_nor_agent_nor_cookie_is_in_the_line(
    reader: FlaskClient, counting: Gate, lines: Lines
) -> None:
    reader.set_cookie("someone", "once")
    beacon(reader)
    assert len(lines()) == 1
    (path,) = counting.spool.folder.glob("*.events")
    said = path.read_text()
    assert [word for word in ("127.0.0.1", "Mozilla", "Firefox/", "once", "localhost") if word in said] == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"k=view&s=post:1&x=" + b"a" * 2048, "oversize"),
        (b"", "nonsense"),
        (b"\xff\xfe", "nonsense"),
        (b"&".join(b"a=1" for _ in range(40)), "nonsense"),
        (b"k=conversion&s=post:1", "nonsense"),
        (b"k=view&s=post:0", "nonsense"),
        (b"k=view&s=post:12345678901", "nonsense"),
        (b"k=view&s=link:1", "nonsense"),
        (b"k=view&s=https://other.example/", "nonsense"),
        (b"k=read&s=post:1&t=5", "nonsense"),
        (b"k=read&s=post:1&v=2&t=3601", "nonsense"),
        (b"k=read&s=post:1&v=2&t=-1", "nonsense"),
        (b"k=read&s=post:1&v=2&t=5&d=101", "nonsense"),
        (b"k=read&s=post:1&v=2&t=5&n=63", "nonsense"),
    ],
)
def test_what_no_page_of_ours_says_is_refused(
    reader: FlaskClient, counting: Gate, lines: Lines, said: bytes, why: str
) -> None:
    counting.refused.clear()
    beacon(reader, said)
    assert (lines(), dict(counting.refused)) == ([], {why: 1})


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://other.example"},
        {"Origin": "null"},
        {"Referer": "https://localhost.other.example/a"},
    ],
)
def test_a_page_of_another_site_is_not_heard(
    reader: FlaskClient, counting: Gate, lines: Lines, headers: dict[str, str]
) -> None:
    counting.refused.clear()
    beacon(reader, **headers)
    assert (lines(), dict(counting.refused)) == ([], {"foreign": 1})


def test_a_page_of_ours_and_one_that_says_nothing_are_heard(reader: FlaskClient, lines: Lines) -> None:
    beacon(reader, Origin="http://localhost")
    del reader.environ_base["HTTP_SEC_FETCH_SITE"]
    beacon(reader)
    assert [line.subject for line in lines()] == ["post:12", "post:12"]


def test_what_a_browser_says_of_time_is_not_asked_for(reader: FlaskClient, lines: Lines) -> None:
    beacon(reader, {**VIEW, "at": "4102444800000"})
    assert [line.at for line in lines()] == [NOW]


@pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
@pytest.mark.parametrize(("choice", "kept"), [("unlink", [(0, 0, "")]), ("drop", []), ("ignore", None)])
def test_who_asks_not_to_be_tracked(
    reader: FlaskClient, counting: Gate, lines: Lines, header: str, choice: str, kept: list[Any] | None
) -> None:
    clients = counting.clients
    counting.clients = Clients(clients.salts, Choices(clients.choices.hosts, choice))
    try:
        beacon(reader, {**VIEW, "c": "abcDEF-_1234"}, **{header: "1"})
        beacon(reader, {**VIEW, "k": "read", "t": "12"}, **{header: "1"})
        reader.get(f"/l/{make_link().code}", headers={header: "1"})
    finally:
        counting.clients = clients
    found = [(line.visitor, line.view, line.click) for line in lines() if line.kind == "view"]
    if kept is None:
        assert [line.kind for line in lines()] == ["view", "read", "click"]
        assert (found[0][0] > 0, found[0][1:]) == (True, (0xFF02 >> 1, "abcDEF-_1234"))
        return
    assert found == kept
    assert [(line.visitor, line.click) for line in lines() if line.kind == "click"] == [(0, "")] * len(kept)


def test_pages_without_script_ask_for_a_picture(reader: FlaskClient, lines: Lines) -> None:
    answer = reader.get("/e.gif?s=post:7")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, GIF, "image/gif")
    assert answer.headers["Cache-Control"] == "no-store"
    assert reader.head("/e.gif?s=post:7").data == b""
    assert [(line.kind, line.subject, line.hints, line.view) for line in lines()] == [
        ("view", "post:7", "Gn", 0),
        ("view", "post:7", "Hn", 0),
    ]


def test_the_same_picture_is_a_line_for_each_who_asks(
    reader: FlaskClient, counting: Gate, lines: Lines
) -> None:
    """What is written of it is remembered; nothing of what tells people apart may get lost by that."""
    at, before = clock.now(), Counter(counting.refused)
    for later, headers in enumerate(
        (
            {},
            {},
            {"User-Agent": "Opera/9.80 (Windows NT 6.1)"},
            {"Accept-Language": "zh"},
            {"Purpose": "prefetch"},
            {"DNT": "1"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Referer": "https://other.example/"},
            {"Origin": "https://other.example"},
        )
    ):
        with clock.stopped(at + timedelta(seconds=later)):
            reader.get("/e.gif?s=post:7", headers=headers)
    reader.get("/e.gif?s=post:8")
    reader.set_cookie(DESK_COOKIE, "1")
    reader.get("/e.gif?s=post:8")
    told = [(line.at - NOW, line.hints, line.subject, line.language) for line in lines()]
    assert told == [
        (0, "Gn", "post:7", ""),
        (1000, "Gn", "post:7", ""),
        (2000, "Gn", "post:7", ""),
        (3000, "Gn", "post:7", "zh"),
        (4000, "Gpn", "post:7", ""),
        (5000, "Gdn", "post:7", ""),
        (0, "Gn", "post:8", ""),
        (0, "Gsn", "post:8", ""),
    ]
    assert len({line.visitor for line in lines()}) == 3  # one of them nobody
    assert counting.refused - before == {"foreign": 3}


def test_a_link_followed_twice_is_two_lines_that_differ_by_the_id_and_the_moment(
    reader: FlaskClient, lines: Lines
) -> None:
    link, at = make_link(), clock.now()
    for later, headers in ((0, {}), (3, {}), (6, {"Referer": "https://social.example/@a"})):
        with clock.stopped(at + timedelta(seconds=later)):
            reader.get(f"/l/{link.code}", headers=headers)
    once, again, elsewhere = lines()
    assert again == replace(once, at=NOW + 3000, click=again.click)
    assert elsewhere == replace(once, at=NOW + 6000, click=elsewhere.click, referrer="social.example/@a")
    assert len({once.click, again.click, elsewhere.click}) == 3


def test_only_posts_are_heard_at_the_address(reader: FlaskClient, lines: Lines) -> None:
    assert reader.get("/e").status_code == 404
    assert lines() == []


def test_a_click_becomes_a_line_with_the_same_person(reader: FlaskClient, lines: Lines) -> None:
    link = make_link()
    click_id = reader.get(f"/l/{link.code}?qr").headers["Location"].rpartition("pcid=")[2]
    beacon(reader)
    click, view = lines()
    assert (click.kind, click.subject, click.click, click.hints) == (
        "click",
        f"link:{link.id}",
        click_id,
        "Gq",
    )
    assert click.visitor == view.visitor > 0


@pytest.mark.parametrize(
    ("method", "agent", "noted"),
    [
        ("GET", FIREFOX, []),
        ("HEAD", FIREFOX, ["H"]),
        ("GET", "Twitterbot/1.0", ["G"]),
        ("GET", "Mozilla/5.0 (compatible; bingbot/2.0)", ["G"]),
        ("GET", "", ["G"]),
    ],
)
def test_machines_that_ask_for_a_post_are_noted_also_when_the_page_is_kept(
    reader: FlaskClient, lines: Lines, method: str, agent: str, noted: list[str]
) -> None:
    post = make_post("Spring notes")
    for _ in range(2):
        reader.open(f"/zh/posts/{post.slug}", method=method, headers={"User-Agent": agent})
    assert [(line.kind, line.hints, line.subject) for line in lines()] == [
        ("fetch", hints, f"page:/posts/{post.slug}") for hints in noted * 2
    ]


def test_a_browser_that_was_at_the_desk_is_one_of_ours(reader: FlaskClient, lines: Lines) -> None:
    member = reader.application.test_client()
    sign_in(member, rae())
    member.get("/desk")
    assert member.get_cookie(DESK_COOKIE) is None
    sign_in(reader, nadia())
    reader.get("/desk")
    beacon(reader)
    assert [line.hints for line in lines()] == ["Ps"]


def test_the_metrics_say_what_was_refused_and_what_waits(reader: FlaskClient, counting: Gate) -> None:
    counting.refused.clear()
    beacon(reader)
    beacon(reader, b"nonsense")
    said = reader.get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"}).text
    waits = sum(path.stat().st_size for path in counting.spool.folder.glob("*.events"))
    assert [
        line
        for line in said.splitlines()
        if line.startswith(("parley_beacons", "parley_spool", "parley_lines"))
    ] == [
        'parley_beacons_refused_total{why="nonsense"} 1.0',
        f"parley_spool_bytes {float(waits)}",
        'parley_lines_lost_total{how="dropped"} 0.0',
        'parley_lines_lost_total{how="unread"} 0.0',
    ]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_link_that_nobody_sees_is_on_public_pages_and_tells_machines(
    reader: FlaskClient, lines: Lines, method: str
) -> None:
    page = html.fromstring(reader.get("/en/").data)
    (link,) = page.xpath(f"//a[@href='{DECOY}']")
    assert ("hidden" in link.attrib, link.get("tabindex"), link.get("rel")) == (True, "-1", "nofollow")
    assert "Disallow: /e/\n" in reader.get("/robots.txt").text
    answer = reader.open(DECOY, method=method)
    assert (answer.status_code, answer.data, answer.headers["Cache-Control"]) == (204, b"", "no-store")
    reader.get(DECOY, headers={"Sec-Purpose": "prefetch"})
    (line,) = lines()
    assert (line.kind, line.hints, line.subject) == ("fetch", f"{method[0]}t", f"page:{DECOY}")
    assert line.visitor > 0
