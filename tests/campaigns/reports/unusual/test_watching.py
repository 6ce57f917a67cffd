"""Unusual hours are told once an incident, with what may have caused them; what we brought about ourselves is not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from campaigns.engagement.gate import Gate
from campaigns.engagement.lines import Line
from campaigns.reports.unusual.jobs import look_at_last_hour
from campaigns.reports.unusual.models import UnusualReading
from campaigns.reports.unusual.news import NOTICES
from cms.core import clock
from cms.core.database import db
from cms.notices.models import Notice
from cms.posts.models import Post
from tests.campaigns.deliveries.made import make_account, make_delivery
from tests.factories import make_person, make_post, nadia

HOUR = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)  # the last whole hour
VIEW = Line(0, "view", "P", 1, "page:/", agent="browser:firefox")
Collect = Callable[[], dict[str, int]]


@pytest.fixture
def post() -> Post:
    return make_post("Salt", published_at=HOUR - timedelta(days=60))


def read(counting: Gate, hour: datetime, many: int, subject: str = "page:/", referrer: str = "") -> None:
    """So many views in an hour."""
    at = int(hour.timestamp() * 1000)
    for number in range(1, many + 1):
        line = replace(
            VIEW, at=at + number, visitor=number, view=at + number, subject=subject, referrer=referrer
        )
        counting.spool.write(line)


def weeks(counting: Gate, many: int, *, of: int = 8) -> None:
    """The same hour of the weeks before had so many views."""
    for week in range(1, of + 1):
        read(counting, HOUR - timedelta(weeks=week), many)


def look(minutes: int = 75) -> dict[str, int]:
    """Let it be so many minutes after the hour began, and run the job."""
    with clock.stopped(HOUR + timedelta(minutes=minutes)):
        return look_at_last_hour()


def told() -> list[str]:
    rows = db.session.scalars(select(Notice).where(Notice.kind == "reading.unusual")).all()
    return [NOTICES[0].sentence(one.detail) for one in rows]


def test_an_hour_like_others_is_not_told(counting: Gate, collect: Collect) -> None:
    nadia()
    weeks(counting, 30)
    read(counting, HOUR, 36)
    collect()
    assert look() == {}
    assert told() == []


def test_a_rush_is_told_once_with_what_may_have_caused_it(
    counting: Gate, collect: Collect, post: Post
) -> None:
    nadia()
    make_person("Rae", "member")
    weeks(counting, 10)
    read(counting, HOUR, 90, f"post:{post.id}", "news.example/front")
    collect()
    assert look() == {"told": 1}
    assert look(80) == {"goes_on": 1}
    [incident] = db.session.scalars(select(UnusualReading)).all()
    assert (incident.since, incident.direction, incident.views, incident.usual) == (HOUR, "more", 90, 10)
    assert incident.causes["post"] == post.id
    [sentence] = told()
    assert sentence.startswith(
        "Far more readers than usual: 90 views in an hour that usually has 10. Most of it is one post."
        " Many came from news.example"
    )


def test_the_next_hour_of_a_rush_is_the_same_incident(counting: Gate, collect: Collect) -> None:
    nadia()
    weeks(counting, 10)
    read(counting, HOUR, 90)
    read(counting, HOUR + timedelta(hours=1), 90)
    for week in range(1, 9):
        read(counting, HOUR + timedelta(hours=1) - timedelta(weeks=week), 10)
    collect()
    assert look() == {"told": 1}
    assert look(75 + 60) == {"goes_on": 1}
    [incident] = db.session.scalars(select(UnusualReading)).all()
    assert incident.until == HOUR + timedelta(hours=2)
    assert len(told()) == 1


def test_after_we_sent_something_a_rush_is_what_was_wanted(
    counting: Gate, collect: Collect, post: Post
) -> None:
    nadia()
    make_delivery(post, make_account("Mast", "mastodon"), "sent", sent_at=HOUR - timedelta(hours=2))
    weeks(counting, 10)
    read(counting, HOUR, 90)
    collect()
    assert look() == {"expected": 1}
    assert told() == []


def test_silence_is_told_whatever_we_sent(counting: Gate, collect: Collect, post: Post) -> None:
    nadia()
    make_delivery(post, make_account("Mast", "mastodon"), "sent", sent_at=HOUR - timedelta(hours=2))
    weeks(counting, 60)
    collect()
    assert look() == {"told": 1}
    assert told() == ["Far fewer readers than usual: 0 views in an hour that usually has 60."]


@pytest.mark.parametrize("of", [0, 3])
def test_too_little_history_says_nothing(counting: Gate, collect: Collect, of: int) -> None:
    nadia()
    weeks(counting, 10, of=of)
    read(counting, HOUR, 500)
    collect()
    assert look() == {}


def test_an_hour_is_looked_at_when_it_is_counted(counting: Gate, collect: Collect) -> None:
    weeks(counting, 10)
    read(counting, HOUR, 90)
    collect()
    assert look(minutes=65) == {}
