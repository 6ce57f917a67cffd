"""Reviews on the calendar: steps that wait, at the time they are due."""

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from cms.calendar.sources import Entry, Source, Wanted
from cms.core import clock
from cms.core.languages import localized
from cms.people.models import Person
from cms.reviews import queries, rules
from cms.reviews.queries import Waiting


def entries(person: Person, start: datetime, end: datetime, wanted: Wanted) -> Sequence[Entry]:
    """Due dates of the steps this person may see."""
    rows = queries.steps_due(
        start, end, person=person, section_id=wanted.section_id, author_id=wanted.person_id
    )
    if wanted.campaign_id is not None:
        rows = [row for row in rows if row.post.id in wanted.post_ids]
    at, may_move = clock.now(), rules.can_run_review(person)
    return [_entry(row, at=at, may_move=may_move) for row in rows]


def _entry(row: Waiting, *, at: datetime, may_move: bool) -> Entry:
    latest, section = row.post.latest, row.post.section
    assert row.step.due_at is not None
    assert latest is not None
    title = latest.title or latest.beginning[:60]
    move = url_for("reviews.move_due", post_id=row.post.id, step_id=row.step.id) if may_move else None
    is_late = row.step.due_at < at
    return Entry(
        key=f"review:{row.step.id}:due",
        kind="review",
        title=f"{localized(row.step.name)}: {title}",
        at=row.step.due_at,
        url=url_for("reviews.show_review", post_id=row.post.id),
        zone=row.step.due_zone,
        language=row.post.language,
        section_id=row.post.section_id,
        section=localized(section.name) if section else "",
        people=tuple(one.person.name for one in row.post.bylines),
        state="missed" if is_late else "planned",
        note=str(gettext("overdue")) if is_late else "",
        move_url=move,
    )


SOURCES = [Source("review", _("Reviews due"), "check", entries)]
