"""Who is reading now: from raw, of the last minutes only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.engagement.installing import store

WITHIN = timedelta(minutes=30)
MOST_LOOKED_AT = 20_000  # events that the store shows of what came last


@dataclass(frozen=True)
class Reading:
    """Different people whose browser showed a page of ours, or who were still reading it. People by post do not add up to
    all: one may read several, or a page that is no post. `is_capped`: so much happened that there were more."""

    people: int
    by_post: Mapping[int, int]  # the most read first
    is_capped: bool


def reading_now(*, at: datetime, within: timedelta = WITHIN) -> Reading:
    """In the minutes before an instant. Robots, previews and ourselves are left out; so are those whose browser asks not to
    be tracked, who are nobody in particular. Two windows of the salt in one half hour count a person twice."""
    since, until = (int(one.timestamp() * 1000) for one in (at - within, at))
    events = store().tail(until - since)
    people: set[tuple[int, int]] = set()
    posts: dict[int, set[tuple[int, int]]] = {}
    for one in events:
        is_reading = one.verdict == "human" and one.line.kind in ("view", "read") and one.line.visitor
        if is_reading and since <= one.line.at <= until:
            somebody = (one.window, one.line.visitor)
            people.add(somebody)
            if one.post is not None:
                posts.setdefault(one.post, set()).add(somebody)
    by_post = {post: len(of) for post, of in sorted(posts.items(), key=lambda one: (-len(one[1]), one[0]))}
    return Reading(len(people), by_post, len(events) >= MOST_LOOKED_AT and events[0].line.at > since)
