"""One thing done to a post: published, planned, taken down, thrown away, brought back, let go from its story."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from cms.core import clock, walltime
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.posts import queries, rules, services
from cms.posts.forms import ScheduleForm
from cms.posts.models import Post
from cms.posts.views import bp
from cms.posts.views.asked import Answer, done, me
from cms.posts.views.editing import editor


@bp.post("/desk/posts/<int:post_id>/publication")
@allowed(rules.can_publish, post=queries.get_post)
def publish_post(post_id: int, post: Post) -> Answer:
    """Put the latest text, or the named revision, before readers."""
    asked = request.form.get("revision_id", "")
    revision_id = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    return done(
        post_id,
        lambda by: services.publish_post(post_id, revision_id=revision_id, by=by, at=clock.now()),
        _("Published."),
    )


@bp.post("/desk/posts/<int:post_id>/publication/removal")
@allowed(rules.can_publish, post=queries.get_post)
def take_down_post(post_id: int, post: Post) -> Answer:
    """Hide it from readers."""
    return done(
        post_id,
        lambda by: services.take_down_post(post_id, by=by, at=clock.now()),
        _("Taken down. It is a draft now."),
    )


@bp.post("/desk/posts/<int:post_id>/schedule")
@allowed(rules.can_publish, post=queries.get_post)
def schedule_post(post_id: int, post: Post) -> Answer:
    """Publish the latest text later; asks back when the clocks change that night."""
    form, by = ScheduleForm(), me()
    if not form.validate():
        return editor(queries.get_post(post_id), schedule=form), 422
    try:
        with transaction():
            services.schedule_post(
                post_id,
                wall=form.wall.data or "",
                zone=form.zone.data or "",
                which=form.chosen,
                by=by,
                at=clock.now(),
            )
    except walltime.AmbiguousTime as question:
        form.ask(question)
        form.complain(question)
        return editor(queries.get_post(post_id), schedule=form), 422
    except Invalid as problem:
        form.complain(problem)
        return editor(queries.get_post(post_id), schedule=form), 422
    except Conflict as problem:
        flash(str(problem.message), "bad")
    else:
        flash(_("Planned."), "good")
    return redirect(url_for(".edit_post", post_id=post_id), 303)


@bp.post("/desk/posts/<int:post_id>/schedule/removal")
@allowed(rules.can_publish, post=queries.get_post)
def cancel_schedule(post_id: int, post: Post) -> Answer:
    """Call a planned publication off."""
    return done(
        post_id,
        lambda by: services.cancel_schedule(post_id, by=by, at=clock.now()),
        _("It will not go out by itself."),
    )


@bp.post("/desk/posts/<int:post_id>/trash")
@allowed(rules.can_trash, post=queries.get_post)
def trash_post(post_id: int, post: Post) -> Answer:
    """Throw it away, for thirty days."""
    return done(
        post_id,
        lambda by: services.trash_post(post_id, by=by, at=clock.now()),
        _("Thrown away. It stays in the trash for 30 days."),
        to=url_for(".list_posts"),
    )


@bp.post("/desk/posts/<int:post_id>/trash/removal")
@allowed(rules.can_trash, post=queries.get_post)
def restore_post(post_id: int, post: Post) -> Answer:
    """Take it back out, as a draft."""
    return done(
        post_id,
        lambda by: services.restore_post(post_id, by=by, at=clock.now()),
        _("Restored. It is a draft now."),
    )


@bp.post("/desk/posts/<int:post_id>/story/removal")
@allowed(rules.can_edit, post=queries.get_post)
def unlink_translation(post_id: int, post: Post) -> Answer:
    """Say that it is not a translation after all."""
    return done(
        post_id,
        lambda by: services.unlink_translation(post_id, by=by, at=clock.now()),
        _("It is a story of its own now."),
    )
