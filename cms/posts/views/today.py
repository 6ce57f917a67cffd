"""The first page of the desk: what waits for me, what goes out next, what just went out, what went wrong."""

from datetime import timedelta

from cms.core import clock
from cms.core.access import allowed
from cms.core.pages import page
from cms.core.seams import panels
from cms.posts import queries, rules
from cms.posts.views import bp
from cms.posts.views.asked import me, my_zone

LATE = timedelta(minutes=5)  # after which something due and not out is a problem


@bp.get("/desk")
@allowed(rules.can_enter_desk)
def show_today() -> str:
    """Today."""
    by = me()
    return page(
        "cms/posts/today.html",
        account=by,
        zone=my_zone(),
        drafts=queries.my_drafts(by.id),
        going_out=queries.posts_going_out(person=by),
        just_out=queries.just_published(),
        missed=queries.missed_posts(person=by, late_since=clock.now() - LATE),
        may_write=rules.can_write(by),
        panels=[render() for render in panels("desk.today")],
    )
