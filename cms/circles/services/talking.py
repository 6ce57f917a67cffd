"""Topics: beginning, changing, hiding, pinning. Their texts are rendered before the transaction."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import delete, select, update

from cms.circles.events import TopicStarted
from cms.circles.models import AUDIENCES, Circle, Topic, TopicFlag
from cms.circles.services.loading import locked, recount, tie, touch_circle
from cms.circles.services.problems import NotAMember
from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.core.markup import render_markdown
from cms.core.pagecache import touch
from cms.core.seams import announce
from cms.core.text import strip_control
from cms.people import audit
from cms.people.models import Person
from cms.posts.models import Post

LONGEST_BODY = 20_000


@dataclass(frozen=True)
class ReadyTopic:
    """A text that was checked and rendered."""

    title: str
    body: str
    html: str
    plain: str


@dataclass(frozen=True)
class End:
    """The moment until which a call takes texts, as it was given."""

    at: datetime
    wall: str
    zone: str


def prepare_topic(*, title: str, body: str, needs_words: bool = True) -> ReadyTopic:
    """Check and render; `Invalid` names every field that is wrong. What comes with a post may do without words."""
    title, wrong = " ".join(strip_control(title).split()), {}
    if not 1 <= len(title) <= 200:
        wrong["title"] = gettext("Please give it a title of at most 200 characters.")
    if (needs_words and not body.strip()) or len(body) > LONGEST_BODY:
        wrong["body"] = gettext("Please write a text of at most 20,000 characters.")
    if wrong:
        raise Invalid(errors=wrong)
    made = render_markdown(body)
    return ReadyTopic(title, body, made.html, made.plain)


def start_topic(
    circle_id: int,
    ready: ReadyTopic,
    *,
    audience: str | None = None,
    post_id: int | None = None,
    ends: End | None = None,
    call_id: int | None = None,
    by: Person,
    at: datetime,
) -> Topic:
    """Begin a topic, with a post of the site when one is shared. Who reads it: as asked, else as the circle has it."""
    circle = locked(circle_id)
    _refuse_outsider(circle_id, by)
    if audience is not None and audience not in AUDIENCES:
        raise Invalid(errors={"audience": gettext("Please choose one of the possibilities.")})
    if post_id is not None:
        _refuse_unseen(post_id)
    topic = Topic(
        guid=uuid.uuid4().urn,
        circle_id=circle_id,
        by_id=by.id,
        audience=audience or circle.content_default,
        post_id=post_id,
        call_id=call_id,
        ends_at=ends.at if ends else None,
        ends_wall=ends.wall if ends else None,
        ends_zone=ends.zone if ends else None,
        created_at=at,
        active_at=at,
        **_words(ready),
    )
    db.session.add(topic)
    _woke(circle, at)
    recount(circle_id)
    announce(TopicStarted(topic.id, at))
    touch_circle(circle_id)
    return topic


def change_topic(topic_id: int, ready: ReadyTopic, *, audience: str, by: Person, at: datetime) -> None:
    """Write it anew."""
    topic = _get(topic_id)
    locked(topic.circle_id)
    _refuse_outsider(topic.circle_id, by)
    if audience not in AUDIENCES:
        raise Invalid(errors={"audience": gettext("Please choose one of the possibilities.")})
    for name, value in _words(ready).items():
        setattr(topic, name, value)
    topic.audience, topic.edited_at = audience, at
    if topic.ends_at is not None and audience == "members":  # nobody reads of a call in its texts
        db.session.execute(update(Topic).where(Topic.call_id == topic_id).values(audience=audience))
    recount(topic.circle_id)
    _touch(topic)


def hide_topic(topic_id: int, *, why: str, by: Person, at: datetime) -> None:
    """Take it from readers, with a reason its writer reads. It stays where it is."""
    topic = _get(topic_id)
    why = " ".join(strip_control(why).split())
    if not 1 <= len(why) <= 300:
        raise Invalid(errors={"why": gettext("Please give a reason; whoever wrote it will read it.")})
    topic.hidden_at, topic.hidden_by_id, topic.hidden_why = at, by.id, why
    decided(topic, at=at)
    recount(topic.circle_id)
    detail = {"number": topic_id}
    audit.record("circle.topic_hidden", f"circle:{topic.circle_id}", by=by, at=at, detail=detail)
    _touch(topic)


def show_topic(topic_id: int, *, by: Person, at: datetime) -> None:
    """Undo that."""
    topic = _get(topic_id)
    topic.hidden_at = topic.hidden_by_id = None
    topic.hidden_why = ""
    decided(topic, at=at)
    recount(topic.circle_id)
    detail = {"number": topic_id}
    audit.record("circle.topic_shown", f"circle:{topic.circle_id}", by=by, at=at, detail=detail)
    _touch(topic)


def decided(topic: Topic, *, at: datetime) -> None:
    """Somebody looked: what was reported is dealt with."""
    topic.decided_at = at
    db.session.execute(delete(TopicFlag).where(TopicFlag.topic_id == topic.id))


def pin_topic(topic_id: int, *, at: datetime) -> None:
    """Keep it on top."""
    topic = _get(topic_id)
    topic.pinned_at = at
    _touch(topic)


def unpin_topic(topic_id: int) -> None:
    """Let it move down again."""
    topic = _get(topic_id)
    topic.pinned_at = None
    _touch(topic)


def note_answer(topic_id: int, *, by_id: int | None, count: int, at: datetime) -> None:
    """Somebody answered: it moves up, and the first answer by somebody else is what the time of answers counts from."""
    topic = _get(topic_id)
    circle = locked(topic.circle_id, must_be_open=False)
    topic.answer_count, topic.active_at = count, at
    if topic.answered_at is None and by_id != topic.by_id:
        topic.answered_at = at
    _woke(circle, at)
    db.session.flush()
    _touch(topic)


def _words(ready: ReadyTopic) -> dict[str, str]:
    return {"title": ready.title, "body": ready.body, "body_html": ready.html, "plain": ready.plain}


def _get(topic_id: int) -> Topic:
    found = db.session.get(Topic, topic_id, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def _woke(circle: Circle, at: datetime) -> None:
    circle.active_at = max(circle.active_at, at)


def _refuse_outsider(circle_id: int, by: Person) -> None:
    found = tie(circle_id, by.id)
    if found is None or found.state != "member":
        raise NotAMember


def _refuse_unseen(post_id: int) -> None:
    """Only what every reader can see is shared."""
    live = select(Post.id).where(Post.id == post_id, Post.live_revision_id.is_not(None))
    if db.session.scalar(live) is None:
        raise Invalid(errors={"post": gettext("This post is not on the site any more.")})


def _touch(topic: Topic) -> None:
    touch_circle(topic.circle_id)
    touch(f"topic:{topic.id}")
