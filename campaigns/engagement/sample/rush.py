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
_DAY_THERE = range(8, 23)  # hours of a day in China at which people read


@dataclass(frozen=True)
class Rush:
    """Many come to one post, from one place, after a moment."""

    post: "Told"
    since: datetime


def find_rush(told: Sequence["Told"], among: Sequence["Told"], *, until: datetime) -> Rush | None:
    """The last hour with nothing of ours before or in it, and that of these posts whose readers are awake then."""
    since = _quiet_hour([one for post in told for one in _sent(post)], until)
    if since is None:
        return None
    tongue = "zh" if since.astimezone(ZoneInfo("Asia/Shanghai")).hour in _DAY_THERE else "en"
    awake = [one for one in among if one.tongue == tongue]
    return Rush((awake or among)[0], since) if among else None


def _sent(post: "Told") -> list[datetime]:
    return [post.since, *(way.since for way in post.ways)]


def _quiet_hour(sent: Sequence[datetime], until: datetime) -> datetime | None:
    last = until.replace(minute=0, second=0, microsecond=0) - 2 * HOUR  # it is over, and told of
    hours = (last - ago * HOUR for ago in range(int(BACK / HOUR)))
    return next((one for one in hours if not any(one - AFTER_OURS <= at <= one + HOUR for at in sent)), None)
