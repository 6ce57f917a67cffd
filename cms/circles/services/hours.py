"""Hours with experts. What is planned keeps the instant, and the wall time and zone it was planned in."""

from datetime import datetime, timedelta

from flask_babel import gettext

from cms.circles.models import OfficeHour
from cms.circles.services.loading import locked, touch_circle
from cms.core import walltime
from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.core.text import strip_control
from cms.people import audit
from cms.people.models import Person


def plan_hour(
    circle_id: int,
    *,
    title: str,
    expert_id: int,
    wall: str,
    zone: str,
    minutes: int,
    which: int | None = None,
    by: Person,
    at: datetime,
) -> OfficeHour:
    """Announce an hour. A time that does not exist is refused, one that comes twice is asked about."""
    locked(circle_id)
    title = " ".join(strip_control(title).split())
    wrong = {}
    if not 1 <= len(title) <= 200:
        wrong["title"] = gettext("Please give it a title of at most 200 characters.")
    if not 10 <= minutes <= 480:
        wrong["minutes"] = gettext("An hour lasts 10 minutes to 8 hours.")
    if wrong:
        raise Invalid(errors=wrong)
    hour = OfficeHour(circle_id=circle_id, title=title, expert_id=expert_id, minutes=minutes, created_at=at)
    _set(hour, wall, zone, which, at)
    db.session.add(hour)
    db.session.flush()
    audit.record(
        "circle.hour_planned", f"circle:{circle_id}", by=by, at=at, detail={"wall": wall, "zone": zone}
    )
    touch_circle(circle_id)
    return hour


def move_hour(
    circle_id: int, hour_id: int, *, wall: str, zone: str, which: int | None = None, by: Person, at: datetime
) -> None:
    """Another time. One that was called off stays so."""
    hour = _get(circle_id, hour_id)
    if hour.cancelled_at is not None:
        raise NotFound
    _set(hour, wall, zone, which, at)
    audit.record(
        "circle.hour_moved", f"circle:{circle_id}", by=by, at=at, detail={"wall": wall, "zone": zone}
    )
    touch_circle(circle_id)


def cancel_hour(circle_id: int, hour_id: int, *, by: Person, at: datetime) -> None:
    """It does not take place; who had it in their calendar is told so by it."""
    hour = _get(circle_id, hour_id)
    if hour.cancelled_at is None:
        hour.cancelled_at = hour.changed_at = at
        audit.record("circle.hour_cancelled", f"circle:{circle_id}", by=by, at=at)
        touch_circle(circle_id)


def _set(hour: OfficeHour, wall: str, zone: str, which: int | None, at: datetime) -> None:
    starts_at = walltime.instant(wall, zone, which=which)
    if starts_at <= at:
        raise Invalid(errors={"wall": gettext("This time is over. Please choose one that is still to come.")})
    hour.starts_at, hour.starts_wall, hour.zone = starts_at, wall[:16], zone
    hour.ends_at, hour.changed_at = starts_at + timedelta(minutes=hour.minutes), at


def _get(circle_id: int, hour_id: int) -> OfficeHour:
    locked(circle_id)
    found = db.session.get(OfficeHour, hour_id)
    if found is None or found.circle_id != circle_id:
        raise NotFound
    return found
