"""An unusual hour of the sample site, for `parley demo`: what the worker would have told of the busiest one."""

from datetime import UTC, datetime, timedelta

from campaigns.engagement.installing import store
from campaigns.engagement.store import SITE
from campaigns.reports.unusual.jobs import LATE
from campaigns.reports.unusual.watching import HOUR, look, note
from cms.core.pages import zone
from cms.transfer.demo.site import DemoSite

PAST = timedelta(days=7)


def tell_busiest_hour(site: DemoSite) -> None:
    """If it is unusual. Inside the transaction of the sample site, once its figures are added up."""
    this = int(site.at.timestamp()) // 3600
    hours = store().series(SITE, 0, since=this - PAST // HOUR, until=this - 1)
    if not hours:
        return
    busiest = datetime.fromtimestamp(max(hours, key=lambda row: row["views"])["hour"] * 3600, UTC)
    told_at = busiest + HOUR + timedelta(minutes=LATE)
    seen = look(at=told_at, zone=zone())
    if seen is not None:
        note(seen, at=told_at)
