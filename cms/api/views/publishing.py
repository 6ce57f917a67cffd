"""Putting posts before readers, now or later, and taking them away again."""

from datetime import datetime

from flask import Response
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from cms.api import queries
from cms.api.answering import changing, expected_version, nothing_left
from cms.api.operations import operation
from cms.api.schemas.posts import Post, Publication, ScheduleAsked
from cms.api.views import bp
from cms.api.views.loading import POST, expect, get_post
from cms.api.views.posts import tell
from cms.core import walltime
from cms.core.access import allowed
from cms.core.errors import Invalid
from cms.posts import models, rules
from cms.posts import services as posts

SCOPE = "posts:write"


@bp.put(f"{POST}/publication")
@allowed(rules.can_publish, post=get_post)
@operation(
    "posts", _("Publish a post now"), scope=SCOPE, body=Publication, body_may_lack=True, answer=Post, if_match=True,
    conflicts=True,
)  # fmt: skip
def publish_post(post_id: int, post: models.Post, body: Publication) -> Response:
    """Publishing again what is published already changes nothing."""
    version, revision_id = expected_version(post.version), _revision_id(post, body.revision)
    if post.live_revision_id != revision_id:
        with changing() as (by, at):
            expect(post_id, version)
            posts.publish_post(post_id, revision_id=revision_id, by=by, at=at)
    return tell(get_post(post_id))


@bp.delete(f"{POST}/publication")
@allowed(rules.can_publish, post=get_post)
@operation("posts", _("Take a post down"), scope=SCOPE, status=204, if_match=True, conflicts=True)
def take_down_post(post_id: int, post: models.Post) -> Response:
    """Readers do not see it any more; nothing is lost."""
    version = expected_version(post.version)
    with changing() as (by, at):
        expect(post_id, version)
        posts.take_down_post(post_id, by=by, at=at)
    return nothing_left()


@bp.put(f"{POST}/schedule")
@allowed(rules.can_publish, post=get_post)
@operation(
    "posts",
    _("Publish a post later"),
    scope=SCOPE,
    body=ScheduleAsked,
    answer=Post,
    if_match=True,
    conflicts=True,
)
def schedule_post(post_id: int, post: models.Post, body: ScheduleAsked) -> Response:
    """The newest text, when the moment comes. Scheduling again replaces the earlier choice."""
    version = expected_version(post.version)
    wall, which = _wall_time(body)
    with changing() as (by, at):
        expect(post_id, version)
        try:
            posts.schedule_post(post_id, wall=wall, zone=body.zone, which=which, by=by, at=at)
        except Invalid as problem:
            raise Invalid(str(problem.message), errors=_named_as_here(problem.errors)) from problem
    return tell(get_post(post_id))


@bp.delete(f"{POST}/schedule")
@allowed(rules.can_publish, post=get_post)
@operation(
    "posts", _("Call off a planned publication"), scope=SCOPE, status=204, if_match=True, conflicts=True
)
def cancel_schedule(post_id: int, post: models.Post) -> Response:
    """Also one that was missed."""
    version = expected_version(post.version)
    with changing() as (by, at):
        expect(post_id, version)
        posts.cancel_schedule(post_id, by=by, at=at)
    return nothing_left()


def _revision_id(post: models.Post, number: int | None) -> int | None:
    if number is None:
        return post.latest_revision_id
    found = queries.revision_id(post.id, number)
    if found is None:
        raise Invalid(errors={"revision": gettext("This post has no such revision.")})
    return found


def _wall_time(body: ScheduleAsked) -> tuple[str, int | None]:
    """What the clock in the zone shows at the moment asked for; and which of two, when the offset says so."""
    try:
        moment = datetime.fromisoformat(body.at)
        if moment.tzinfo is None:
            return moment.strftime(walltime.WALL), None
        local = moment.astimezone(walltime.zone_named(body.zone))
    except (ValueError, OverflowError) as error:
        raise Invalid(errors={"at": gettext("There is no such date or time.")}) from error
    return local.strftime(walltime.WALL), local.fold


def _named_as_here(errors: dict[str, str]) -> dict[str, str]:
    return {"at" if field == "wall" else field: message for field, message in errors.items()}
