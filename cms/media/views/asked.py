"""What the pages of the library are asked for, read the same way everywhere."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import request

from cms.core import clock
from cms.core.access import person
from cms.core.pages import config
from cms.media import queries, rules
from cms.media.models import Media
from cms.media.queries import MediaPage
from cms.people.models import Person

KINDS = ("image", "audio", "video")
ONLY = ("missing", "unused", "ended", "trash")
_MONTH = re.compile(r"(\d{4})-(\d{2})")


def me() -> Person:
    """Who is signed in; the rule has let nobody else in."""
    by = person()
    assert by is not None
    return by


def words() -> str:
    """What is searched for."""
    return request.args.get("q", "").strip()[:200]


def kind() -> str:
    """The kind of file wanted; empty for all."""
    asked = request.args.get("kind", "")
    return asked if asked in KINDS else ""


def only() -> str:
    """What the list is narrowed to; empty for everything outside the trash."""
    asked = request.args.get("only", "")
    return asked if asked in ONLY else ""


def before() -> int | None:
    """Where the page of a list begins."""
    return _number(request.args.get("before", ""))


def month() -> tuple[datetime, datetime] | None:
    """The month of upload wanted (`2026-11`), in the zone of the site."""
    match = _MONTH.fullmatch(request.args.get("month", ""))
    if match is None or not (1 <= int(match[2]) <= 12 and 1970 <= int(match[1]) <= 9998):
        return None
    return queries.month_bounds(int(match[1]), int(match[2]), config().timezone)


def found() -> MediaPage:
    """The page of files that is asked for."""
    today = clock.now().astimezone(ZoneInfo(config().timezone)).date()
    return queries.media_page(
        before=before(), search=words(), kind=kind(), only=only(), month=month(), today=today
    )


def chosen() -> list[Media]:
    """The files named by `id`, as far as this person may change them."""
    numbers = [_number(one) for one in request.values.getlist("id")[:100]]
    wanted = [one for one in numbers if one is not None]
    return [one for one in queries.media_by_ids(wanted) if rules.can_edit_media(person(), one)]


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None
