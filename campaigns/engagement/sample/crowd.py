"""Invented readers. Each keeps a language, a place, a device and a browser, and comes back now and then."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from campaigns.engagement.lines import number_of
from campaigns.engagement.visitors import window_at

SIZE = {"zh": 7000, "en": 6000}  # people who may come
_CHINESE = (("CN", "zh-CN"),) * 8 + (("TW", "zh-TW"), ("SG", "zh-CN"))
_OTHERS = (
    ("GB", "en-GB"),
    ("SE", "en-SE"),
    ("GB", "en-GB"),
    ("DE", "de-DE"),
    ("US", "en-US"),
    ("IN", "en-IN"),
    ("NO", "nb-NO"),
    ("US", "en-US"),
    ("SE", "sv-SE"),
)
_BROWSERS = {
    ("zh", "m"): ("wechat", "wechat", "chrome", "safari", "samsung"),
    ("zh", "d"): ("chrome", "edge", "chrome", "firefox"),
    ("en", "m"): ("safari", "chrome", "samsung", "firefox"),
    ("en", "d"): ("chrome", "firefox", "safari", "edge"),
}
_ZONES = {"zh": ZoneInfo("Asia/Shanghai"), "en": ZoneInfo("Europe/London")}
_HOURS = (1, 0.6, 0.4, 0.3, 0.4, 0.9, 2, 4, 6.5, 7, 6, 5.5, 6, 5, 4.5, 4.8, 5, 5.2, 5.5, 6, 7, 7.2, 5, 2.4)
_DAYS = (1.0, 1.0, 0.98, 0.95, 0.85, 0.55, 0.6)  # Monday first


@dataclass(frozen=True)
class Reader:
    """One of them."""

    number: int
    tongue: str  # "zh" or "en": what they read
    country: str
    language: str
    device: str
    agent: str
    is_asking_not: bool  # not to be tracked


class Crowd:
    """All of them, and when they are awake."""

    def __init__(self, seed: int, *, window: str) -> None:
        self.chance = random.Random(seed)  # noqa: S311 a sample that is the same each time, not a secret
        self.window = window

    def somebody(self, tongue: str, habit: int) -> Reader:
        """A reader of a language. Those of one habit (a channel) overlap with those of another, and some come often."""
        size = SIZE[tongue]
        place = int(size * self.chance.random() ** 1.7 * 0.7) + habit * 397
        return _reader(tongue, place % size)

    def visitor(self, reader: Reader, at: datetime) -> int:
        """Their number in the window that this moment lies in."""
        return 0 if reader.is_asking_not else _visitor(reader, window_at(at, self.window))

    def is_awake(self, tongue: str, at: datetime) -> bool:
        """Whether somebody there looks at a screen now: by the weekday and the hour of their zone."""
        there = at.astimezone(_ZONES[tongue])
        return self.chance.random() < _HOURS[there.hour] / max(_HOURS) * _DAYS[there.weekday()]


@cache
def _reader(tongue: str, number: int) -> Reader:
    places = _CHINESE if tongue == "zh" else _OTHERS
    country, language = places[number * 7 % len(places)]
    device = "mmmmmmdddd"[number * 3 % 10] if tongue == "zh" else "mmmmddddd"[number % 9]
    browsers = _BROWSERS[tongue, device]
    return Reader(
        number=number,
        tongue=tongue,
        country=country,
        language=language,
        device=device,
        agent=f"browser:{browsers[number % len(browsers)]}",
        is_asking_not=number % 37 == 5,
    )


@cache
def _visitor(reader: Reader, window: int) -> int:
    return number_of(f"{window} {reader.tongue} {reader.number}")


def milliseconds(at: datetime) -> int:
    """Since 1970, UTC."""
    return round((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)
