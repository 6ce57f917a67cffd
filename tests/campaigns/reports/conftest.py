"""A store of a test's own, and readers of campaigns put through it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from itertools import count
from pathlib import Path

import pytest
from flask import Flask

from campaigns.engagement.lines import Line
from campaigns.engagement.store import Event, Store
from tests.databases import KIND, fresh_database

Reads = Callable[..., None]
_numbers = count(1)


@pytest.fixture
def store(app: Flask, tmp_path: Path) -> Iterator[Store]:
    """An empty one, which the application reads."""
    with fresh_database(tmp_path) as url:
        made = Store(url if KIND != "sqlite" else f"sqlite:///{tmp_path / 'analytics.db'}")
        before, app.extensions["parley_store"] = app.extensions["parley_store"], made
        yield made
        app.extensions["parley_store"] = before
        made.engine.dispose()


@pytest.fixture
def reads(store: Store) -> Reads:
    """So many people read a post of a campaign on a day; some of them engaged, some by a verified click."""

    def read(
        campaign: int,
        post: int,
        day: date,
        *,
        views: int = 1,
        engaged: int = 0,
        verified: int = 0,
        channel: str = "account:1",
        device: str = "d",
        first_person: int = 1,
        hour: int = 12,
    ) -> None:
        at = int(datetime.combine(day, time(hour), UTC).timestamp() * 1000)
        number, events = (day - date(1970, 1, 1)).days, []

        def event(line: Line) -> None:
            about = {"post": post, "campaign": campaign, "day": number, "campaign_day": number}
            events.append(
                Event(line, "human", 0, 1, day.year * 100 + day.month, channel=channel, **about)  # type: ignore[arg-type]
            )

        for one in range(views):
            view, person = next(_numbers), first_person + one
            said = {"hints": "P", "visitor": person * 2**40, "subject": f"post:{post}", "device": device}
            click = f"c{view}" if one < verified else ""
            if click:
                event(Line(at - 1000, "click", click=click, **said))  # type: ignore[arg-type]
            event(Line(at, "view", view=view, click=click, **said))  # type: ignore[arg-type]
            if one < engaged:
                event(Line(at + 20_000, "read", view=view, sequence=1, seconds=15, **said))  # type: ignore[arg-type]
        store.append_batch(events, {}, at=at)

    return read


@pytest.fixture
def does(store: Store) -> Reads:
    """Somebody does something with a campaign on a day: `goal:3`, `signup`."""

    def do(campaign: int, value: str, day: date, *, person: int = 1, post: int | None = None) -> None:
        at = int(datetime.combine(day, time(12), UTC).timestamp() * 1000)
        number = (day - date(1970, 1, 1)).days
        line = Line(at, "fact", "P", person * 2**40, f"post:{post or 0}", value=value)
        event = Event(line, "human", 0, 1, day.year * 100 + day.month, post=post, campaign=campaign)
        event.day = event.campaign_day = number
        event.channel = "direct"
        store.append_batch([event], {}, at=at)

    return do
