"""Counting what readers search for, so that editors see what is missing. Never who searched."""

import re
import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from cms.core.database import db, insert_into
from cms.site.models import SearchTally

LONGEST = 60  # characters; longer is a pasted text, not a question
MOST_PER_DAY = 2_000  # different queries kept for one day
KEPT_DAYS = 400
_PERSONAL = re.compile(r"@|\d[\d\s().+-]{6,}\d|https?:|www\.|\b[\w.+-]+\.[a-z]{2,}/", re.IGNORECASE)


def normal(words: str) -> str | None:
    """The query as it is counted; None when it may be about a person (an address, a number) or is no query."""
    words = " ".join(unicodedata.normalize("NFKC", words).casefold().split())
    if not words or len(words) > LONGEST or _PERSONAL.search(words):
        return None
    return words


def count_search(words: str, *, locale: str, found: int, at: datetime) -> None:
    """Add one search to the day's tally. A day that has seen too many different queries counts known ones only."""
    query = normal(words)
    if query is None:
        return
    day = at.date()
    is_known = db.session.scalar(
        select(SearchTally.id).where(
            SearchTally.day == day, SearchTally.query == query, SearchTally.locale == locale
        )
    )
    if is_known is None:
        different = db.session.scalar(select(func.count()).where(SearchTally.day == day)) or 0
        if different >= MOST_PER_DAY:
            return
    row = insert_into(SearchTally).values(day=day, query=query, locale=locale, searches=1, found=found)
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=["day", "query", "locale"],
            set_={"searches": SearchTally.searches + 1, "found": found},
        )
    )


def forget_old_searches(*, at: datetime) -> int:
    """Drop tallies of long ago."""
    result = db.session.execute(
        delete(SearchTally).where(SearchTally.day < at.date() - timedelta(days=KEPT_DAYS))
    )
    return int(getattr(result, "rowcount", 0) or 0)
