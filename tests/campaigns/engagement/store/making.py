"""Events as the collector makes them, with what a test names."""

from dataclasses import replace
from typing import Any

from campaigns.engagement.lines import Line
from campaigns.engagement.store import Event, Store
from campaigns.engagement.store.events import DAY

NOON = 1_795_262_400_000  # 21 November 2026, in milliseconds
TODAY = NOON // DAY
VIEW = Line(NOON, "view", "P", 1, "post:1", view=1, agent="browser:firefox", device="d")
_OF_EVENT = ("verdict", "post", "link", "campaign", "campaign_day", "channel", "window")


def event(**said: Any) -> Event:
    """A view of post 1 by a person, unless something else is said. `day` is since 1970, UTC."""
    of_event = {name: said.pop(name) for name in _OF_EVENT if name in said}
    day = said.pop("day", TODAY)
    at = said.pop("at", day * DAY + 12 * 3_600_000)
    about = {"verdict": "human", "post": 1, "window": 202611} | of_event
    return Event(replace(VIEW, at=at, **said), rule=8, version=1, **about)


def views(visitors: range, *, day: int = TODAY, first_view: int = 1, **said: Any) -> list[Event]:
    """One view of each of these visitors."""
    return [
        event(visitor=one, view=first_view + index, day=day, **said) for index, one in enumerate(visitors)
    ]


def append(store: Store, *events: Event, file: str = "a", read: int = 1) -> None:
    """As one batch."""
    store.append_batch(list(events), {file: read}, at=NOON)
