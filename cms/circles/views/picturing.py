"""The picture of a circle."""

from datetime import timedelta

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.circles import rules, services
from cms.circles.forms import EmptyForm, PictureForm
from cms.circles.queries import gate
from cms.circles.rules import Standing
from cms.circles.views import bp
from cms.circles.views.asked import in_circle, me
from cms.core import clock
from cms.core.access import person
from cms.core.database import transaction
from cms.core.errors import NotFound, Problem
from cms.core.pages import page
from cms.core.throttle import throttle
from cms.media import services as media

LARGEST = 15 * 1024 * 1024
MOST_A_DAY = 20


@bp.url_value_preprocessor
def let_pictures_in(endpoint: str | None, values: dict[str, str] | None) -> None:
    """Before anything reads the form (the CSRF check does): who looks after this circle may send a picture."""
    by = person() if endpoint == "circles.set_picture" and request.method == "POST" else None
    if by is None or values is None:
        return
    try:
        standing = gate.find_standing(values["slug"], by)
    except NotFound:
        return  # the view says so
    if rules.can_moderate(standing):
        request.max_content_length = LARGEST


@bp.get("/circles/<slug>/picture")
@in_circle(rules.can_moderate)
def show_picture(standing: Standing) -> str:
    """The picture it has, and a form for another."""
    circle = standing.circle
    point = {"focal_x": round(circle.focal_x * 100), "focal_y": round(circle.focal_y * 100)}
    return _page(standing, PictureForm(formdata=None, data={"alt": circle.picture_alt, **point}))


@bp.post("/circles/<slug>/picture")
@in_circle(rules.can_moderate)
def set_picture(standing: Standing) -> Response | tuple[str, int]:
    """Take another picture, or other words and another point for this one."""
    form, by, circle_id, slug = PictureForm(), me(), standing.circle.id, standing.circle.slug
    if not form.validate():
        return _page(standing, form), 422
    file, received = form.file.data, None
    try:
        if file and file.filename:
            with transaction():
                throttle(f"circle pictures {by.id}", limit=MOST_A_DAY, per=timedelta(days=1))
            received = media.receive_upload(file.stream, file.filename, only="image")
        with transaction():
            kept = media.keep_media(received, by=by, at=clock.now()).id if received else None
            alt = form.alt.data or ""
            services.set_picture(circle_id, media_id=kept, alt=alt, focus=form.focus, by=by, at=clock.now())
    except Problem as problem:
        form.complain(problem)
        return _page(gate.get_standing(circle_id, me()), form), problem.status
    flash(_("The circle has its picture. Smaller sizes follow."), "good")
    return redirect(url_for(".show_picture", slug=slug), 303)


@bp.post("/circles/<slug>/picture/removal")
@in_circle(rules.can_moderate)
def remove_picture(standing: Standing) -> Response:
    """Show the circle without one."""
    by, circle_id, slug = me(), standing.circle.id, standing.circle.slug
    with transaction():
        services.remove_picture(circle_id, by=by, at=clock.now())
    return redirect(url_for(".show_picture", slug=slug), 303)


def _page(standing: Standing, form: PictureForm) -> str:
    return page("cms/circles/picture.html", circle=standing.circle, form=form, plain=EmptyForm(formdata=None))
