"""Keeping who follows: the same however often a batch is read, as nothing here is added up."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from campaigns.engagement.feeds.models import FeedAnnounced, FeedReader
from campaigns.engagement.feeds.polls import POLL
from campaigns.engagement.store import Event
from campaigns.engagement.store.columns import of_kind
from cms.core.database import db, insert_into, is_writing, transaction

KEPT = timedelta(days=8)
MOST_SERVICES = 200  # rows of one feed: beyond them somebody makes names up, and new ones are left out
AT_ONCE = 300


def follow(events: Sequence[Event]) -> list[Event]:
    """Note the polls among the events of a batch. Adds no event."""
    polls = [one for one in of_kind(events, "fact") if one.line.value.startswith(f"{POLL}:")]
    if not polls:
        return []
    announced: dict[tuple[str, str, str], dict[str, Any]] = {}
    readers: dict[tuple[str, date, int], dict[str, Any]] = {}
    for one in polls:
        feed, at = one.line.value.partition(":")[2], datetime.fromtimestamp(one.line.at / 1000, UTC)
        name = one.line.agent.partition(":")[2]
        feed_id, _bar, number = one.line.utm.partition("|")
        if number:
            key = (feed, name, feed_id)
            row = {"feed": feed, "name": name, "feed_id": feed_id, "subscribers": int(number), "at": at}
            if key not in announced or announced[key]["at"] <= at:
                announced[key] = row
        elif name and one.line.visitor:
            key_of_day = (feed, at.date(), one.line.visitor)
            readers[key_of_day] = {"feed": feed, "day": at.date(), "reader": one.line.visitor}
    with nullcontext() if is_writing() else transaction():  # the sample site is one transaction
        _keep(FeedAnnounced, _with_room(announced))
        _keep(FeedReader, list(readers.values()))
    return []


def forget_readers(*, at: datetime) -> int:
    """Drop who asked, and what was announced, more than a week ago; inside a transaction. Says how many rows."""
    old_readers = delete(FeedReader).where(FeedReader.day < (at - KEPT).date())
    old_services = delete(FeedAnnounced).where(FeedAnnounced.at < at - KEPT)
    gone: list[Any] = [db.session.execute(one) for one in (old_readers, old_services)]
    return sum(one.rowcount for one in gone)


def _with_room(announced: Mapping[tuple[str, str, str], dict[str, Any]]) -> list[Mapping[str, Any]]:
    feeds = {feed for feed, _, _ in announced}
    known = select(FeedAnnounced.feed, FeedAnnounced.name, FeedAnnounced.feed_id)
    have = {tuple(row) for row in db.session.execute(known.where(FeedAnnounced.feed.in_(feeds)))}
    room = {feed: MOST_SERVICES - sum(1 for one in have if one[0] == feed) for feed in feeds}
    kept: list[Mapping[str, Any]] = []
    for key, row in announced.items():
        if key not in have:
            room[key[0]] -= 1
        if key in have or room[key[0]] >= 0:
            kept.append(row)
    return kept


def _keep(model: type[FeedAnnounced] | type[FeedReader], rows: list[Mapping[str, Any]]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        statement = insert_into(model).values(rows[start : start + AT_ONCE])
        if model is FeedAnnounced:
            new = {"subscribers": statement.excluded.subscribers, "at": statement.excluded.at}
            statement = statement.on_conflict_do_update(
                index_elements=["feed", "name", "feed_id"],
                set_=new,
                where=FeedAnnounced.at <= statement.excluded.at,
            )
        else:
            statement = statement.on_conflict_do_nothing()
        db.session.execute(statement)
