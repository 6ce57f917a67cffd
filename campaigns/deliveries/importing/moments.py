"""The times that people and programs write into tables."""

import re
from datetime import datetime

from flask_babel import gettext as _

from campaigns.deliveries.timing import AtWall, NextSlot, Now, When, WithPost
from cms.core import walltime
from cms.core.errors import Invalid

_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?[T\s]*(?P<hour>\d{1,2})[:：](?P<minute>\d{2})"
    r"(?:[:：]\d{2}(?:\.\d+)?)?\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?"
)
_YEAR_LAST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b.*")
_WORDS: dict[str, When] = {
    "now": Now(),
    "现在": Now(),
    "slot": NextSlot(),
    "next slot": NextSlot(),
    "队列": NextSlot(),
    "with post": WithPost(),
    "publication": WithPost(),
    "随文发布": WithPost(),
}


def read_when(said: str, zone: str) -> When:
    """What a cell says of the time: "2026-12-01 09:30" in the zone, with an offset where it matters, or a word.

    Raises `Invalid` with a sentence (field "wall" or "zone").
    """
    word = _WORDS.get(" ".join(said.split()).casefold())
    if word is not None:
        return word
    walltime.zone_named(zone)
    found = _YEAR_FIRST.fullmatch(said)
    if found is None:
        if _YEAR_LAST.fullmatch(said):
            raise _refused(
                _(
                    "Is the day first in “%(said)s”, or the month? Write the year first: 2026-12-01 09:30.",
                    said=said,
                )
            )
        raise _refused(_("“%(said)s” is no time. Write it like 2026-12-01 09:30.", said=said[:40]))
    parts = {name: int(found[name]) for name in ("year", "month", "day", "hour", "minute")}
    try:
        naive = datetime(**parts)  # type: ignore[arg-type] # noqa: DTZ001 - the zone is put on below
        if found["offset"] is None:
            return AtWall(naive.strftime(walltime.WALL), zone)
        offset = found["offset"].replace("Z", "+00:00")
        local = datetime.fromisoformat(f"{naive.isoformat()}{offset}").astimezone(walltime.zone_named(zone))
    except (ValueError, OverflowError) as error:
        raise _refused(_("There is no such date or time: %(said)s.", said=said[:40])) from error
    return AtWall(local.strftime(walltime.WALL), zone, local.fold)


def _refused(sentence: str) -> Invalid:
    return Invalid(errors={"wall": sentence})
