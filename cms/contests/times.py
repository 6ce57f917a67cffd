"""What this room offers to the calendar: the phases of contests."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from cms.calendar.sources import Entry, Source, Wanted
from cms.contests import rules
from cms.contests.models import Contest, ContestPhase
from cms.contests.wording import full_title, phase_name
from cms.core import clock
from cms.core.database import db
from cms.people.models import Person

MOST = 1_000


def phases_of_contests(person: Person, start: datetime, end: datetime, wanted: Wanted) -> Sequence[Entry]:
    """Phases that begin or last in a stretch of time, and the deadline for entries. A fixed number of queries."""
    if not rules.can_see_contests(person) or wanted.section_id is not None or wanted.campaign_id is not None:
        return []
    rows = db.session.scalars(
        select(ContestPhase)
        .join(Contest, Contest.id == ContestPhase.contest_id)
        .where(
            Contest.cancelled_at.is_(None),
            ContestPhase.starts_at < end,
            (ContestPhase.starts_at >= start) | (ContestPhase.ends_at > start),
        )
        .options(
            joinedload(ContestPhase.contest).options(joinedload(Contest.series), selectinload(Contest.people))
        )
        .order_by(ContestPhase.starts_at, ContestPhase.id)
        .limit(MOST)
    ).all()
    if wanted.person_id is not None:
        rows = [one for one in rows if any(each.person_id == wanted.person_id for each in one.contest.people)]
    at = clock.now()
    return [entry for one in rows for entry in _entries(one, person, at, start, end)]


def _entries(
    phase: ContestPhase, person: Person, at: datetime, start: datetime, end: datetime
) -> list[Entry]:
    contest = phase.contest
    is_running = rules.can_run(person, contest)
    to = "contests.manage_contest" if is_running else "contests.list_contests_at_desk"
    said: dict[str, Any] = {
        "kind": "contest",
        "url": url_for(to, contest_id=contest.id) if is_running else url_for(to),
        "zone": contest.zone,
        "changed_at": contest.edited_at,
        "note": "" if contest.announced_at is not None else gettext("Not announced yet"),
    }
    title = gettext("%(contest)s: %(phase)s", contest=full_title(contest), phase=phase_name(phase.kind))
    found = [
        Entry(
            key=f"contest:{contest.id}:{phase.kind}",
            title=title,
            at=phase.starts_at,
            ends_at=phase.ends_at,
            state="done" if phase.ends_at is not None and phase.ends_at <= at else "planned",
            **said,
        )
    ]
    if phase.kind == "entries" and phase.ends_at is not None and start <= phase.ends_at < end:
        title = gettext("%(contest)s: deadline", contest=full_title(contest))
        state = "done" if phase.ends_at <= at else "planned"
        found.append(
            Entry(key=f"contest:{contest.id}:deadline", title=title, at=phase.ends_at, state=state, **said)
        )
    return found


SOURCES = [Source("contest", _("Phases of contests"), "flag", phases_of_contests)]
