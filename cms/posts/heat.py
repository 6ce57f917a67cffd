"""How hot a tag is: the arithmetic alone, decided in docs/decisions/0015."""

import math
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

HALF_LIFE = timedelta(days=7)
LOOKED_AT = timedelta(days=60)
LEAST_STORIES = 3
LEAST_AUTHORS = 2


class Mention(NamedTuple):
    """One telling of a story that carries a tag."""

    tag_id: int
    story_id: str
    person_id: int | None  # credited first; None is the house
    at: datetime


def scores(mentions: Iterable[Mention], *, at: datetime) -> dict[int, float]:
    """The score of every tag that is written about by enough people, often enough."""
    newest: dict[tuple[int, str], Mention] = {}
    for one in mentions:
        key = (one.tag_id, one.story_id)
        if key not in newest or one.at > newest[key].at:
            newest[key] = one
    weights: dict[int, dict[int | None, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one in newest.values():
        weights[one.tag_id][one.person_id].append(_weight(at - one.at))
    return {
        tag_id: sum(math.sqrt(sum(stories)) for stories in by_author.values())
        for tag_id, by_author in weights.items()
        if len(by_author) >= LEAST_AUTHORS and sum(map(len, by_author.values())) >= LEAST_STORIES
    }


def _weight(age: timedelta) -> float:
    return math.exp2(-(max(age, timedelta(0)) / HALF_LIFE))
