"""Calls: a topic that asks for texts on a theme until a moment. What answers it is a topic too."""

from datetime import datetime

from flask_babel import gettext
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from cms.circles.models import Topic
from cms.circles.queries.inside import own_posts
from cms.circles.services.loading import locked, touch_circle
from cms.circles.services.problems import AlreadyOffered, CallOver
from cms.circles.services.talking import End, ReadyTopic, start_topic
from cms.core import walltime
from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.core.pagecache import touch
from cms.people import audit
from cms.people.models import Person


def open_call(
    circle_id: int,
    ready: ReadyTopic,
    *,
    wall: str,
    zone: str,
    which: int | None = None,
    audience: str | None = None,
    by: Person,
    at: datetime,
) -> Topic:
    """Ask members for texts on a theme, until a moment that is still to come."""
    ends = _end(wall, zone, which, at)
    call = start_topic(circle_id, ready, audience=audience, ends=ends, by=by, at=at)
    audit.record(
        "circle.call_opened", f"circle:{circle_id}", by=by, at=at, detail={"wall": wall, "zone": zone}
    )
    return call


def move_call(
    circle_id: int, call_id: int, *, wall: str, zone: str, which: int | None = None, by: Person, at: datetime
) -> None:
    """Let it end at another moment; one that is over opens again."""
    call = _get(circle_id, call_id)
    ends = _end(wall, zone, which, at)
    call.ends_at, call.ends_wall, call.ends_zone, call.edited_at = ends.at, ends.wall, ends.zone, at
    detail = {"number": call_id, "wall": wall, "zone": zone}
    audit.record("circle.call_moved", f"circle:{circle_id}", by=by, at=at, detail=detail)
    _touch(call)


def end_call(circle_id: int, call_id: int, *, by: Person, at: datetime) -> None:
    """End it now."""
    call = _get(circle_id, call_id)
    if not call.is_calling(at):
        return
    call.ends_at, call.ends_wall = at, walltime.wall_time(at, call.ends_zone or "UTC")
    call.edited_at = at
    audit.record("circle.call_ended", f"circle:{circle_id}", by=by, at=at, detail={"number": call_id})
    _touch(call)


def offer_text(
    circle_id: int,
    call_id: int,
    ready: ReadyTopic,
    *,
    post_id: int | None = None,
    by: Person,
    at: datetime,
) -> Topic:
    """Answer a call with a text of one's own on the site, or with one that is written here. Who reads the call reads it."""
    call = _get(circle_id, call_id)
    if not call.is_calling(at) or call.hidden_at is not None:
        raise CallOver
    if post_id is not None and post_id not in {one.id for one in own_posts(by, only=post_id)}:
        raise Invalid(errors={"post": gettext("Please choose a text of your own that readers see.")})
    offered = select(Topic.id).where(Topic.call_id == call_id, Topic.post_id == post_id)
    if post_id is not None and db.session.scalar(offered) is not None:
        raise AlreadyOffered
    try:
        with db.session.begin_nested():
            text = start_topic(
                circle_id, ready, audience=call.audience, post_id=post_id, call_id=call_id, by=by, at=at
            )
    except IntegrityError as error:  # offered in another window since we looked
        raise AlreadyOffered from error
    db.session.execute(update(Topic).where(Topic.id == call_id).values(active_at=at))
    _touch(call)
    return text


def _end(wall: str, zone: str, which: int | None, at: datetime) -> End:
    moment = walltime.instant(wall, zone, which=which)
    if moment <= at:
        raise Invalid(errors={"wall": gettext("This time is over. Please choose one that is still to come.")})
    return End(moment, wall[:16], zone)


def _get(circle_id: int, call_id: int) -> Topic:
    locked(circle_id)
    found = db.session.get(Topic, call_id, populate_existing=True)
    if found is None or found.circle_id != circle_id or found.ends_at is None:
        raise NotFound
    return found


def _touch(call: Topic) -> None:
    db.session.flush()
    touch_circle(call.circle_id)
    touch(f"topic:{call.id}")
