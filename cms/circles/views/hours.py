"""Hours with experts: planning, moving, cancelling, and the calendar file."""

from zoneinfo import available_timezones

from flask import Response as FlaskResponse
from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.calendar import ical
from cms.circles import rules, services, times
from cms.circles.forms import EmptyForm, HourForm, HourTimeForm
from cms.circles.models import Circle, OfficeHour
from cms.circles.queries import gate, inside
from cms.circles.rules import Standing
from cms.circles.views import bp
from cms.circles.views.asked import in_circle, me, named
from cms.core import clock
from cms.core.access import public
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.pagecache import cached_page, depends_on
from cms.core.pages import page, zone
from cms.core.walltime import AmbiguousTime, chosen, wall_time
from cms.people.models import Person
from cms.people.queries import zone_of

Answer = Response | str | tuple[str, int]


@bp.get("/circles/<slug>/hours.ics")
@public
@cached_page
def show_hours_file(slug: str) -> FlaskResponse:
    """The hours of a public circle as a calendar; members of others have a private address for it."""
    circle = gate.find_standing(slug, None).circle
    depends_on(f"circle:{circle.id}")
    return hours_file(circle, None)


@bp.get("/circles/feeds/<token>/hours.ics")
@public
def show_private_hours_file(token: str) -> FlaskResponse:
    """The same for a member, by one of their private addresses."""
    found = inside.find_feed(token)
    if found is None:
        raise NotFound
    return hours_file(*found)


@bp.get("/circles/<slug>/hours/new")
@in_circle(rules.can_plan_hours)
def new_hour(standing: Standing) -> str:
    """An empty form, in one's own zone."""
    given = {"zone": zone_of(me()) or zone(), "expert": me().handle}
    return _form(standing, HourForm(formdata=None, data=given))


@bp.post("/circles/<slug>/hours")
@in_circle(rules.can_plan_hours)
def plan_hour(standing: Standing) -> Answer:
    """Announce it."""
    form, by, circle_id, slug = HourForm(), me(), standing.circle.id, standing.circle.slug
    if not form.validate():
        return _form(standing, form), 422
    try:
        expert = named("expert", form.expert.data)
        given = {"expert_id": expert.id, "which": chosen(form.which.data)}
        with transaction():
            services.plan_hour(
                circle_id,
                title=form.title.data or "",
                wall=form.wall.data or "",
                zone=form.zone.data or "",
                minutes=form.minutes.data or 0,
                by=by,
                at=clock.now(),
                **given,  # type: ignore[arg-type]
            )
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        choices = problem.choices if isinstance(problem, AmbiguousTime) else ()
        return _form(gate.find_standing(slug, me()), form, choices), problem.status
    flash(_("It stands on the page of the circle and in the calendar."), "good")
    return redirect(url_for(".show_inside", slug=slug), 303)


@bp.get("/circles/<slug>/hours/<int:hour_id>/time")
@in_circle(rules.can_plan_hours)
def show_hour_time(standing: Standing, hour_id: int) -> str:
    """When it is, to be changed."""
    hour = inside.get_coming_hour(standing.circle.id, hour_id, at=clock.now())
    given = {"wall": hour.starts_wall, "zone": hour.zone}
    return _time_form(standing, hour, HourTimeForm(formdata=None, data=given))


@bp.post("/circles/<slug>/hours/<int:hour_id>/time")
@in_circle(rules.can_plan_hours)
def move_hour(standing: Standing, hour_id: int) -> Answer:
    """Give it another time."""
    form, by, circle_id, slug = HourTimeForm(), me(), standing.circle.id, standing.circle.slug
    hour = inside.get_coming_hour(circle_id, hour_id, at=clock.now())
    if not form.validate():
        return _time_form(standing, hour, form), 422
    try:
        with transaction():
            services.move_hour(
                circle_id,
                hour_id,
                wall=form.wall.data or "",
                zone=form.zone.data or "",
                which=chosen(form.which.data),
                by=by,
                at=clock.now(),
            )
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        choices = problem.choices if isinstance(problem, AmbiguousTime) else ()
        hour = inside.get_coming_hour(circle_id, hour_id, at=clock.now())
        return _time_form(gate.find_standing(slug, me()), hour, form, choices), problem.status
    flash(_("It is at another time now, in calendars too."), "good")
    return redirect(url_for(".show_inside", slug=slug), 303)


@bp.post("/circles/<slug>/hours/<int:hour_id>/cancelling")
@in_circle(rules.can_plan_hours)
def cancel_hour(standing: Standing, hour_id: int) -> Response:
    """Call it off."""
    by, circle_id, slug = me(), standing.circle.id, standing.circle.slug
    with transaction():
        services.cancel_hour(circle_id, hour_id, by=by, at=clock.now())
    flash(_("It is called off."), "good")
    return redirect(url_for(".show_inside", slug=slug), 303)


def hours_file(circle: Circle, who: Person | None) -> FlaskResponse:
    """What calendar programs read: hours, and when calls for texts end."""
    at = clock.now()
    body = ical.write(
        [*times.hours_of(circle.id, since=circle.created_at), *times.calls_of(circle.id, who)],
        name=circle.name,
        kinds={one.kind: str(one.label) for one in times.SOURCES},
        at=at,
    )
    return FlaskResponse(body, content_type="text/calendar; charset=utf-8")


def _form(standing: Standing, form: HourForm, choices: tuple[object, ...] = ()) -> str:
    return page(
        "cms/circles/hour_form.html",
        circle=standing.circle,
        form=form,
        plain=EmptyForm(formdata=None),
        zones=sorted(available_timezones()),
        choices=choices,
        wall_time=wall_time,
    )


def _time_form(
    standing: Standing, hour: OfficeHour, form: HourTimeForm, choices: tuple[object, ...] = ()
) -> str:
    return page(
        "cms/circles/hour_time.html",
        circle=standing.circle,
        hour=hour,
        form=form,
        zones=sorted(available_timezones()),
        choices=choices,
    )
