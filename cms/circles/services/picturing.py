"""The picture of a circle: its owner and moderators choose it, and say what it shows."""

from datetime import datetime

from flask_babel import gettext

from cms.circles.models import Circle
from cms.circles.services.loading import locked, touch_circle
from cms.core.database import db
from cms.core.errors import Invalid
from cms.core.text import strip_control
from cms.media import services as media
from cms.media.models import Media
from cms.people import audit
from cms.people.models import Person

LONGEST_ALT = 300


def set_picture(
    circle_id: int,
    *,
    media_id: int | None,
    alt: str,
    focus: tuple[float, float] = (0.5, 0.5),
    by: Person,
    at: datetime,
) -> None:
    """Show this picture, or with none named the one it has, with these words and this point. What it replaces goes."""
    circle = locked(circle_id)
    alt = " ".join(strip_control(alt).split())
    if not 1 <= len(alt) <= LONGEST_ALT:
        sentence = gettext("Please say in at most 300 characters what it shows, for those who cannot see it.")
        raise Invalid(errors={"alt": sentence})
    if not all(0 <= one <= 1 for one in focus):
        raise Invalid(errors={"focal_x": gettext("The point must lie within the picture.")})
    chosen = db.session.get(Media, media_id or circle.picture_id or 0)
    if chosen is None or chosen.kind != "image":
        raise Invalid(errors={"file": gettext("Please choose a picture.")})
    before = circle.picture_id
    circle.picture_id, circle.picture_alt = chosen.id, alt
    circle.focal_x, circle.focal_y = (round(one, 3) for one in focus)
    _changed(circle, before, "circle.picture_set", by=by, at=at)


def remove_picture(circle_id: int, *, by: Person, at: datetime) -> None:
    """Show the circle without one."""
    circle = locked(circle_id, must_be_open=False)
    before = circle.picture_id
    if before is None:
        return
    circle.picture_id, circle.picture_alt = None, ""
    circle.focal_x = circle.focal_y = 0.5
    _changed(circle, before, "circle.picture_removed", by=by, at=at)


def _changed(circle: Circle, before: int | None, act: str, *, by: Person, at: datetime) -> None:
    db.session.flush()
    if before is not None and before != circle.picture_id:
        media.let_go(before, at=at)
    audit.record(act, f"circle:{circle.id}", by=by, at=at)
    touch_circle(circle.id)
