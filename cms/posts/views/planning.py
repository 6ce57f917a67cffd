"""Times of a post: when it goes out, when readers lose it again, and before when nobody publishes it.

The calendar moves things by the same addresses: a request that accepts JSON is answered `{"message"}`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from cms.core import clock, walltime
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.posts import queries, rules, services
from cms.posts.forms import EmbargoForm, EndForm, MomentForm, ScheduleForm
from cms.posts.models import Post
from cms.posts.views import bp
from cms.posts.views.asked import Answer, done, me, wants_json
from cms.posts.views.editing import editor


@bp.post("/desk/posts/<int:post_id>/schedule")
@allowed(rules.can_publish, post=queries.get_post)
def schedule_post(post_id: int, post: Post) -> Answer:
    """Publish the latest text, or the chosen one, later; asks back when the clocks change that night."""
    form = ScheduleForm()

    def act(**when: Any) -> datetime:
        return services.schedule_post(post_id, revision_id=form.revision, **when)

    return _planned(post_id, form, act, _("Planned."))


@bp.post("/desk/posts/<int:post_id>/schedule/time")
@allowed(rules.can_publish, post=queries.get_post)
def move_schedule(post_id: int, post: Post) -> Answer:
    """Give what is planned another time."""
    return _planned(
        post_id, ScheduleForm(), lambda **when: services.move_schedule(post_id, **when), _("Moved.")
    )


@bp.post("/desk/posts/<int:post_id>/schedule/removal")
@allowed(rules.can_publish, post=queries.get_post)
def cancel_schedule(post_id: int, post: Post) -> Answer:
    """Call a planned publication off."""
    return done(
        post_id,
        lambda by: services.cancel_schedule(post_id, by=by, at=clock.now()),
        _("It will not go out by itself."),
    )


@bp.post("/desk/posts/<int:post_id>/end")
@allowed(rules.can_publish, post=queries.get_post)
def plan_removal(post_id: int, post: Post) -> Answer:
    """Take it down later, or at another time than planned."""
    return _planned(post_id, EndForm(), lambda **when: services.plan_removal(post_id, **when), _("Planned."))


@bp.post("/desk/posts/<int:post_id>/end/removal")
@allowed(rules.can_publish, post=queries.get_post)
def cancel_removal(post_id: int, post: Post) -> Answer:
    """Let it stay."""
    return done(
        post_id,
        lambda by: services.cancel_removal(post_id, by=by, at=clock.now()),
        _("It stays until somebody takes it down."),
    )


@bp.post("/desk/posts/<int:post_id>/embargo")
@allowed(rules.can_publish, post=queries.get_post)
def set_embargo(post_id: int, post: Post) -> Answer:
    """Keep everybody from publishing it before a time."""
    form = EmbargoForm()

    def act(**when: Any) -> datetime:
        return services.set_embargo(post_id, reason=form.reason.data or "", **when)

    return _planned(post_id, form, act, _("The embargo stands."))


@bp.post("/desk/posts/<int:post_id>/embargo/removal")
@allowed(rules.can_publish, post=queries.get_post)
def lift_embargo(post_id: int, post: Post) -> Answer:
    """End an embargo early."""
    return done(
        post_id,
        lambda by: services.lift_embargo(post_id, by=by, at=clock.now()),
        _("The embargo is lifted. It can be published now."),
    )


def _planned(post_id: int, form: MomentForm, act: Callable[..., datetime], said: str) -> Answer:
    """Do what needs a moment in a transaction. What is wrong with the moment is said beside it, with what was typed."""
    try:
        form.check()
        with transaction():
            act(by=me(), at=clock.now(), **form.moment)
    except (Invalid, Conflict) as problem:
        return _refused(post_id, form, problem)
    if wants_json():
        return {"message": said}
    flash(said, "good")
    return redirect(url_for(".edit_post", post_id=post_id), 303)


def _refused(post_id: int, form: MomentForm, problem: Invalid | Conflict) -> Answer:
    sentence = str(next(iter(problem.errors.values()), problem.message))
    if isinstance(problem, walltime.AmbiguousTime):
        form.ask(problem)
    if wants_json():
        return {"message": sentence, "choices": form.asked}, problem.status
    if isinstance(problem, Conflict):
        flash(sentence, "bad")
        return redirect(url_for(".edit_post", post_id=post_id), 303)
    if not form.errors:
        form.complain(problem)
    return editor(queries.get_post(post_id), boxes={form.of: form}), 422
