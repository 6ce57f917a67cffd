"""The whole site by day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.engagement.installing import store
from campaigns.engagement.store import SITE, Reach
from campaigns.reports.dashboards.period import Period


@dataclass(frozen=True)
class Day:
    """One day of the site. None before anything was counted: nobody knows, and nought would be a claim."""

    on: date
    views: int | None
    people: int | None
    engaged: int | None
    verified: int | None
    machines: int | None  # robots, scanners and link previews


@dataclass(frozen=True)
class Site:
    """A period of the site: every day of it, oldest first, and the different people of all of them together."""

    days: tuple[Day, ...]
    people: Reach


def site_of_period(period: Period) -> Site:
    """Days are those of the site's zone."""
    until = period.today + timedelta(days=1)
    cells = {one.day: one for one in store().daily(SITE, [0], since=period.first, until=until)}
    begun = min(cells, default=None)
    days = []
    for number in range(period.days):
        day = period.first + timedelta(days=number)
        if begun is None or day < begun:
            days.append(Day(day, None, None, None, None, None))
        elif day in cells:
            days.append(_day(day, cells[day].counts, cells[day].people))
        else:
            days.append(Day(day, 0, 0, 0, 0, 0))
    reach = store().reach(SITE, {"site": [0]}, since=period.first, until=until)
    return Site(tuple(days), reach["site"])


def _day(day: date, counts: Mapping[str, int], people: int | None) -> Day:
    machines = counts["machines"] + counts["previews"]
    return Day(day, counts["views"], people, counts["engaged"], counts["verified"], machines)
