"""Circles and people around them, made and committed."""

from datetime import timedelta

from cms.circles import services
from cms.circles.models import Circle, Topic
from cms.circles.services.settling import prepare
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.walltime import wall_time
from cms.people.models import Person
from tests.factories import make_person


def make_circle(
    name: str = "Night photographers", *, owner: Person | None = None, **settings: object
) -> Circle:
    """A circle; its owner is Olga unless another is named."""
    by = owner or make_person("Olga Petrova", "member")
    ready = prepare(**{"name": name, "purpose": "Long exposures, shared.", **settings})  # type: ignore[arg-type]
    with transaction():
        circle_id = services.create_circle(ready, by=by, at=clock.now()).id
    return db.session.get_one(Circle, circle_id)


def join(circle: Circle, person: Person, *, role: str = "member") -> None:
    """Let somebody in, whatever the policy; as a moderator when asked."""
    from cms.circles.models import Membership
    from cms.circles.services.loading import recount

    with transaction():
        row = db.session.get(Membership, (circle.id, person.id))
        if row is None:
            row = Membership(circle_id=circle.id, person_id=person.id)
            db.session.add(row)
        row.state, row.role, row.since, row.words = "member", role, clock.now(), ""
        recount(circle.id)


def make_topic(
    circle: Circle,
    by: Person,
    title: str = "Which tripod?",
    *,
    audience: str | None = None,
    body: str = "In **wind**.",
) -> Topic:
    """A topic."""
    ready = services.prepare_topic(title=title, body=body)
    with transaction():
        topic_id = services.start_topic(circle.id, ready, audience=audience, by=by, at=clock.now()).id
    return db.session.get_one(Topic, topic_id)


def make_call(
    circle: Circle,
    by: Person,
    title: str = "The sound of rain",
    *,
    wall: str | None = None,
    zone: str = "Asia/Shanghai",
    audience: str | None = None,
) -> Topic:
    """A call for texts, for a week unless another end is given."""
    ready = services.prepare_topic(title=title, body="Up to **300** words.")
    wall = wall or wall_time(clock.now() + timedelta(days=7), zone)
    with transaction():
        topic_id = services.open_call(
            circle.id, ready, wall=wall, zone=zone, audience=audience, by=by, at=clock.now()
        ).id
    return db.session.get_one(Topic, topic_id)


def offer(call: Topic, by: Person, title: str = "Gutter music", *, post_id: int | None = None) -> Topic:
    """A text for it."""
    ready = services.prepare_topic(title=title, body="It drips.")
    with transaction():
        topic_id = services.offer_text(
            call.circle_id, call.id, ready, post_id=post_id, by=by, at=clock.now()
        ).id
    return db.session.get_one(Topic, topic_id)
