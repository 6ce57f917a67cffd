"""Moments as other programs write them. What cannot be a moment of a blog is None, never a wrong guess."""

from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

_EARLIEST, _LATEST = 1970, 2200  # 0000-00-00, year 1 and year 9999 are other programs' ways to say "never"


def instant_of(text: object, zone: ZoneInfo) -> datetime | None:
    """An ISO 8601 moment, a date, or milliseconds since 1970; what has no zone is a wall time of `zone`."""
    match text:
        case None | "" | True | False:
            return None
        case int() | float():
            return _of_number(text)
        case datetime():
            moment = text
        case date():
            moment = datetime.combine(text, time())
        case str():
            parsed = _of_text(text.strip())
            if parsed is None:
                return None
            moment = parsed
        case _:
            return None
    return in_utc(moment, zone)


def mail_date(text: str, zone: ZoneInfo) -> datetime | None:
    """An RFC 5322 date as RSS uses it."""
    try:
        return in_utc(parsedate_to_datetime(text), zone)
    except (ValueError, TypeError, OverflowError):
        return None


def in_utc(moment: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment in UTC, when it is one a blog can have."""
    if not _EARLIEST <= moment.year <= _LATEST:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _of_number(value: float) -> datetime | None:
    """Ghost 0.x counted milliseconds."""
    try:
        moment = datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if _EARLIEST < moment.year <= _LATEST else None


def _of_text(text: str) -> datetime | None:
    if text.isdecimal() and len(text) > 8:
        return _of_number(int(text)) if len(text) < 16 else None
    for candidate in (text, text.replace("/", "-"), text.replace(" ", "T", 1).replace(" ", "")):
        try:
            return datetime.fromisoformat(candidate)
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
