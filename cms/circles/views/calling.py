"""Calls for texts: opening one, offering a text to it, ending it at another moment."""

from zoneinfo import available_timezones

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.circles import rules, services
from cms.circles.forms import CallEndForm, CallForm, OfferForm
from cms.circles.models import Topic
from cms.circles.queries import gate, inside
from cms.circles.rules import Standing
from cms.circles.services.problems import CallOver
from cms.circles.views import bp
from cms.circles.views.asked import in_circle, me, number
from cms.core import clock
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page, zone
from cms.core.walltime import AmbiguousTime, chosen
from cms.people.queries import zone_of

Answer = Response | str | tuple[str, int]


@bp.get("/circles/<slug>/calls/new")
@in_circle(rules.can_open_calls)
def new_call(standing: Standing) -> str:
    """An empty form, in one's own zone."""
    given = {"zone": zone_of(me()) or zone(), "audience": standing.circle.content_default}
    return _call_form(standing, CallForm(formdata=None, data=given))


@bp.post("/circles/<slug>/calls")
@in_circle(rules.can_open_calls)
def open_call(standing: Standing) -> Answer:
    """Open it."""
    form, by, circle_id, slug = CallForm(), me(), standing.circle.id, standing.circle.slug
    if not form.validate():
        return _call_form(standing, form), 422
    try:
        ready = services.prepare_topic(title=form.title.data or "", body=form.body.data or "")
        with transaction():
            call_id = services.open_call(
                circle_id,
                ready,
                wall=form.wall.data or "",
                zone=form.zone.data or "",
                which=chosen(form.which.data),
                audience=form.audience.data,
                by=by,
                at=clock.now(),
            ).id
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _call_form(gate.get_standing(circle_id, me()), form, problem), problem.status
    return _to(slug, call_id)


@bp.get("/circles/<slug>/topics/<int:topic_id>/end")
@in_circle(rules.can_change_calls)
def show_call_end(standing: Standing, topic_id: int) -> str:
    """When it ends, to be changed."""
    call = inside.get_call(topic_id, me(), circle_id=standing.circle.id)
    given = {"wall": call.ends_wall, "zone": call.ends_zone}
    return _end_form(standing, call, CallEndForm(formdata=None, data=given))


@bp.post("/circles/<slug>/topics/<int:topic_id>/end")
@in_circle(rules.can_change_calls)
def move_call(standing: Standing, topic_id: int) -> Answer:
    """Let it end at another moment, or now."""
    form, by, circle_id, slug = CallEndForm(), me(), standing.circle.id, standing.circle.slug
    call = inside.get_call(topic_id, by, circle_id=circle_id)
    if "now" in request.form:
        with transaction():
            services.end_call(circle_id, topic_id, by=by, at=clock.now())
        flash(_("The call is over. What was offered stays."), "good")
        return _to(slug, topic_id)
    if not form.validate():
        return _end_form(standing, call, form), 422
    try:
        with transaction():
            services.move_call(
                circle_id,
                topic_id,
                wall=form.wall.data or "",
                zone=form.zone.data or "",
                which=chosen(form.which.data),
                by=by,
                at=clock.now(),
            )
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        call = inside.get_call(topic_id, me(), circle_id=circle_id)
        return _end_form(gate.get_standing(circle_id, me()), call, form, problem), problem.status
    flash(_("It ends at another time now, in calendars too."), "good")
    return _to(slug, topic_id)


@bp.get("/circles/<slug>/topics/<int:topic_id>/texts/new")
@in_circle(rules.can_write)
def new_text(standing: Standing, topic_id: int) -> Answer:
    """Choose a text, or write one."""
    call = inside.get_call(topic_id, me(), circle_id=standing.circle.id)
    if not call.is_calling(clock.now()):
        raise CallOver
    return _offer_form(standing, call, OfferForm(formdata=None))


@bp.post("/circles/<slug>/topics/<int:topic_id>/texts")
@in_circle(rules.can_write)
def offer_text(standing: Standing, topic_id: int) -> Answer:
    """Offer it, while the call is open: the moment decides, not what a page said before."""
    form, by, circle_id, slug = OfferForm(), me(), standing.circle.id, standing.circle.slug
    inside.get_call(topic_id, by, circle_id=circle_id)
    post_id = number(form.post.data)
    try:
        found = inside.own_posts(by, only=post_id) if post_id else []
        ready = services.prepare_topic(
            title=form.title.data or (found[0].title[:200] if found else ""),
            body=form.body.data or "",
            needs_words=post_id is None,
        )
        with transaction():
            services.offer_text(circle_id, topic_id, ready, post_id=post_id, by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        call = inside.get_call(topic_id, me(), circle_id=circle_id)
        return _offer_form(gate.get_standing(circle_id, me()), call, form), problem.status
    flash(_("Your text stands with the call."), "good")
    return _to(slug, topic_id)


def _call_form(standing: Standing, form: CallForm, problem: Exception | None = None) -> str:
    return page("cms/circles/call_form.html", circle=standing.circle, form=form, **_time(problem))


def _end_form(standing: Standing, call: Topic, form: CallEndForm, problem: Exception | None = None) -> str:
    is_open = call.is_calling(clock.now())
    return page(
        "cms/circles/call_end.html",
        circle=standing.circle,
        call=call,
        is_open=is_open,
        form=form,
        **_time(problem),
    )


def _offer_form(standing: Standing, call: Topic, form: OfferForm) -> str:
    mine = [(str(one.id), one.title) for one in inside.own_posts(me())]
    form.post.choices = [("", _("None: I write it here")), *mine]
    return page("cms/circles/offer.html", circle=standing.circle, call=call, form=form, has_posts=bool(mine))


def _time(problem: Exception | None) -> dict[str, object]:
    choices = problem.choices if isinstance(problem, AmbiguousTime) else ()
    return {"zones": sorted(available_timezones()), "choices": choices}


def _to(slug: str, topic_id: int) -> Response:
    return redirect(url_for(".show_topic_inside", slug=slug, topic_id=topic_id), 303)
