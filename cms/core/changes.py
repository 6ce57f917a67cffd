"""What the rows of `page_changes` tell besides the page cache: when something last changed, and which rows are done.

A removal leaves no other trace in a list than that row, so feeds take their Last-Modified from here. Therefore the
newest row of each tag is kept for good; older ones have been seen by every process after a day.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import aliased

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.models import PageChange
from cms.core.worker import Job, Outcome

KEPT_FOR = timedelta(days=1)
AT_ONCE = 5_000


def last_change(tags: Collection[str]) -> datetime | None:
    """When anything with one of these tags was last touched."""
    return db.session.scalar(select(func.max(PageChange.at)).where(PageChange.tag.in_(sorted(tags))))


def forget_seen_changes() -> Outcome:
    """Drop rows that every process has seen, except the newest of each tag."""
    newer = aliased(PageChange)
    is_newer = or_(newer.at > PageChange.at, (newer.at == PageChange.at) & (newer.id > PageChange.id))
    outdated = (
        select(PageChange.id)
        .where(
            PageChange.at < clock.now() - KEPT_FOR,
            select(newer.id).where(newer.tag == PageChange.tag, is_newer).exists(),
        )
        .limit(AT_ONCE)
    )
    with transaction():
        ids = db.session.scalars(outdated).all()
        db.session.execute(delete(PageChange).where(PageChange.id.in_(ids)))
    return {"forgotten": len(ids)} if ids else {}


JOBS = [Job("forget-page-changes", forget_seen_changes, every=3600.0)]
