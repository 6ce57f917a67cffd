"""Circles: what the caller may know of, joining and leaving, topics. What they may not know of is 404 everywhere."""

from datetime import datetime
from typing import Any

from flask import Response
from flask_babel import lazy_gettext as _

from cms.api.answering import Made, answer, changing, expected_version, made_once
from cms.api.cursors import cut, read_cursor
from cms.api.operations import operation
from cms.api.rules import can_call
from cms.api.schemas import circles as schemas
from cms.api.views import bp
from cms.circles import models, rules, services
from cms.circles.queries import gate, inside, listing
from cms.circles.rules import Standing
from cms.circles.services.settling import prepare
from cms.core.access import allowed, person
from cms.core.errors import Invalid, NotAllowed
from cms.core.pages import absolute

CIRCLE = "/circles/<number:circle_id>"
READ, WRITE = "circles:read", "circles:write"


def get_circle(circle_id: int) -> Standing:
    """A circle that this caller may know of, and how they stand to it."""
    return gate.get_standing(circle_id, person())


@bp.get("/circles")
@allowed(can_call)
@operation("circles", _("List circles"), scope=READ, query=schemas.CirclesAsked, answer=schemas.CircleList)
def list_circles(asked: schemas.CirclesAsked) -> Response:
    """Open ones, those written in last first. Hidden ones are in no list."""
    by = person()
    found = listing.circles(
        by, search=asked.search or "", before=_place("circles", asked.cursor), limit=asked.limit + 1
    )
    rows, following = cut("circles", found, asked.limit, _key)
    items = [_told(one) for one in gate.standings(rows, by)]
    return answer(schemas.CircleList(items=items, next=following))


@bp.post("/circles")
@allowed(rules.can_begin)
@operation(
    "circles",
    _("Make a circle"),
    scope=WRITE,
    body=schemas.NewCircle,
    answer=schemas.Circle,
    status=201,
    once=True,
    conflicts=True,
)
def create_circle(body: schemas.NewCircle) -> Response:
    """It is the caller's."""
    settings = prepare(**body.model_dump())

    def make(by: Any, at: Any) -> Made:
        row = services.create_circle(settings, by=by, at=at)
        standing = gate.get_standing(row.id, by)
        return Made(_told(standing), location=f"/api/v1/circles/{row.id}", version=row.version)

    return made_once(body.model_dump_json(), make)


@bp.get(CIRCLE)
@allowed(can_call, circle=get_circle)
@operation("circles", _("Read about a circle"), scope=READ, answer=schemas.Circle)
def show_circle(circle_id: int, circle: Standing) -> Response:
    """By its number."""
    return answer(_told(circle), version=circle.circle.version)


@bp.patch(CIRCLE)
@allowed(rules.can_change, circle=get_circle)
@operation(
    "circles",
    _("Change a circle"),
    scope=WRITE,
    body=schemas.ChangedCircle,
    answer=schemas.Circle,
    if_match=True,
    conflicts=True,
)
def edit_circle(circle_id: int, circle: Standing, body: schemas.ChangedCircle) -> Response:
    """Only what is named changes; its owner only."""
    version = expected_version(circle.circle.version)
    said = body.model_dump(exclude_unset=True, exclude={"old_topics"})
    settings = prepare(**{**_as_it_is(circle.circle), **{k: v for k, v in said.items() if v is not None}})
    with changing() as (by, at):
        services.change_settings(
            circle_id, settings, old_topics=body.old_topics, expected_version=version, by=by, at=at
        )
    changed = get_circle(circle_id)
    return answer(_told(changed), version=changed.circle.version)


@bp.put(f"{CIRCLE}/membership")
@allowed(can_call, circle=get_circle)
@operation(
    "circles", _("Join a circle, or ask to"), scope=WRITE, answer=schemas.CircleMembership, conflicts=True
)
def join_circle(circle_id: int, circle: Standing) -> Response:
    """Which of the two is decided by the policy as it is now; an invitation is accepted by it."""
    with changing() as (by, at):
        led = services.ask_in(circle_id, by=by, at=at)
    return answer(schemas.CircleMembership.model_validate({"standing": led}))


@bp.delete(f"{CIRCLE}/membership")
@allowed(can_call, circle=get_circle)
@operation("circles", _("Leave a circle"), scope=WRITE, status=204, conflicts=True)
def leave_circle(circle_id: int, circle: Standing) -> Response:
    """Also: decline, or take a request back."""
    with changing() as (by, at):
        services.leave(circle_id, by=by, at=at)
    return Response(status=204)


@bp.get(f"{CIRCLE}/topics")
@allowed(can_call, circle=get_circle)
@operation(
    "circles",
    _("List the topics of a circle"),
    scope=READ,
    query=schemas.TopicsAsked,
    answer=schemas.TopicList,
)
def list_topics(circle_id: int, circle: Standing, asked: schemas.TopicsAsked) -> Response:
    """Those the caller may read."""
    before = _place("topics", asked.cursor)
    found = inside.topics(circle_id, person(), before=before, limit=asked.limit + 1, with_pinned=True)
    rows, following = cut("topics", found, asked.limit, _key)
    items = [_topic(circle.circle, row) for row in rows]
    return answer(schemas.TopicList(items=items, next=following))


@bp.post(f"{CIRCLE}/topics")
@allowed(can_call, circle=get_circle)
@operation(
    "circles",
    _("Begin a topic"),
    scope=WRITE,
    body=schemas.NewTopic,
    answer=schemas.Topic,
    status=201,
    once=True,
    conflicts=True,
)
def create_topic(circle_id: int, circle: Standing, body: schemas.NewTopic) -> Response:
    """Members only."""
    if not rules.can_write(circle):
        raise NotAllowed
    ready = services.prepare_topic(title=body.title, body=body.body)

    if body.call is not None:
        inside.get_call(body.call, person(), circle_id=circle_id)

    def make(by: Any, at: Any) -> Made:
        if body.call is None:
            row = services.start_topic(
                circle_id, ready, audience=body.audience, post_id=body.post, by=by, at=at
            )
        else:
            row = services.offer_text(circle_id, body.call, ready, post_id=body.post, by=by, at=at)
        told = _topic(circle.circle, gate.get_topic(row.id, by))
        return Made(told, location=f"/api/v1/circles/{circle_id}/topics")

    return made_once(body.model_dump_json(), make)


def _told(standing: Standing) -> schemas.Circle:
    circle = standing.circle
    names = (
        "id slug name purpose language visibility join_policy content_default created_at active_at closed_at"
    )
    return schemas.Circle.model_validate(
        {
            **{name: getattr(circle, name) for name in names.split()},
            "url": absolute(f"/circles/{circle.slug}"),
            "tags": [one.tag.slug for one in circle.tags],
            "picture": _picture(circle),
            "is_backed": circle.backed_at is not None,
            "members": circle.member_count,
            "topics": circle.topic_count,
            "standing": standing.state,
        }
    )


def _picture(circle: models.Circle) -> schemas.CirclePicture | None:
    file = circle.picture
    if file is None:
        return None
    size = {"width": file.width or 0, "height": file.height or 0}
    return schemas.CirclePicture(url=absolute(file.src), alt=circle.picture_alt, **size)


def _topic(circle: models.Circle, topic: models.Topic) -> schemas.Topic:
    names = "id title body audience created_at active_at"
    return schemas.Topic.model_validate(
        {
            **{name: getattr(topic, name) for name in names.split()},
            "url": absolute(f"/circles/{circle.slug}/topics/{topic.id}"),
            "by": topic.by.handle if topic.by else None,
            "post": topic.post_id,
            "call_until": topic.ends_at,
            "call": topic.call_id,
            "answers": topic.answer_count,
        }
    )


def _as_it_is(circle: models.Circle) -> dict[str, Any]:
    names = "name purpose about language visibility join_policy content_default"
    return {
        **{name: getattr(circle, name) for name in names.split()},
        "tags": [one.tag.slug for one in circle.tags],
    }


def _key(row: models.Circle | models.Topic) -> str:
    return f"{row.active_at.isoformat()}~{row.id}"


def _place(kind: str, cursor: str | None) -> tuple[datetime, int] | None:
    key = read_cursor(kind, cursor)
    if key is None:
        return None
    when, _tilde, number = key.partition("~")
    try:
        return datetime.fromisoformat(when), int(number)
    except ValueError as error:
        raise Invalid from error
