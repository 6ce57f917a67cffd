"""Who follows the feeds of the sample site, in its last days: services that say for how many, and programs of people."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from campaigns.engagement.feeds.polls import POLL
from campaigns.engagement.lines import Line
from campaigns.engagement.sample.crowd import milliseconds

DAYS = 9  # what is told of feeds looks at seven
SERVICES: dict[
    str, dict[str, tuple[int, ...]]
] = {  # how many follow each feed by it, under one number of its own or two
    "feedly": {"/": (412, 37), "/zh": (96,), "/en": (188,)},
    "inoreader": {"/": (141,), "/zh": (33,)},
    "newsblur": {"/": (58,), "/en": (21,)},
    "bazqux": {"/": (9,)},
    "newsgarden": {"/": (25_000,)},  # claims more than anybody has, and is none that we know
}
PROGRAMS = {"netnewswire": 34, "freshrss": 21, "miniflux": 9, "newsboat": 6, "antennapod": 17}
FEEDS = ("/", "/", "/", "/en", "/zh")  # the main one, more often than not


def polls(chance: random.Random, *, until: datetime) -> Iterator[Line]:
    """All of them, in no order, before `until`."""
    hours = DAYS * 24
    for name, feeds in SERVICES.items():
        for feed, numbers in feeds.items():
            for feed_id, number in enumerate(numbers, start=len(feed)):
                for ago in range(1, hours, 6):
                    many = number - ago * number // 9000  # it grows a little
                    at = until - timedelta(hours=ago, seconds=chance.uniform(0, 3000))
                    yield _poll(feed, at, name, utm=f"{name}{feed_id}|{many}")
    people = [name for name, many in PROGRAMS.items() for _ in range(many)]
    for number, name in enumerate(people, start=1):
        feed, every = chance.choice(FEEDS), chance.choice((4, 8, 12, 24, 30))
        for ago in range(1 + number % every, hours, every):
            at = until - timedelta(hours=ago, seconds=chance.uniform(0, 3000))
            yield _poll(feed, at, name, visitor=number)


def _poll(feed: str, at: datetime, name: str, *, visitor: int = 0, utm: str = "") -> Line:
    value = f"{POLL}:{feed}"
    return Line(
        milliseconds(at), "fact", "G", visitor, f"page:{feed}", utm=utm, agent=f"feed:{name}", value=value
    )
