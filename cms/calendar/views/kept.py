"""Views that people keep: of the calendar, and of any list that says which page it is."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.calendar import rules, services
from cms.calendar.views import bp
from cms.calendar.views.asked import me
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Invalid

PLACES = {"calendar": "calendar.show_calendar", "posts": "posts.list_posts"}


@bp.post("/desk/views")
@allowed(rules.can_see_calendar)
def keep_view() -> Response:
    """Keep what a page is narrowed to."""
    by, asked = me(), request.form
    page, query = asked.get("page", ""), asked.get("query", "")
    try:
        with transaction():
            services.keep_view(
                by.id, page=page, name=asked.get("name", ""), query=query, by=by, at=clock.now()
            )
    except Invalid as problem:
        flash(str(next(iter(problem.errors.values()), problem.message)), "bad")
    else:
        flash(_("Kept. You find it above the list."), "good")
    return _back(page, query)


@bp.post("/desk/views/<int:view_id>/removal")
@allowed(rules.can_see_calendar)
def forget_view(view_id: int) -> Response:
    """Forget one of one's own views."""
    by = me()
    with transaction():
        services.forget_view(view_id, person_id=by.id, by=by, at=clock.now())
    return _back(request.form.get("page", ""), "")


def _back(page: str, query: str) -> Response:
    address = url_for(PLACES.get(page, "calendar.show_calendar"))
    return redirect(f"{address}?{query}" if query and query.isprintable() else address, 303)
