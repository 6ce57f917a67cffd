"""For community managers: how circles fare, and which of them the company stands behind."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.circles import rules, services, wording
from cms.circles.forms import EmptyForm
from cms.circles.queries import gate
from cms.circles.queries.health import PAGE_LENGTH, health
from cms.circles.views import bp
from cms.circles.views.asked import me
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.pages import page
from cms.core.paging import before, paged


@bp.get("/desk/circles")
@allowed(rules.looks_after_circles)
def show_health() -> str:
    """Members, who is active, what waits, how long answers take."""
    rows = health(at=clock.now(), before=before(), limit=PAGE_LENGTH + 1)
    shown, next_url = paged(rows, lambda row: (row.circle.active_at, row.circle.id), length=PAGE_LENGTH)
    return page(
        "cms/circles/desk/health.html",
        rows=shown,
        next_url=next_url,
        is_first=before() is None,
        visibility=wording.SHORT_VISIBILITY,
        plain=EmptyForm(formdata=None),
    )


@bp.post("/desk/circles/<int:circle_id>/backing")
@allowed(rules.can_back)
def back_circle(circle_id: int) -> Response:
    """Give it the badge, or take it away."""
    by = me()
    backed = gate.get_standing(circle_id, by).circle.backed_at is None
    with transaction():
        services.back_circle(circle_id, backed=backed, by=by, at=clock.now())
    flash(_("It carries the badge now.") if backed else _("The badge is gone."), "good")
    return redirect(url_for(".show_health"), 303)
