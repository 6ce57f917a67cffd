"""Releases: what several posts change together, and when."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from cms.core import clock, walltime
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.core.paging import before, paged
from cms.posts import forms, queries, rules, services
from cms.posts.forms import ReleaseForm, ReleaseTimeForm
from cms.posts.models import Post, Release
from cms.posts.views import bp
from cms.posts.views.asked import Answer, done, me, my_zone, wants_json, zone_names

PAGE_LENGTH = 30


@bp.get("/desk/releases")
@allowed(rules.can_publish)
def list_releases() -> str:
    """What waits, next first, and what went out."""
    return _list(ReleaseForm(formdata=None))


@bp.post("/desk/releases")
@allowed(rules.can_publish)
def create_release() -> Answer:
    """Begin one."""
    form = ReleaseForm()
    try:
        with transaction():
            release_id = services.create_release(form.name.data or "", by=me(), at=clock.now()).id
    except Invalid as problem:
        form.complain(problem)
        return _list(form), 422
    return redirect(url_for(".show_release", release_id=release_id), 303)


@bp.get("/desk/releases/<int:release_id>")
@allowed(rules.can_change_release, release=queries.get_release)
def show_release(release_id: int, release: Release) -> str:
    """Its posts in order, and when they go out."""
    return _show(release)


@bp.post("/desk/releases/<int:release_id>")
@allowed(rules.can_change_release, release=queries.get_release)
def rename_release(release_id: int, release: Release) -> Answer:
    """Call it something else."""
    name = request.form.get("name", "")
    return _done(
        release_id,
        lambda: services.rename_release(release_id, name, by=me(), at=clock.now()),
        _("Saved."),
    )


@bp.post("/desk/releases/<int:release_id>/removal")
@allowed(rules.can_change_release, release=queries.get_release)
def remove_release(release_id: int, release: Release) -> Answer:
    """Give it up; its posts stay as they are."""
    return _done(
        release_id,
        lambda: services.remove_release(release_id, by=me(), at=clock.now()),
        _("The release is gone. Its posts are as they were."),
        to=url_for(".list_releases"),
    )


@bp.post("/desk/releases/<int:release_id>/posts/<int:post_id>")
@allowed(rules.can_change_release, release=queries.get_release, post=queries.get_post)
def add_to_release(release_id: int, post_id: int, release: Release, post: Post) -> Answer:
    """Let the newest text of a post, or its end, go out with it."""
    act = "removal" if request.form.get("act") == "removal" else "publication"
    return _done(
        release_id,
        lambda: services.add_to_release(release_id, post_id, act=act, by=me(), at=clock.now()),
        _("It goes out with the release."),
    )


@bp.post("/desk/releases/<int:release_id>/posts/<int:post_id>/removal")
@allowed(rules.can_change_release, release=queries.get_release, post=queries.get_post)
def take_from_release(release_id: int, post_id: int, release: Release, post: Post) -> Answer:
    """Take a post out."""
    return _done(
        release_id,
        lambda: services.take_from_release(release_id, post_id, by=me(), at=clock.now()),
        _("Taken out of the release."),
    )


@bp.post("/desk/releases/<int:release_id>/order")
@allowed(rules.can_change_release, release=queries.get_release)
def order_release(release_id: int, release: Release) -> Answer:
    """Let its posts go out in another order: `place-12=1` for each post, or `up=12` for one step."""
    wanted = [one.post_id for one in release.items]
    step = request.form.get("up", "")
    if step.isdecimal() and int(step) in wanted[1:]:
        place = wanted.index(int(step))
        wanted[place - 1], wanted[place] = wanted[place], wanted[place - 1]
    return _done(
        release_id,
        lambda: services.order_release(release_id, wanted, by=me(), at=clock.now()),
        _("Saved."),
    )


@bp.post("/desk/releases/<int:release_id>/publication")
@allowed(rules.can_change_release, release=queries.get_release)
def publish_release(release_id: int, release: Release) -> Answer:
    """Let everything go out now."""
    return _done(
        release_id,
        lambda: services.publish_release(release_id, by=me(), at=clock.now()),
        _("Everything is published."),
    )


@bp.post("/desk/releases/<int:release_id>/schedule")
@allowed(rules.can_change_release, release=queries.get_release)
def schedule_release(release_id: int, release: Release) -> Answer:
    """Let everything go out later, or at another time; asks back when the clocks change that night."""
    form = ReleaseTimeForm()
    try:
        form.check()
        with transaction():
            services.schedule_release(release_id, by=me(), at=clock.now(), **form.moment)
    except (Invalid, Conflict) as problem:
        return _refused(release_id, form, problem)
    if wants_json():
        return {"message": _("Moved.")}
    flash(_("Planned."), "good")
    return redirect(url_for(".show_release", release_id=release_id), 303)


@bp.post("/desk/releases/<int:release_id>/schedule/removal")
@allowed(rules.can_change_release, release=queries.get_release)
def cancel_release(release_id: int, release: Release) -> Answer:
    """Call the time off."""
    return _done(
        release_id,
        lambda: services.cancel_release(release_id, by=me(), at=clock.now()),
        _("It will not go out by itself."),
    )


@bp.post("/desk/posts/<int:post_id>/release")
@allowed(rules.can_publish, post=queries.get_post)
def release_post(post_id: int, post: Post) -> Answer:
    """From the page of a post: put it into a release, or into a new one."""
    chosen, name = request.form.get("release_id", ""), request.form.get("name", "")
    act = "removal" if request.form.get("act") == "removal" else "publication"

    def add(by: Any) -> None:
        at = clock.now()
        number = int(chosen) if chosen.isdecimal() and len(chosen) < 10 else 0
        release_id = number or services.create_release(name, by=by, at=at).id
        services.add_to_release(release_id, post_id, act=act, by=by, at=at)

    return done(post_id, add, _("It goes out with the release."))


def _list(form: ReleaseForm) -> str:
    rows = queries.done_releases(before=before(), limit=PAGE_LENGTH + 1)
    shown, next_url = paged(rows, lambda one: (one.done_at or one.created_at, one.id), length=PAGE_LENGTH)
    return page(
        "cms/posts/releases.html",
        form=form,
        open_releases=[] if before() else queries.open_releases(),
        done_releases=shown,
        next_url=next_url,
        is_first=before() is None,
    )


def _show(release: Release, form: ReleaseTimeForm | None = None) -> str:
    form = form or ReleaseTimeForm(formdata=None, wall=release.due_wall, zone=release.due_zone or my_zone())
    return page(
        "cms/posts/release.html",
        release=release,
        form=form,
        button=forms.EmptyForm(formdata=None),
        zones=zone_names(),
        kind_names=forms.KIND_NAMES,
    )


def _done(release_id: int, act: Any, said: str, *, to: str | None = None) -> Answer:
    """Do one thing to a release; what stands in the way is said on its page, one reason a line."""
    try:
        with transaction():
            act()
    except (Invalid, Conflict) as problem:
        for line in str(next(iter(problem.errors.values()), problem.message)).splitlines():
            flash(line, "bad")
        to = None
    else:
        flash(said, "good")
    return redirect(to or url_for(".show_release", release_id=release_id), 303)


def _refused(release_id: int, form: ReleaseTimeForm, problem: Invalid | Conflict) -> Answer:
    sentence = str(next(iter(problem.errors.values()), problem.message))
    if isinstance(problem, walltime.AmbiguousTime):
        form.ask(problem)
    if wants_json():
        return {"message": sentence, "choices": form.asked}, problem.status
    form.complain(problem)
    return _show(queries.get_release(release_id), form), problem.status
