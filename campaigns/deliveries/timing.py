"""When a delivery goes out, as people say it; quiet hours and slots. Pure: no clock, no rows."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOOKS_AHEAD = 366  # days


@dataclass(frozen=True)
class Now:
    """At once."""


@dataclass(frozen=True)
class AtWall:
    """When clocks in `zone` show `wall` ("2026-12-01T09:30"); `which` (0 or 1) where that comes twice."""

    wall: str
    zone: str
    which: int | None = None


@dataclass(frozen=True)
class NextSlot:
    """The next free slot of the account's queue."""


@dataclass(frozen=True)
class WithPost:
    """When the post is published, or so many minutes later; at once, plus the minutes, when it is live."""

    after_minutes: int = 0


When = Now | AtWall | NextSlot | WithPost


# Quiet hours and slots --------------------------------------------------------------------------------------------


def after_quiet(at: datetime, quiet_from: str, quiet_until: str, zone: str) -> datetime:
    """The first instant from `at` on, in UTC, at which clocks in `zone` show no quiet hour.

    Quiet are the walls from "22:00" until before "07:00"; no quiet hours where one of them is empty or both are the same.
    """
    at = at.astimezone(UTC)
    if not quiet_from or not quiet_until or quiet_from == quiet_until:
        return at
    place = ZoneInfo(zone)
    begins, ends = time.fromisoformat(quiet_from), time.fromisoformat(quiet_until)
    for _ in range(
        3
    ):  # once is enough, but where clocks jump from the end of the quiet into its next beginning
        here = at.astimezone(place)
        if not _is_within(here.time(), begins, ends):
            return at
        day = here.date() if here.time() < ends else here.date() + timedelta(days=1)
        at = _first_showing(datetime.combine(day, ends), place, after=at)
    return at


def is_quiet(at: datetime, quiet_from: str, quiet_until: str, zone: str) -> bool:
    """Whether clocks in `zone` show a quiet hour at this instant."""
    return after_quiet(at, quiet_from, quiet_until, zone) != at


def forgiving_instant(wall: str, zone: str) -> datetime:
    """The instant of a wall time that a rule made and nobody can be asked about, in UTC: one that does not exist is as
    much later as the clocks jump, of one that comes twice it is the first."""
    naive = datetime.fromisoformat(wall)
    return naive.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def slot_walls(
    slots: Collection[tuple[int, str]], zone: str, after: datetime
) -> Iterator[tuple[str, datetime]]:
    """The walls and instants of weekly slots ((0, "09:30"): Mondays) that come after an instant, in order, for a year.

    Each slot comes once a week, also in the weeks in which clocks change.
    """
    day = after.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    for _ in range(LOOKS_AHEAD):
        of_day = sorted(wall for weekday, wall in slots if weekday == day.weekday())
        found = [
            (f"{day.isoformat()}T{wall}", forgiving_instant(f"{day.isoformat()}T{wall}", zone))
            for wall in of_day
        ]
        yield from sorted((one for one in found if one[1] > after), key=lambda one: one[1])
        day += timedelta(days=1)


def next_slot(
    slots: Collection[tuple[int, str]],
    zone: str,
    after: datetime,
    taken: Collection[datetime],
    quiet: tuple[str, str] = ("", ""),
) -> tuple[str, datetime] | None:
    """Wall and instant of the first slot that is free: nothing is `taken` in its minute, and it is not quiet then."""
    minutes = {one.astimezone(UTC).replace(second=0, microsecond=0) for one in taken}
    return next(
        (
            (wall, at)
            for wall, at in slot_walls(slots, zone, after)
            if at not in minutes and not is_quiet(at, *quiet, zone)
        ),
        None,
    )


def _is_within(now: time, begins: time, ends: time) -> bool:
    return begins <= now < ends if begins < ends else now >= begins or now < ends


def _first_showing(naive: datetime, place: ZoneInfo, *, after: datetime) -> datetime:
    """The first instant after `after` at which clocks show `naive`, or are past it because they jumped over it."""
    twice = sorted(naive.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    showing = [one for one in twice if one.astimezone(place).replace(tzinfo=None) == naive]
    if showing:
        return next((one for one in showing if one > after), showing[-1])
    before, jumped = twice  # the clocks jump between these two
    while jumped - before > timedelta(seconds=1):
        middle = before + (jumped - before) / 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(place).replace(tzinfo=None) < naive:
            before = middle
        else:
            jumped = middle
    return jumped
