"""Topics that members report: who decides hears of it, and after some reports it is out of sight until they looked."""

from datetime import datetime

from flask_babel import gettext
from sqlalchemy import func, select

from cms.circles import news
from cms.circles.models import Topic, TopicFlag
from cms.circles.rules import STEWARDS
from cms.circles.services.loading import locked, moderators, recount, touch_circle
from cms.circles.services.talking import decided
from cms.comments.wording import REASONS
from cms.core.database import db
from cms.core.errors import Invalid, NotAllowed, NotFound
from cms.core.pagecache import touch
from cms.core.text import strip_control
from cms.people import audit
from cms.people.models import Person

MOST_FLAGS = 3  # as for comments: members whose reports take it out of sight until somebody looked
LONGEST_NOTE = 1_000


def report_topic(topic_id: int, *, reason: str, note: str, by: Person, at: datetime) -> None:
    """Ask a moderator to look at it, once. Callers have asked the gate whether it exists for them."""
    topic = _get(topic_id)
    if topic.by_id == by.id:
        raise NotAllowed
    if reason not in REASONS:
        raise Invalid(errors={"reason": gettext("Please choose what is wrong with it.")})
    if topic.hidden_at is not None or db.session.get(TopicFlag, (topic_id, by.id)) is not None:
        return
    note = strip_control(note).strip()[:LONGEST_NOTE]
    db.session.add(TopicFlag(topic_id=topic_id, person_id=by.id, reason=reason, note=note, at=at))
    db.session.flush()
    count = db.session.scalars(select(func.count()).where(TopicFlag.topic_id == topic_id)).one()
    if count >= MOST_FLAGS and topic.decided_at is None:  # who decided on it already has seen it
        topic.hidden_at = at
    _tell(topic, by=by, at=at)
    _touch(topic)


def keep_topic(topic_id: int, *, by: Person, at: datetime) -> None:
    """A moderator looked, and it stays, or comes back."""
    topic = _get(topic_id)
    if topic.hidden_by_id is None and not topic.hidden_why:
        topic.hidden_at = None
    decided(topic, at=at)
    detail = {"number": topic_id}
    audit.record("circle.topic_kept", f"circle:{topic.circle_id}", by=by, at=at, detail=detail)
    _touch(topic)


def _tell(topic: Topic, *, by: Person, at: datetime) -> None:
    """The circle's own moderators; the community managers too where it is one of those who wrote it."""
    circle = locked(topic.circle_id, must_be_open=False)
    own = moderators(circle.id)
    news.tell_moderators(
        "reported", circle, [one for one in own if one not in (topic.by_id, by.id)], by=by, at=at
    )
    if topic.by_id in own or not own:
        stewards = select(Person.id).where(Person.role.in_(STEWARDS), Person.disabled_at.is_(None))
        news.tell_moderators("reported", circle, list(db.session.scalars(stewards)), by=by, at=at)


def _get(topic_id: int) -> Topic:
    found = db.session.get(Topic, topic_id, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def _touch(topic: Topic) -> None:
    recount(topic.circle_id)
    touch_circle(topic.circle_id)
    touch(f"topic:{topic.id}")
