"""What this room offers to the calendar: hours with experts, of circles that the reader of the calendar may know of."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from cms.calendar.sources import Entry, Source, Wanted
from cms.circles.models import Circle, OfficeHour
from cms.circles.queries.gate import known_to
from cms.core import clock
from cms.core.database import db
from cms.people.models import Person

MOST = 500
KIND = "circle_hour"
LABEL = _("Hours with experts")


def hours(person: Person, start: datetime, end: datetime, wanted: Wanted) -> Sequence[Entry]:
    """Hours that touch a stretch of time. None when the calendar is narrowed to a section or a campaign."""
    if wanted.section_id is not None or wanted.campaign_id is not None:
        return []
    query = _hours().where(OfficeHour.cancelled_at.is_(None))
    query = query.where(OfficeHour.starts_at < end, OfficeHour.ends_at > start, known_to(person))
    if wanted.person_id is not None:
        query = query.where(OfficeHour.expert_id == wanted.person_id)
    return entries(db.session.scalars(query.limit(MOST)))


def hours_of(circle_id: int, *, since: datetime) -> list[Entry]:
    """For the calendar file of one circle, whose gate was passed. With those called off: a program that has one learns
    it from there."""
    query = _hours().where(OfficeHour.circle_id == circle_id, OfficeHour.ends_at > since)
    return entries(db.session.scalars(query.limit(MOST)))


def entries(rows: Iterable[OfficeHour]) -> list[Entry]:
    """As a calendar shows them."""
    at = clock.now()
    return [
        Entry(
            key=f"circle_hour:{one.id}",
            kind=KIND,
            title=one.title,
            at=one.starts_at,
            ends_at=one.ends_at,
            url=url_for("circles.show_circle", slug=one.circle.slug),
            zone=one.zone,
            language=one.circle.language,
            people=(one.expert.name,) if one.expert else (),
            state="cancelled" if one.cancelled_at else "done" if one.ends_at <= at else "planned",
            note=one.circle.name,
            changed_at=one.changed_at,
        )
        for one in rows
    ]


def _hours() -> Select[OfficeHour]:
    return (
        select(OfficeHour)
        .join(Circle, Circle.id == OfficeHour.circle_id)
        .where(Circle.closed_at.is_(None))
        .options(selectinload(OfficeHour.expert), selectinload(OfficeHour.circle))
        .order_by(OfficeHour.starts_at, OfficeHour.id)
    )


SOURCES = [Source(KIND, LABEL, "people", hours)]
