"""Unusual hours in words, for the dashboard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.reports.unusual.models import UnusualReading
from campaigns.reports.unusual.news import address_of, sentence_of
from campaigns.reports.unusual.queries import told_since
from cms.core.pages import day, zone
from cms.core.walltime import zone_named


@dataclass(frozen=True)
class Incident:
    """Hours out of the ordinary: when, what was told of the first of them, and where it leads."""

    since: datetime
    hours: str  # "28 Nov, 16:00–18:00", in the site's zone
    said: str
    address: str


def incidents(since: datetime) -> Sequence[Incident]:
    """Those that reach past a moment, the newest first."""
    return [_incident(one) for one in told_since(since)]


def _incident(one: UnusualReading) -> Incident:
    begin, end = (at.astimezone(zone_named(zone())) for at in (one.since, one.until))
    detail = {"direction": one.direction, "views": one.views, "usual": one.usual, **one.causes}
    hours = f"{day(one.since)} {begin:%H:%M}–{end:%H:%M}"
    return Incident(one.since, hours, sentence_of(detail), address_of(detail))
