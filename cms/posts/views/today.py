"""The first page of the desk: what waits for me, what goes out next, what just went out, what went wrong."""

from datetime import timedelta

from cms.core import clock
from cms.core.access import allowed
from cms.core.pages import page
from cms.core.seams import panels
from cms.people import queries as people
from cms.people import rules as people_rules
from cms.posts import forms, queries, rules
from cms.posts.views import bp
from cms.posts.views.asked import me, my_zone

LATE = timedelta(minutes=5)  # after which something due and not out is a problem
LATELY = timedelta(days=7)


@bp.get("/desk")
@allowed(rules.can_enter_desk)
def show_today() -> str:
    """Today."""
    by, at = me(), clock.now()
    return page(
        "cms/posts/today.html",
        account=by,
        zone=my_zone(),
        now=at,
        drafts=queries.my_drafts(by.id),
        going_out=queries.posts_going_out(person=by),
        just_out=queries.just_published(),
        missed=queries.missed_posts(person=by, late_since=at - LATE),
        failed_mail=people.count_failed_mail(since=at - LATELY) if people_rules.can_see_mail(by) else 0,
        may_write=rules.can_write(by),
        may_publish=rules.can_publish(by),
        form=forms.EmptyForm(formdata=None),
        panels=[html for html in (render() for render in panels("desk.today")) if html.strip()],
    )
