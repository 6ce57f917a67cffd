"""Times as people give them: what a clock on a wall shows, and in which zone.

Twice a year such a time does not exist, or happens twice. The first is refused, the second is asked about.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined, unused-ignore]

from cms.core.errors import Invalid

WALL = "%Y-%m-%dT%H:%M"


class AmbiguousTime(Invalid):
    """The clocks go back, and this time comes twice: `choices` holds both instants."""

    def __init__(self, choices: tuple[datetime, datetime]) -> None:
        self.choices = choices
        message = _("The clocks go back that night, so this time happens twice. Which one is meant?")
        super().__init__(message, errors={"wall": message})


def instant(wall: str, zone: str, *, which: int | None = None) -> datetime:
    """The moment meant by `2026-12-01T09:30` in an IANA zone; `which` (0 or 1) chooses when it comes twice."""
    place = zone_named(zone)
    try:
        naive = datetime.strptime(wall[:16], WALL)  # noqa: DTZ007 - the zone is put on below
    except ValueError as error:
        raise Invalid(errors={"wall": _("Please give a date and a time.")}) from error
    first, second = (naive.replace(tzinfo=place, fold=fold) for fold in (0, 1))
    choices = (first.astimezone(UTC), second.astimezone(UTC))
    if choices[0] == choices[1]:
        return choices[0]
    if choices[0].astimezone(place).replace(tzinfo=None) != naive:
        raise Invalid(
            errors={
                "wall": _(
                    "The clocks go forward then, and this time does not exist in %(zone)s. Please choose another one.",
                    zone=zone,
                )
            }
        )
    if which is None:
        raise AmbiguousTime(choices)
    return choices[which]


def chosen(which: str | None) -> int | None:
    """Which of two moments a form says is meant; None when it does not say."""
    return int(which) if which in ("0", "1") else None


def both(moments: tuple[datetime, datetime]) -> list[SelectChoice]:
    """The two moments of a time that comes twice, to choose from."""
    first, second = (one.strftime("%H:%M UTC") for one in moments)
    return [
        SelectChoice("0", _("the first one, %(time)s", time=first)),
        SelectChoice("1", _("the second one, %(time)s", time=second)),
    ]


def instant_near(wall: str, zone: str, at: datetime) -> datetime:
    """The moment meant by a wall time, of two the one nearer to `at`: for asking again what was answered once."""
    try:
        return instant(wall, zone)
    except AmbiguousTime as question:
        return min(question.choices, key=lambda one: abs(one - at))


def wall_time(at: datetime, zone: str) -> str:
    """What the clock in this zone shows at an instant, the way a form wants it."""
    return at.astimezone(zone_named(zone)).strftime(WALL)


def shown(wall: str | None, zone: str | None) -> str:
    """`2026-12-01 09:30 (Asia/Shanghai)`, with the brackets of the reader's language."""
    return str(_("%(wall)s (%(zone)s)", wall=(wall or "").replace("T", " "), zone=zone))


def zone_named(zone: str) -> ZoneInfo:
    """The zone of this name; a sentence when there is none."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(errors={"zone": _("Please choose a time zone from the list.")}) from error
