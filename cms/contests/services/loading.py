"""Reading what is about to be changed, locked against another writer."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from cms.contests.models import Contest, ContestAct, Entry
from cms.core.database import db
from cms.core.errors import NotFound
from cms.core.pagecache import touch
from cms.people.models import Person

PARTS = (Contest.phases, Contest.prizes, Contest.rules, Contest.people)


def load(contest_id: int) -> Contest:
    """The contest as it is now with everything that belongs to it, locked; raises `NotFound`."""
    contest = db.session.get(
        Contest,
        contest_id,
        options=[*(selectinload(one) for one in PARTS), selectinload(Contest.series)],
        populate_existing=True,
        with_for_update={"of": Contest},
    )
    if contest is None:
        raise NotFound
    return contest


def share(contest_id: int) -> Contest:
    """The contest as it is now, shared with others that read it for a write of their own; who changes it waits."""
    # Not `get`: that refuses a row whose version moved on since the entry was read, as it does when entries are sealed.
    contest = db.session.scalar(
        select(Contest)
        .where(Contest.id == contest_id)
        .options(*(selectinload(one) for one in PARTS))
        .with_for_update(of=Contest, read=True)
        .execution_options(populate_existing=True)
    )
    if contest is None:
        raise NotFound
    return contest


def load_entry(entry_id: int, *, alone: bool = False) -> Entry:
    """The entry as it is now with its authors and its contest, locked. The contest is not: many hand in at once.

    `alone`: without the contest, for callers that `share` it.
    """
    contest = [] if alone else [selectinload(Entry.contest).options(*map(selectinload, PARTS))]
    entry = db.session.get(
        Entry,
        entry_id,
        options=[selectinload(Entry.authors), *contest],
        populate_existing=True,
        with_for_update={"of": Entry},
    )
    if entry is None:
        raise NotFound
    return entry


def note(
    contest: Contest,
    act: str,
    *,
    by: Person | None,
    at: datetime,
    words: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write one line of the story that readers may read."""
    db.session.add(
        ContestAct(
            contest_id=contest.id,
            act=act,
            by_id=by.id if by else None,
            at=at,
            words=words,
            detail=dict(detail or {}),
        )
    )


def shown(contest: Contest) -> None:
    """Drop kept copies of what shows this contest."""
    touch("contests", f"contest:{contest.id}")
