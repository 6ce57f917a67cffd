"""What this room offers to the calendar: deadlines of people from outside."""

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cms.calendar.sources import Entry, Source, Wanted
from cms.contributions import rules
from cms.contributions.models import Contribution
from cms.contributions.states import is_late
from cms.core import clock
from cms.core.database import db
from cms.core.languages import localized
from cms.people.models import Person
from cms.posts.models import Post

MOST = 2_000


def deadlines(person: Person, start: datetime, end: datetime, wanted: Wanted) -> Sequence[Entry]:
    """Deadlines in a stretch of time, for those who look after every post. One query."""
    if not rules.can_see_contributions(person):
        return []
    query = (
        select(Contribution)
        .join(Post, Post.id == Contribution.post_id)
        .where(
            Contribution.due_at >= start,
            Contribution.due_at < end,
            Contribution.revoked_at.is_(None),
            Post.trashed_at.is_(None),
        )
        .options(
            joinedload(Contribution.person),
            joinedload(Contribution.post).options(joinedload(Post.section), joinedload(Post.latest)),
        )
    )
    if wanted.campaign_id is not None:
        query = query.where(Contribution.post_id.in_(wanted.post_ids))
    if wanted.section_id is not None:
        query = query.where(Post.section_id == wanted.section_id)
    if wanted.person_id is not None:
        mine = (Contribution.person_id == wanted.person_id) | (Contribution.invited_by_id == wanted.person_id)
        query = query.where(mine)
    rows = db.session.scalars(query.order_by(Contribution.due_at, Contribution.id).limit(MOST))
    at = clock.now()
    return [_entry(one, at) for one in rows]


def _entry(one: Contribution, at: datetime) -> Entry:
    assert one.due_at is not None
    title = one.post.latest.title if one.post.latest else ""
    is_done = one.handed_in_at is not None or one.decision is not None
    return Entry(
        key=f"contribution:{one.id}",
        kind="contribution",
        title=title,
        at=one.due_at,
        url=url_for("contributions.manage_contribution", contribution_id=one.id),
        zone=one.due_zone,
        language=one.post.language,
        section_id=one.post.section_id,
        section=localized(one.post.section.name) if one.post.section else "",
        people=(one.person.name,),
        state="done" if is_done else "missed" if is_late(one, at) else "planned",
        move_url=None if is_done else url_for("contributions.move_deadline", contribution_id=one.id),
    )


SOURCES = [Source("contribution", _("Texts from outside"), "people", deadlines)]
