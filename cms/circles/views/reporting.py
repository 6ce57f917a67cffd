"""Reporting a topic, and leaving one that was reported."""

from datetime import timedelta

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.circles import rules, services
from cms.circles.forms import ReportForm
from cms.circles.models import Topic
from cms.circles.queries import gate
from cms.circles.rules import Standing
from cms.circles.views import bp
from cms.circles.views.asked import in_circle, me
from cms.core import clock
from cms.core.database import transaction
from cms.core.errors import Invalid, NotAllowed
from cms.core.pages import page
from cms.core.throttle import throttle
from cms.people.identity import internal_path

Answer = Response | str | tuple[str, int]


@bp.get("/circles/<slug>/topics/<int:topic_id>/report")
@in_circle(rules.can_report)
def show_report(standing: Standing, topic_id: int) -> str:
    """What may be wrong with it, to choose from."""
    return _form(standing, _others(standing, topic_id), ReportForm(formdata=None))


@bp.post("/circles/<slug>/topics/<int:topic_id>/report")
@in_circle(rules.can_report)
def report_topic(standing: Standing, topic_id: int) -> Answer:
    """Ask a moderator to look at it."""
    form, by, slug = ReportForm(), me(), standing.circle.slug
    topic = _others(standing, topic_id)
    if not form.validate():
        return _form(standing, topic, form), 422
    try:
        with transaction():
            throttle(f"reports of {by.id}", limit=20, per=timedelta(hours=1))
            services.report_topic(
                topic_id, reason=form.reason.data or "", note=form.note.data or "", by=by, at=clock.now()
            )
    except Invalid as problem:
        form.complain(problem)
        return _form(gate.find_standing(slug, me()), _others(standing, topic_id), form), 422
    flash(_("Thank you. A moderator will look at it."), "good")
    return redirect(url_for(".show_inside", slug=slug), 303)


@bp.post("/circles/<slug>/topics/<int:topic_id>/keeping")
@in_circle(rules.can_moderate)
def keep_topic(standing: Standing, topic_id: int) -> Response:
    """Leave it where it is, after looking."""
    by, slug = me(), standing.circle.slug
    gate.get_topic(topic_id, by, circle_id=standing.circle.id)
    with transaction():
        services.keep_topic(topic_id, by=by, at=clock.now())
    flash(_("It stays."), "good")
    queue = url_for(".show_queue", slug=slug, show="reported")
    return redirect(internal_path(request.form.get("back")) or queue, 303)


def _others(standing: Standing, topic_id: int) -> Topic:
    """A topic that somebody else wrote."""
    topic = gate.get_topic(topic_id, me(), circle_id=standing.circle.id)
    if topic.by_id == me().id:
        raise NotAllowed
    return topic


def _form(standing: Standing, topic: Topic, form: ReportForm) -> str:
    return page("cms/circles/report.html", circle=standing.circle, topic=topic, form=form)
