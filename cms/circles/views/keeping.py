"""Making a circle, its settings, handing over, closing, merging."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.circles import rules, services
from cms.circles.forms import CircleForm, EmptyForm, from_circle
from cms.circles.queries import gate, inside
from cms.circles.rules import Standing
from cms.circles.services.settling import prepare
from cms.circles.views import bp
from cms.circles.views.asked import in_circle, me, number
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.languages import request_locale
from cms.core.pages import page
from cms.people.queries import find_person
from cms.topics import queries as topics

Answer = Response | str | tuple[str, int]


@bp.get("/circles/new")
@allowed(rules.can_begin)
def new_circle() -> str:
    """An empty form."""
    language = "zh" if (request_locale() or "").startswith("zh") else "en"
    return _form(CircleForm(formdata=None, data={"language": language}))


@bp.post("/circles")
@allowed(rules.can_begin)
def create_circle() -> Answer:
    """Make it; whoever makes it owns it."""
    form, by = CircleForm(), me()
    if not form.validate():
        return _form(form), 422
    try:
        settings = prepare(**form.settings())
        with transaction():
            slug = services.create_circle(settings, by=by, at=clock.now()).slug
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _form(form), problem.status
    flash(_("Your circle is there. Invite people, or begin a topic."), "good")
    return redirect(url_for(".show_inside", slug=slug), 303)


@bp.get("/circles/<slug>/settings")
@in_circle(rules.can_own)
def show_settings(standing: Standing) -> str:
    """What is set."""
    return _settings(standing, CircleForm(formdata=None, data=from_circle(standing.circle)))


@bp.post("/circles/<slug>/settings")
@in_circle(rules.can_own)
def save_settings(standing: Standing) -> Answer:
    """Change it; each of the three settings by itself."""
    form, by, circle_id = CircleForm(), me(), standing.circle.id
    if not form.validate():
        return _settings(standing, form), 422
    version = form.version.data or ""
    try:
        settings = prepare(**form.settings())
        with transaction():
            services.change_settings(
                circle_id,
                settings,
                old_topics=form.old_topics.data or "keep",
                expected_version=int(version) if version.isdecimal() and len(version) < 10 else None,
                by=by,
                at=clock.now(),
            )
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _settings(gate.get_standing(circle_id, me()), form), problem.status
    flash(_("Saved."), "good")
    return redirect(url_for(".show_settings", slug=_slug(circle_id)), 303)


@bp.post("/circles/<slug>/owner")
@in_circle(rules.can_own)
def hand_over(standing: Standing) -> Response:
    """Give it another owner."""
    by, circle_id = me(), standing.circle.id
    person_id = _member(circle_id, request.form.get("person", ""))
    with transaction():
        services.hand_over(circle_id, person_id, by=by, at=clock.now())
    flash(_("It has another owner now."), "good")
    return redirect(url_for(".list_members", slug=_slug(circle_id)), 303)


@bp.post("/circles/<slug>/closing")
@in_circle(rules.can_own)
def close_circle(standing: Standing) -> Response:
    """Close it; when another circle is named, the address leads there, or everything moves there."""
    by, circle_id = me(), standing.circle.id
    named = request.form.get("into", "").strip().rsplit("/", 1)[-1]
    into = gate.find_standing(named, by) if named else None
    moves = bool(into) and "merge" in request.form
    if into is not None and moves and not rules.can_own(into):
        raise Conflict(_("You can merge it only into a circle that is yours as well."))
    into_id = into.circle.id if into else None
    with transaction():
        if moves and into_id is not None:
            services.merge_circle(circle_id, into_id, by=by, at=clock.now())
        else:
            services.close_circle(circle_id, leads_to_id=into_id, by=by, at=clock.now())
    flash(_("It is closed."), "good")
    return redirect(url_for(".show_settings", slug=_slug(circle_id)), 303)


@bp.post("/circles/<slug>/closing/removal")
@in_circle(rules.can_own)
def reopen_circle(standing: Standing) -> Response:
    """Undo that."""
    by, circle_id = me(), standing.circle.id
    with transaction():
        services.reopen_circle(circle_id, by=by, at=clock.now())
    flash(_("It is open again."), "good")
    return redirect(url_for(".show_settings", slug=_slug(circle_id)), 303)


def _form(form: CircleForm) -> str:
    return page("cms/circles/new.html", form=form, tags=topics.tags(limit=100))


def _settings(standing: Standing, form: CircleForm) -> str:
    circle = standing.circle
    return page(
        "cms/circles/settings.html",
        circle=circle,
        form=form,
        plain=EmptyForm(formdata=None),
        tags=topics.tags(limit=100),
        members=[one for one in inside.members(circle.id) if one.role != "owner"],
        following=gate.leads_to(circle, standing.person),
    )


def _member(circle_id: int, text: str) -> int:
    member_id = number(text)
    if member_id is not None:
        return member_id
    found = find_person(text)
    if found is None:
        raise NotFound
    return found.id


def _slug(circle_id: int) -> str:
    return gate.get_standing(circle_id, me()).circle.slug
