"""Polls of feeds: who they are from, what is kept of them, and who follows a feed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select

from campaigns.engagement.feeds import services
from campaigns.engagement.feeds.models import FeedAnnounced, FeedReader
from campaigns.engagement.feeds.polls import Poll, feed_of, read_poll
from campaigns.engagement.feeds.queries import feeds_figures, fullest_day
from campaigns.engagement.gate import Gate
from campaigns.engagement.lines import Line
from cms.core.database import db, transaction
from tests.campaigns.engagement.conftest import FIREFOX, NOW
from tests.factories import make_post, nadia, sign_in

AT = datetime.fromtimestamp(NOW / 1000, UTC)
FEEDLY = "Feedly/1.0 (+http://www.feedly.com/fetcher.html; {} subscribers; like FeedFetcher-Google)"
Lines = Callable[[], list[Line]]


@pytest.mark.parametrize(
    ("agent", "poll"),
    [
        (FEEDLY.format(42), Poll("feedly", "", 42)),
        ("Feedbin feed-id:1373711 - 142 subscribers", Poll("feedbin", "1373711", 142)),
        (
            "Mozilla/5.0 (compatible; theoldreader.com; 4 subscribers; feed-id=58a)",
            Poll("theoldreader", "58a", 4),
        ),
        ("NewsBlur Feed Fetcher - 1 subscriber - http://www.newsblur.com/site/1", Poll("newsblur", "", 1)),
        ("Nobody/1 (999999999 subscribers)", Poll("nobody", "", 100_000_000)),
        ("(7 readers)", Poll("unnamed", "", 7)),
        ("NetNewsWire (RSS Reader; https://netnewswire.com/)", Poll("netnewswire")),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.1", Poll("thunderbird")),
        ("Quiet Feeds 2", Poll("quiet")),
        (FIREFOX, Poll("")),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", Poll("")),
        ("python-requests/2.32", Poll("")),
        ("Mastodon/4.3 (http.rb/5.2)", Poll("")),
        ("", Poll("")),
    ],
)
def test_the_user_agent_says_who_reads_for_how_many(agent: str, poll: Poll) -> None:
    assert read_poll(agent) == poll


@pytest.mark.parametrize(
    ("path", "feed"),
    [
        ("/feed.xml", "/"),
        ("/atom.xml", "/"),
        ("/zh/feed.json", "/zh"),
        ("/tags/5g/atom.xml", "/tags/5g"),
        ("/@nadia/feed.json", "/@nadia"),
        ("/tags/5g", ""),
        ("/a\tb/feed.xml", ""),
        (f"/{'a' * 150}/feed.xml", ""),
    ],
)
def test_the_formats_of_a_feed_are_one_feed(path: str, feed: str) -> None:
    assert feed_of(path) == feed


def poll(app: Flask, path: str, agent: str, method: str = "GET", **headers: str) -> int:
    client = app.test_client()
    given = {"User-Agent": agent, "X": "1", **{k.replace("_", "-"): v for k, v in headers.items()}}
    return client.open(path, method=method, headers=given).status_code


def test_polls_are_noted_whatever_is_answered_but_nothing_that_is_no_feed(
    app: Flask, counting: Gate, lines: Lines
) -> None:
    make_post("Spring notes")
    etag = app.test_client().get("/feed.xml", headers={"User-Agent": FIREFOX}).headers["ETag"]
    asked = [
        ("/feed.xml", "GET", {}, 200),
        ("/feed.xml", "GET", {"If_None_Match": etag}, 304),
        ("/atom.xml", "HEAD", {}, 200),
        ("/tags/no-such-tag/feed.xml", "GET", {}, 404),
        ("/posts/spring-notes", "GET", {}, 200),
    ]
    for path, method, headers, status in asked:
        assert poll(app, path, FEEDLY.format(42), method, **headers) == status
    found = [one for one in lines() if one.kind == "fact" and one.agent == "feed:feedly"]
    assert [(one.value, one.hints, one.visitor, one.utm) for one in found] == [
        ("feedpoll:/", "G", 0, "|42"),
        ("feedpoll:/", "G", 0, "|42"),
        ("feedpoll:/", "H", 0, "|42"),
    ]


def test_the_newest_number_of_a_service_counts_and_never_the_sum(
    app: Flask, counting: Gate, collect: Callable[[], dict[str, int]]
) -> None:
    for number in (40, 44, 42):
        poll(app, "/feed.xml", FEEDLY.format(number))
    poll(app, "/atom.xml", "Feedbin feed-id:1 - 10 subscribers")
    poll(app, "/feed.json", "Feedbin feed-id:2 - 5 subscribers")
    poll(app, "/zh/feed.xml", "Feedbin feed-id:3 - 3 subscribers")
    poll(app, "/feed.xml", "Made up/1.0 (1000000 subscribers)")
    poll(app, "/feed.xml", FIREFOX)
    collect()
    whole, chinese = feeds_figures(until=AT)
    assert (whole.feed, whole.announced, whole.individuals, whole.polls) == ("/", 57, 0, 7)
    assert [(one.name, one.feed_id, one.subscribers, one.is_known) for one in whole.services] == [
        ("made", "", 1_000_000, False),
        ("feedly", "", 42, True),
        ("feedbin", "1", 10, True),
        ("feedbin", "2", 5, True),
    ]
    assert (chinese.feed, chinese.announced, chinese.polls) == ("/zh", 3, 1)


def test_people_who_ask_themselves_are_told_apart_for_a_day(
    app: Flask, counting: Gate, collect: Callable[[], dict[str, int]]
) -> None:
    for agent in ("NetNewsWire (RSS Reader)", "NetNewsWire (RSS Reader)", "Liferea/1.15", FIREFOX):
        poll(app, "/feed.xml", agent)
    collect()
    (feed,) = feeds_figures(until=AT)
    assert (feed.announced, feed.individuals, feed.polls) == (0, 2, 4)
    assert db.session.scalar(select(func.count()).select_from(FeedReader)) == 2
    assert feeds_figures(until=AT + timedelta(days=8)) == []


def test_what_is_heard_twice_is_kept_once_and_an_older_number_does_not_come_back(app: Flask) -> None:
    from campaigns.engagement.store import Event

    def event(number: int, at: int) -> Event:
        line = Line(at, "fact", "G", 0, "page:/", utm=f"|{number}", agent="feed:feedly", value="feedpoll:/")
        return Event(line, "unknown", 9, 1, 202611)

    batch = [event(42, NOW), event(40, NOW - 60_000)]
    for _ in range(2):
        assert services.follow(batch) == []
    services.follow([event(39, NOW - 120_000)])
    assert [(one.subscribers, one.at) for one in db.session.scalars(select(FeedAnnounced))] == [(42, AT)]


def test_somebody_who_makes_names_up_fills_nothing(app: Flask) -> None:
    from campaigns.engagement.store import Event

    services.follow(
        [
            Event(
                Line(NOW, "fact", "G", 0, "page:/", utm="|1", agent=f"feed:name{number}", value="feedpoll:/"),
                "unknown", 9, 1, 202611,
            )
            for number in range(services.MOST_SERVICES + 50)
        ]
    )  # fmt: skip
    assert db.session.scalar(select(func.count()).select_from(FeedAnnounced)) == services.MOST_SERVICES


def test_after_a_week_nobody_is_left(app: Flask) -> None:
    with transaction():
        db.session.add(FeedReader(feed="/", day=AT.date() - timedelta(days=9), reader=1))
        db.session.add(FeedReader(feed="/", day=AT.date(), reader=1))
        db.session.add(
            FeedAnnounced(feed="/", name="feedly", feed_id="", subscribers=1, at=AT - timedelta(days=9))
        )
    with transaction():
        assert services.forget_readers(at=AT) == 2
    assert db.session.scalars(select(FeedReader.day)).all() == [AT.date()]


def test_a_program_that_asks_every_day_is_one() -> None:
    days = [date(2026, 11, 20), date(2026, 11, 21)]
    assert fullest_day([("/", days[0], 3), ("/", days[1], 2), ("/zh", days[1], 1)]) == {"/": 3, "/zh": 1}


def test_the_desk_sees_who_follows_which_feed(
    app: Flask, client: FlaskClient, counting: Gate, collect: Callable[[], dict[str, int]]
) -> None:
    poll(app, "/feed.xml", FEEDLY.format(1200))
    poll(app, "/atom.xml", "Made up/1.0 (7 subscribers)")
    poll(app, "/feed.xml", "NetNewsWire (RSS Reader)")
    collect()
    sign_in(client, nadia())
    cells = html.fromstring(client.get("/en/desk/reports/feeds").data).xpath("//tbody/tr/*")
    assert [" ".join(one.text_content().split()) for one in cells] == [
        "The whole site",
        "1,200",
        "1",
        "3",
        "Feedly 1,200 · Made 7 not added up",
    ]
