"""Days as people count them: which ones a view shows, in whose zone, and when they begin and end."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask_babel import get_locale

from cms.core import walltime

VIEWS = ("month", "week", "list", "day")
LIST_DAYS = 28


@dataclass(frozen=True)
class Stretch:
    """The days a view shows, first and last included, and the day it was asked for."""

    view: str
    on: date
    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """Every day of it."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def weeks(self) -> list[list[date]]:
        """The days by weeks; only of a month or a week."""
        days = self.days
        return [days[number : number + 7] for number in range(0, len(days), 7)]

    @property
    def before(self) -> date:
        """Where one step back leads."""
        if self.view == "month":
            return (self.on.replace(day=1) - timedelta(days=1)).replace(day=1)
        return self.on - timedelta(days=len(self.days))

    @property
    def after(self) -> date:
        """Where one step on leads."""
        if self.view == "month":
            return (self.on.replace(day=1) + timedelta(days=32)).replace(day=1)
        return self.on + timedelta(days=len(self.days))

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """The instants between which it lies: the start of its first day, and of the day after its last."""
        return start_of(self.first, zone), start_of(self.last + timedelta(days=1), zone)


def stretch(view: str, on: date, *, first_weekday: int) -> Stretch:
    """The days that this view of this day shows; weeks begin with `first_weekday` (0 is Monday)."""
    if view == "month":
        first = _week_start(on.replace(day=1), first_weekday)
        end_of_month = (on.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        return Stretch(view, on, first, _week_start(end_of_month, first_weekday) + timedelta(days=6))
    if view == "week":
        first = _week_start(on, first_weekday)
        return Stretch(view, on, first, first + timedelta(days=6))
    return Stretch(view, on, on, on + timedelta(days=0 if view == "day" else LIST_DAYS - 1))


def start_of(day: date, zone: str) -> datetime:
    """The first instant of a day in a zone; where the clocks go forward at midnight, that instant."""
    return datetime.combine(day, time(), walltime.zone_named(zone)).astimezone(UTC)


def day_of(at: datetime, zone: str) -> date:
    """The day an instant falls on in a zone."""
    return at.astimezone(walltime.zone_named(zone)).date()


def first_weekday() -> int:
    """The day a week begins with for readers of this language; 0 is Monday."""
    locale = get_locale()
    return int(locale.first_week_day) if locale else 0


def _week_start(day: date, first_weekday: int) -> date:
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)
