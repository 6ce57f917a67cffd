"""Letters of an account that asks how often they are opened: by people, and by mail services that fetch for many."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from campaigns.engagement.lines import Line, number_of
from campaigns.engagement.opens import READER, SERVICE
from campaigns.engagement.sample.crowd import Crowd, milliseconds

if TYPE_CHECKING:
    from campaigns.engagement.sample.reading import Way

RECIPIENTS = 410
SHOWS = 0.31  # of them open it in a program that shows pictures
AGAIN = 0.25  # of those open it once more
FETCHED = {"apple": 0.42, "google": 0.2, "yahoo": 0.03}  # for so many of them, looked at or not


def opened(way: "Way", crowd: Crowd, *, tongue: str, habit: int) -> Iterator[Line]:
    """In no order; nothing where the letters of this link do not tell."""
    if not way.code:
        return
    chance = crowd.chance
    for _ in range(int(RECIPIENTS * SHOWS * chance.lognormvariate(0, 0.15))):
        reader = crowd.somebody(tongue, habit)
        for _ in range(1 + (chance.random() < AGAIN)):
            at = way.since + timedelta(hours=chance.lognormvariate(1.6, 1.3))
            visitor = crowd.visitor(reader, at)
            if visitor and at < way.until:
                yield Line(
                    milliseconds(at),
                    "fact",
                    "Gn",
                    visitor,
                    f"code:{way.code}",
                    view=number_of(f"{way.code} {visitor}"),
                    language=reader.language,
                    device=reader.device,
                    agent=reader.agent,
                    value=READER,
                )
    for name, share in FETCHED.items():
        for _ in range(round(RECIPIENTS * share)):
            at = way.since + timedelta(minutes=chance.expovariate(1 / 25))
            if at < way.until:
                yield Line(
                    milliseconds(at),
                    "fact",
                    "Gn",
                    0,
                    f"code:{way.code}",
                    agent=f"mailbox:{name}",
                    value=SERVICE,
                )
