"""What this room offers to the calendar: hours with experts, and ends of calls for texts, as far as its reader may
know of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from cms.calendar.sources import Entry, Source, Wanted
from cms.circles.models import Circle, OfficeHour, Topic
from cms.circles.queries.gate import known_to, read_by
from cms.core import clock
from cms.core.database import db
from cms.people.models import Person

MOST = 500
KIND = "circle_hour"
LABEL = _("Hours with experts")
CALL_KIND = "circle_call"
CALL_LABEL = _("Calls for texts of circles")


def hours(person: Person, start: datetime, end: datetime, wanted: Wanted) -> Sequence[Entry]:
    """Hours that touch a stretch of time. None when the calendar is narrowed to a section or a campaign."""
    if wanted.section_id is not None or wanted.campaign_id is not None:
        return []
    query = _hours()
    if not wanted.with_cancelled:
        query = query.where(OfficeHour.cancelled_at.is_(None))
    query = query.where(OfficeHour.starts_at < end, OfficeHour.ends_at > start, known_to(person))
    if wanted.person_id is not None:
        query = query.where(OfficeHour.expert_id == wanted.person_id)
    return entries(db.session.scalars(query.limit(MOST)))


def hours_of(circle_id: int, *, since: datetime) -> list[Entry]:
    """For the calendar file of one circle, whose gate was passed. With those called off: a program that has one learns
    it from there."""
    query = _hours().where(OfficeHour.circle_id == circle_id, OfficeHour.ends_at > since)
    return entries(db.session.scalars(query.limit(MOST)))


def calls(person: Person, start: datetime, end: datetime, wanted: Wanted) -> Sequence[Entry]:
    """Ends of calls within a stretch of time. None when the calendar is narrowed to something else."""
    if (wanted.section_id, wanted.campaign_id, wanted.person_id) != (None, None, None):
        return []
    query = _calls(person).where(Topic.ends_at >= start, Topic.ends_at < end)
    return _ends(db.session.scalars(query.limit(MOST)))


def calls_of(circle_id: int, person: Person | None) -> list[Entry]:
    """For the calendar file of one circle, as far as its reader may read them."""
    return _ends(db.session.scalars(_calls(person).where(Topic.circle_id == circle_id).limit(MOST)))


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


def _ends(rows: Iterable[Topic]) -> list[Entry]:
    at = clock.now()
    return [
        Entry(
            key=f"circle_call:{one.id}",
            kind=CALL_KIND,
            title=one.title,
            at=one.ends_at,
            url=url_for("circles.show_topic", slug=one.circle.slug, topic_id=one.id),
            zone=one.ends_zone,
            language=one.circle.language,
            state="planned" if one.is_calling(at) else "done",
            note=one.circle.name,
            changed_at=one.edited_at or one.created_at,
        )
        for one in rows
        if one.ends_at is not None
    ]


def _calls(person: Person | None) -> Select[Topic]:
    return (
        select(Topic)
        .join(Circle, Circle.id == Topic.circle_id)
        .where(
            Topic.ends_at.is_not(None), Topic.hidden_at.is_(None), Circle.closed_at.is_(None), read_by(person)
        )
        .options(selectinload(Topic.circle))
        .order_by(Topic.ends_at, Topic.id)
    )


def _hours() -> Select[OfficeHour]:
    return (
        select(OfficeHour)
        .join(Circle, Circle.id == OfficeHour.circle_id)
        .where(Circle.closed_at.is_(None))
        .options(selectinload(OfficeHour.expert), selectinload(OfficeHour.circle))
        .order_by(OfficeHour.starts_at, OfficeHour.id)
    )


SOURCES = [Source(KIND, LABEL, "people", hours), Source(CALL_KIND, CALL_LABEL, "people", calls)]
