"""Which days a dashboard looks at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask_babel import gettext as _

from cms.core.walltime import zone_named

LENGTHS = (7, 28, 90, 365)
USUAL = 28


@dataclass(frozen=True)
class Period:
    """The last so many days, today among them, in the zone of the site. `error` is a sentence when what was asked is none
    of those offered; the usual one is shown then."""

    days: int
    today: date
    zone: str
    error: str = ""

    @property
    def first(self) -> date:
        """The first day."""
        return self.today - timedelta(days=self.days - 1)

    @property
    def since(self) -> datetime:
        """The instant it begins."""
        return datetime.combine(self.first, time(), zone_named(self.zone)).astimezone(UTC)


def read_period(asked: Mapping[str, str], *, zone: str, at: datetime) -> Period:
    """As `?days=` says."""
    today = at.astimezone(zone_named(zone)).date()
    said = asked.get("days", str(USUAL))
    if said not in map(str, LENGTHS):
        return Period(USUAL, today, zone, _("Please choose one of the periods: 7, 28, 90 or 365 days."))
    return Period(int(said), today, zone)
