"""Who follows which feed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from campaigns.engagement.feeds.models import FeedAnnounced, FeedReader
from campaigns.engagement.feeds.polls import POLL, SERVICES
from campaigns.engagement.installing import store
from cms.core.database import db

RECENT = timedelta(days=7)


@dataclass(frozen=True)
class Service:
    """What one service announces for a feed."""

    name: str
    feed_id: str
    subscribers: int
    at: datetime
    is_known: bool  # one of those we know: only these are added up


@dataclass(frozen=True)
class FeedFigures:
    """One feed over the seven days before `until`. Nothing here is a visitor."""

    feed: str  # its path without the file: "/", "/tags/5g"
    announced: int  # by known services, the newest number of each
    individuals: int  # programs of single people on the fullest day: at least so many
    polls: int | None  # how often it was asked for; None when the store cannot say
    services: Sequence[Service]


def feeds_figures(*, until: datetime) -> list[FeedFigures]:
    """Every feed that somebody follows or asked for, the most followed first."""
    since = until - RECENT
    services: dict[str, list[Service]] = {}
    for row in db.session.scalars(
        select(FeedAnnounced)
        .where(FeedAnnounced.at > since, FeedAnnounced.at <= until)
        .order_by(FeedAnnounced.subscribers.desc(), FeedAnnounced.name, FeedAnnounced.feed_id)
    ):
        one = Service(row.name, row.feed_id, row.subscribers, row.at, row.name in SERVICES)
        services.setdefault(row.feed, []).append(one)
    individuals = fullest_day(_readers_by_day(since.date(), until.date()))
    polls = _polls(since.date(), until.date())
    found = [
        FeedFigures(
            feed,
            sum(one.subscribers for one in services.get(feed, ()) if one.is_known),
            individuals.get(feed, 0),
            polls.get(feed, 0),
            services.get(feed, ()),
        )
        for feed in services.keys() | individuals.keys() | polls.keys()
    ]
    return sorted(found, key=lambda one: (-one.announced - one.individuals, -(one.polls or 0), one.feed))


def fullest_day(rows: Iterable[tuple[str, date, int]]) -> dict[str, int]:
    """The largest number of any day, by feed: a program that asks on seven days is still one."""
    most: dict[str, int] = {}
    for feed, _day, number in rows:
        most[feed] = max(most.get(feed, 0), number)
    return most


def _readers_by_day(since: date, until: date) -> list[tuple[str, date, int]]:
    rows = db.session.execute(
        select(FeedReader.feed, FeedReader.day, func.count())
        .where(FeedReader.day > since, FeedReader.day <= until)
        .group_by(FeedReader.feed, FeedReader.day)
    )
    return [(feed, day, number) for feed, day, number in rows]


def _polls(since: date, until: date) -> Mapping[str, int]:
    added: dict[str, int] = {}
    after, before = since + timedelta(days=1), until + timedelta(days=1)
    for fact in store().facts(campaigns=None, posts=None, since=after, until=before, kinds=[POLL]):
        added[fact.key] = added.get(fact.key, 0) + fact.count
    return added
