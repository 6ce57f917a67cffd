"""An hour in which far more people come than usual: somebody elsewhere points at a post, and nothing of ours went out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from campaigns.engagement.sample.reading import Told

HOUR = timedelta(hours=1)
BACK = timedelta(days=6)  # dashboards that look at a week still show it
AFTER_OURS = timedelta(hours=6)  # readers come then because we wrote to them
MANY = 160  # people; more than any hour of the sample has by itself
HALF = timedelta(minutes=14)  # after which half of them were there
PLACE = "forum.example/t/masts"
_THERE, _DAY_THERE = ZoneInfo("Asia/Shanghai"), range(9, 23)  # hours at which people read there


@dataclass(frozen=True)
class Rush:
    """Many come to one post, from one place, after a moment."""

    post: "Told"
    since: datetime


def find_rush(told: Sequence["Told"], among: Sequence["Told"], *, until: datetime) -> Rush | None:
    """The last hour of a day in China with nothing of ours before or in it, and that of these posts which is read there."""
    since = _quiet_hour([one for post in told for one in _sent(post)], until)
    if since is None or not among:
        return None
    return Rush(next((one for one in among if one.tongue == "zh"), among[0]), since)


def _sent(post: "Told") -> list[datetime]:
    return [post.since, *(way.since for way in post.ways)]


def _quiet_hour(sent: Sequence[datetime], until: datetime) -> datetime | None:
    last = until.replace(minute=0, second=0, microsecond=0) - 2 * HOUR  # it is over, and told of
    for ago in range(int(BACK / HOUR)):
        hour = last - ago * HOUR
        is_day = hour.astimezone(_THERE).hour in _DAY_THERE
        if is_day and not any(hour - AFTER_OURS <= at <= hour + HOUR for at in sent):
            return hour
    return None
