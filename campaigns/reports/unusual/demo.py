"""Unusual hours of the sample site, for `parley demo`: what the worker would have told, had it looked at every hour."""

from datetime import timedelta

from campaigns.reports.unusual.jobs import LATE
from campaigns.reports.unusual.watching import HOUR, look, note
from cms.core.pages import zone
from cms.transfer.demo.site import DemoSite

PAST = timedelta(days=7)


def tell_unusual_hours(site: DemoSite) -> None:
    """Of the last days. Inside the transaction of the sample site, once its figures are added up."""
    last = site.at.replace(minute=LATE, second=0, microsecond=0)
    for ago in range(int(PAST / HOUR), 0, -1):
        seen = look(at=last - ago * HOUR, zone=zone())
        if seen is not None:
            note(seen, at=last - ago * HOUR)
