"""The queue of one circle: what waits, was reported, or is hidden in it. Deciding is done where the desk does it."""

from flask import request

from cms.circles import rules
from cms.circles.forms import EmptyForm
from cms.circles.queries import inside
from cms.circles.rules import Standing
from cms.circles.views import bp
from cms.circles.views.asked import in_circle, me
from cms.comments import queries as comments
from cms.comments.wording import HELD, REASONS
from cms.core.pages import page
from cms.core.paging import before, paged

PAGE_LENGTH = 30
TABS = ("waiting", "reported", "appeals", "hidden")


@bp.get("/circles/<slug>/queue")
@in_circle(rules.can_moderate)
def show_queue(standing: Standing) -> str:
    """One kind of what is to be decided in this circle, newest first."""
    asked, circle = request.args.get("show", ""), standing.circle
    tab = asked if asked in TABS else "waiting"
    rows = comments.queue(
        me(), tab, limit=PAGE_LENGTH + 1, before=before(), within=inside.answers_in(circle.id)
    )
    shown, next_url = paged(rows, lambda one: (one.comment.created_at, one.comment.id), length=PAGE_LENGTH)
    return page(
        "cms/circles/queue.html",
        circle=circle,
        rows=shown,
        topics=inside.hidden_topics(circle.id) if tab == "hidden" and before() is None else [],
        reported=inside.reported_topics(circle.id) if tab == "reported" and before() is None else [],
        tab=tab,
        next_url=next_url,
        is_first=before() is None,
        held=HELD,
        reasons=REASONS,
        may_look_after=rules.looks_after_circles(me()),
        plain=EmptyForm(formdata=None),
    )
