"""Rules by which a delivery comes again (RFC 5545, 3.3.10), read as walls in a zone, so that 09:30 stays 09:30."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.rrule import rrule, rrulestr
from flask_babel import gettext as _

from campaigns.deliveries.timing import forgiving_instant
from cms.core.errors import Invalid
from cms.core.walltime import WALL

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_DAY, _MONTH, _PLACE = r"-?(3[01]|[12]\d|[1-9])", r"(1[0-2]|[1-9])", r"-?[1-9]\d?"
_PARTS = {
    "FREQ": re.compile("|".join(FREQUENCIES)),
    "INTERVAL": re.compile(r"[1-9]\d{0,2}"),
    "BYDAY": re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)){0,9}"),
    "BYMONTHDAY": re.compile(rf"{_DAY}(,{_DAY}){{0,30}}"),
    "BYMONTH": re.compile(rf"{_MONTH}(,{_MONTH}){{0,11}}"),
    "BYSETPOS": re.compile(rf"{_PLACE}(,{_PLACE}){{0,9}}"),
    "COUNT": re.compile(r"[1-9]\d{0,3}"),
    "WKST": re.compile("MO|SU"),
}
MOST_YEARS = 20  # looked ahead of the beginning


@dataclass(frozen=True)
class Occurrence:
    """One time of a rule; `number` counts from 1."""

    number: int
    wall: str  # as the rule says, also where clocks jump over it
    at: datetime


def check_rule(rule: str) -> str:
    """The rule as it is stored. Raises `Invalid` with a sentence when it is none that we follow."""
    parts: dict[str, str] = {}
    for piece in rule.strip().upper().removeprefix("RRULE:").split(";"):
        name, _equals, value = piece.partition("=")
        form = _PARTS.get(name)
        if form is None or name in parts or not form.fullmatch(value):
            raise _refused(piece)
        parts[name] = value
    if "FREQ" not in parts:
        raise _refused(rule)
    written = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        _parsed(written, datetime(2026, 1, 1), datetime(2026, 1, 2))  # noqa: DTZ001 - walls have no zone
    except (ValueError, TypeError) as error:
        raise _refused(rule) from error
    return written


def occurrences(
    rule: str, *, wall: str, zone: str, until_on: date | None = None, first: int = 1
) -> Iterator[Occurrence]:
    """The times of a checked rule that begins at `wall`, from number `first` on.

    A wall that does not exist on its day comes as much later as the clocks jump, one that comes twice comes once.
    """
    begins = datetime.strptime(wall, WALL)  # noqa: DTZ007 - the zone is put on below
    ends = begins + timedelta(days=366 * MOST_YEARS)
    if until_on is not None:
        ends = min(ends, datetime.combine(until_on, time.max))
    count = re.search(r"COUNT=(\d+)", rule)
    most = int(count[1]) if count else None
    for number, naive in enumerate(_parsed(rule, begins, ends), start=1):
        if most is not None and number > most:
            return
        if number >= first:
            said = naive.strftime(WALL)
            yield Occurrence(number, said, forgiving_instant(said, zone))


def _parsed(rule: str, begins: datetime, ends: datetime) -> rrule:
    """Without COUNT, which is counted above: dateutil does not take it together with an end, and without an end a rule
    that never comes true is looked for until the year 9999."""
    found = rrulestr(re.sub(r";?COUNT=\d+", "", rule).lstrip(";"), dtstart=begins)
    assert isinstance(found, rrule)
    return found.replace(until=ends)


def _refused(said: str) -> Invalid:
    sentence = _(
        "“%(said)s” is no rule that we follow. Write it like FREQ=WEEKLY;BYDAY=MO,TH: daily, weekly, monthly or yearly.",
        said=said[:80],
    )
    return Invalid(errors={"rule": sentence})
