"""The calendar as a file that calendar programs read (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cms.calendar.sources import Entry
from cms.core.later import later
from cms.core.pages import absolute, config

if TYPE_CHECKING:
    import icalendar
else:
    icalendar = later("icalendar")

_SINCE = datetime(
    2020, 1, 1, tzinfo=UTC
)  # a SEQUENCE counts the seconds from here, so that it only ever grows


def write(entries: Iterable[Entry], *, name: str, kinds: dict[str, str], at: datetime) -> bytes:
    """A calendar of these entries; instants are in UTC, which every program turns to the clock of its reader."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//{config().host}//Parley//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, kinds[entry.kind], at))
    return bytes(calendar.to_ical())


def _event(entry: Entry, kind: str, at: datetime) -> "icalendar.Event":
    event = icalendar.Event()
    event.add("uid", f"{entry.key}@{config().host}")
    event.add("dtstamp", at)
    event.add("dtstart", entry.at)
    if entry.ends_at:
        event.add("dtend", entry.ends_at)
    event.add("summary", f"{kind}: {entry.title}")
    event.add("description", "\n".join(filter(None, (entry.section, ", ".join(entry.people), entry.note))))
    event.add("url", absolute(entry.url))
    event.add("categories", [kind])
    if entry.state == "cancelled":
        event.add("status", "CANCELLED")
    event.add("transp", "TRANSPARENT")  # it takes nobody's time
    if entry.changed_at:
        event.add("last-modified", entry.changed_at)
        event.add("sequence", int((entry.changed_at - _SINCE).total_seconds()))
    return event
