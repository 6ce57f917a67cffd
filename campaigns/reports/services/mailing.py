"""Saved views that come by mail. A row is due at an instant, and moves on in the transaction that writes its mail: one
mail for each week or month, whatever ends a worker, and however many of them run."""

from datetime import UTC, date, datetime, time, timedelta

from flask_babel import force_locale
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select, update

from campaigns.reports import presenting, wording
from campaigns.reports.models import ReportMail, SavedView
from campaigns.reports.rules import can_read_reports
from campaigns.reports.shapes import Comparison
from cms.core.database import db
from cms.core.errors import Invalid
from cms.core.mail import queue_template
from cms.core.pages import absolute, config
from cms.core.walltime import zone_named
from cms.people.models import Person

SHOWN = (
    "reach",
    "views",
    "engaged",
    "verified",
    "conversions",
    "cost",
)  # figures in the mail; the page has the rest


def begin_mail(view_id: int, *, every: str, wall: str, zone: str, by: Person, at: datetime) -> ReportMail:
    """Let a view come on Mondays or on the first of the month, at this time of the zone. Said again, it changes."""
    if every not in ("week", "month"):
        raise Invalid(errors={"every": _("This is not one of the choices.")})
    due_at = next_due(every, wall, zone, after=at)
    row = db.session.scalar(
        select(ReportMail).where(ReportMail.view_id == view_id, ReportMail.person_id == by.id)
    )
    if row is None:
        row = ReportMail(view_id=view_id, person_id=by.id, created_at=at)
        db.session.add(row)
    row.every, row.wall, row.zone, row.due_at = every, wall, zone, due_at
    db.session.flush()
    return row


def end_mail(mail_id: int) -> None:
    """No more of it; one that is ended already changes nothing."""
    row = db.session.get(ReportMail, mail_id)
    if row is not None:
        db.session.delete(row)


def next_due(every: str, wall: str, zone: str, *, after: datetime) -> datetime:
    """The first Monday, or first of a month, at this wall time after an instant. A time that the clocks leave out that
    day comes an hour later; one that happens twice, the first time."""
    place = zone_named(zone)
    try:
        clock = time.fromisoformat(wall)
    except ValueError as error:
        raise Invalid(errors={"wall": _("Please give a time, such as 08:30.")}) from error
    day = after.astimezone(place).date()
    while True:
        if _is_day(every, day):
            due = datetime.combine(day, clock, tzinfo=place).astimezone(UTC)
            if due > after:
                return due
        day += timedelta(days=1)


def send_report(mail_id: int, compared: Comparison, *, due_at: datetime, at: datetime) -> bool:
    """Move the row on and write its mail, both or neither. False when somebody else did, or the person may not read it.

    What was missed while no worker ran comes once, not once for each week.
    """
    row = db.session.get(ReportMail, mail_id)
    if row is None:
        return False
    moved = db.session.scalars(
        update(ReportMail)
        .where(ReportMail.id == mail_id, ReportMail.due_at == due_at)
        .values(due_at=next_due(row.every, row.wall, row.zone, after=at))
        .returning(ReportMail.id)
    ).all()
    person, view = db.session.get(Person, row.person_id), db.session.get(SavedView, row.view_id)
    if not moved or person is None or view is None or not _may_have(person, view):
        return False
    _write(row, view, person, compared)
    return True


def read_token(token: str) -> int | None:
    """Which mail a token of ours ends; None for anything we did not write."""
    try:
        number: int = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return number if isinstance(number, int) else None


def _may_have(person: Person, view: SavedView) -> bool:
    """The right to read reports is asked at every sending, and so is whether the view is still shared."""
    return can_read_reports(person) and bool(person.email) and (view.is_shared or view.owner_id == person.id)


def _write(row: ReportMail, view: SavedView, person: Person, compared: Comparison) -> None:
    locale = person.locale
    stop = absolute(f"/{locale}/reports/mails/{_signer().dumps(row.id)}/end")
    with force_locale(locale):
        names = [one.name.get(locale) or next(iter(one.name.values())) for one in compared.subjects]
        lines = [
            {
                "label": wording.column_name(key),
                "cells": [_said(compared, key, number) for number in range(len(names))],
            }
            for key in SHOWN
        ]
        verdicts = [said for said, *_rest in presenting.verdicts_in_words(compared)]
        happened = list(presenting.happened_in_words(compared))
        subject = _("Report: %(name)s", name=view.name)
    queue_template(
        person.email or "",
        "report",
        {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        subject=subject,
        locale=locale,
        name=person.name,
        view=view.name,
        names=names,
        lines=lines,
        verdicts=verdicts,
        happened=happened,
        as_of=compared.as_of,
        url=absolute(f"/{locale}/desk/reports/views/{view.id}"),
        definitions=absolute(f"/{locale}/what-we-count"),
        stop=stop,
    )


def _said(compared: Comparison, key: str, number: int) -> str:
    cell = compared.rows[number].cells["total"][key]
    return wording.cell_in_words(cell, wording.unit_of(key))


def _is_day(every: str, day: date) -> bool:
    return day.weekday() == 0 if every == "week" else day.day == 1


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(config().secret_key, salt="report mails")
