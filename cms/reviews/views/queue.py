"""What waits for review, the longest due first."""

from flask import request, url_for

from cms.core import clock
from cms.core.access import allowed
from cms.core.pages import page
from cms.reviews import queries, rules
from cms.reviews.views import bp
from cms.reviews.views.asked import after, me, written

PAGE_LENGTH = 30


@bp.get("/desk/reviews")
@allowed(rules.can_see_queue)
def list_reviews() -> str:
    """Steps that wait for me; with `?whose=overdue` or `all`, for anybody whose text I may see."""
    by, at = me(), clock.now()
    asked = request.args.get("whose", "")
    whose = asked if asked in queries.WHOSE else "mine"
    rows = queries.waiting_steps(whose, person=by, at=at, after=after(), limit=PAGE_LENGTH + 1)
    shown = rows[:PAGE_LENGTH]
    last = shown[-1].step if len(rows) > PAGE_LENGTH else None
    return page(
        "cms/reviews/queue.html",
        rows=shown,
        whose=whose,
        at=at,
        next_url=url_for(".list_reviews", whose=whose, after=written(last.due_at, last.id)) if last else None,
        first_url=url_for(".list_reviews", whose=whose) if after() else None,
        may_see_claims=rules.can_see_claims(by),
        may_set_steps=rules.can_set_steps(by),
    )
