"""One act on many posts: asked for on the list, undone from there, and shown while the worker is at it."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.core import clock, walltime
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.core.text import make_slug
from cms.posts import bulk, forms, queries, rules, services
from cms.posts.views import bp
from cms.posts.views.asked import me
from cms.posts.views.lists import ACT_NAMES, KEPT, wanted
from cms.posts.views.outcome import outcome_of
from cms.topics import queries as topics


@bp.post("/desk/posts/bulk")
@allowed(rules.can_enter_desk)
def begin_bulk() -> Response:
    """Do one thing to the chosen posts, or to all that the list was narrowed to."""
    by, act = me(), request.form.get("act", "")
    try:
        detail = _detail(act)
        ids = _chosen()
        with transaction():
            bulk_id = services.begin_bulk(act, ids, detail=detail, by=by, at=clock.now()).id
    except Invalid as problem:
        flash(str(next(iter(problem.errors.values()), problem.message)), "bad")
        return redirect(_list(act), 303)
    return _worked_off(bulk_id, len(ids), act)


@bp.get("/desk/posts/bulk/<int:bulk_id>")
@allowed(rules.can_enter_desk)
def show_bulk(bulk_id: int) -> str:
    """How far it is, and what was refused and why."""
    return page(
        "cms/posts/bulk.html",
        outcome=outcome_of(bulk_id),
        act_names=ACT_NAMES,
        form=forms.EmptyForm(formdata=None),
    )


@bp.post("/desk/posts/bulk/<int:bulk_id>/removal")
@allowed(rules.can_enter_desk)
def undo_bulk(bulk_id: int) -> Response:
    """Change everything back that nobody changed since."""
    by, was = me(), outcome_of(bulk_id)
    act = was.act.act
    try:
        with transaction():
            services.begin_undoing(bulk_id, by=by, at=clock.now())
    except Conflict as problem:
        flash(str(problem.message), "bad")
        return redirect(url_for(".show_bulk", bulk_id=bulk_id), 303)
    return _worked_off(bulk_id, was.done, act)


def _worked_off(bulk_id: int, count: int, act: str) -> Response:
    """A small act is done now and told on the list; a large one is shown while it goes on."""
    if count > bulk.AT_ONCE:
        return redirect(url_for(".show_bulk", bulk_id=bulk_id), 303)
    bulk.work_off(bulk_id)
    return redirect(_list(act, done=bulk_id), 303)


def _chosen() -> list[int]:
    if request.form.get("everything"):
        narrowed = {name: request.form.get(f"list_{name}", "") for name in KEPT}
        most = services.MOST_IN_BULK + 1
        return list(queries.desk_post_ids(wanted(narrowed), person=me(), limit=most))
    return [int(one) for one in request.form.getlist("post_id") if one.isdecimal() and len(one) < 10]


def _detail(act: str) -> dict[str, Any]:
    """What the act needs besides the posts, checked once for all of them."""
    if act == "section":
        number = request.form.get("section_id", "")
        if number == "0":
            return {"section_id": None}
        if not (number.isdecimal() and len(number) < 10):
            raise Invalid(_("Please choose a section."))
        return {"section_id": topics.get_section(int(number)).id}
    if act == "schedule":
        moment = forms.ScheduleForm().moment
        walltime.instant(**moment)  # says what is wrong with it, once for all posts
        return moment
    if act in ("tag", "untag"):
        word = " ".join(request.form.get("tag", "").split())[:80]
        if not word:
            raise Invalid(_("Please name a tag."))
        if act == "tag":
            return {"tag": word}
        tag = topics.find_tag(make_slug(word))
        if tag is None:
            raise Invalid(_("There is no tag “%(word)s”.", word=word))
        return {"tag_id": tag.id}
    return {}


def _list(act: str, **more: Any) -> str:
    if request.form.get("to") == "board":
        return url_for(".show_board", **more)
    if act == "restore":
        return url_for(".list_trash", **more)
    narrowed = {name: request.form.getlist(f"list_{name}") for name in KEPT}
    kept: dict[str, Any] = {name: values for name, values in narrowed.items() if any(values)}
    return url_for(".list_posts", **kept, **more)
