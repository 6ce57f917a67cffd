"""Machines around a post: networks that show a preview of it, mail scanners, crawlers; and people of the house."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from campaigns.engagement.lines import Line
from campaigns.engagement.sample.crowd import milliseconds

if TYPE_CHECKING:
    from campaigns.engagement.sample.reading import Told

PREVIEWS = {  # who looks at a link that is posted there, and how many at once
    "mastodon": ("preview:mastodon", 34),
    "bluesky": ("preview:bluesky", 3),
    "wecom": ("preview:other", 2),
    "wordpress": ("preview:other", 1),
}
CRAWLERS = ("google", "bing", "baidu", "yandex", "sogou", "apple", "ai", "ai", "other")
STAFF = 3  # people of ours who look how it became, at most twice


def around(post: "Told", chance: random.Random, *, until: datetime) -> Iterator[Line]:
    """All of them, in no order, before `until`."""
    made = (
        *_previews(post, chance),
        *_scanners(post, chance),
        *_crawlers(post, chance, until),
        *_staff(post, chance),
    )
    yield from (one for one in made if one.at < milliseconds(until))


def _previews(post: "Told", chance: random.Random) -> Iterator[Line]:
    for way in post.ways:
        agent, many = PREVIEWS.get(way.place, ("", 0))
        for _ in range(many and chance.randint(many // 2, many * 2)):
            at = way.since + timedelta(seconds=chance.expovariate(1 / 20))
            yield Line(milliseconds(at), "fetch", chance.choice(("G", "G", "H")), 0, post.page, agent=agent)


def _scanners(post: "Told", chance: random.Random) -> Iterator[Line]:
    """A gateway follows every link of a letter before it is read."""
    for way in post.ways:
        for _ in range(chance.randint(15, 40) if way.place == "email" else 0):
            at = way.since + timedelta(seconds=chance.uniform(1, 90))
            click = f"{chance.getrandbits(48):012x}"
            yield Line(
                milliseconds(at), "click", "G", 0, f"link:{way.link}", click=click, agent="scanner:mail"
            )


def _crawlers(post: "Told", chance: random.Random, until: datetime) -> Iterator[Line]:
    days = (until - post.since).total_seconds() / 86400
    for _ in range(int(6 + days**0.5)):
        at = post.since + timedelta(days=days * chance.random() ** 2)
        yield Line(milliseconds(at), "fetch", "G", 0, post.page, agent=f"crawler:{chance.choice(CRAWLERS)}")


def _staff(post: "Told", chance: random.Random) -> Iterator[Line]:
    for who in range(1, STAFF + 1):
        for _ in range(chance.randint(0, 2)):
            at = post.since + timedelta(minutes=chance.expovariate(1 / 50))
            view = chance.getrandbits(62) | 1 << 61
            yield Line(
                milliseconds(at),
                "view",
                "Ps",
                who,
                f"post:{post.id}",
                view=view,
                language="zh-CN",
                device="d",
                agent="browser:chrome",
            )
