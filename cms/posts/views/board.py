"""Posts by where they stand. A card moves only where that is an act: plan, publish, call off, take down."""

from datetime import timedelta

from flask import current_app
from flask_babel import lazy_gettext as _

from cms.core import clock
from cms.core.access import allowed
from cms.core.pages import page
from cms.posts import forms, queries, rules
from cms.posts.views import bp
from cms.posts.views.asked import me, my_zone
from cms.posts.views.lists import ACT_NAMES
from cms.posts.views.outcome import outcome_here

LANES = {
    "draft": _("Draft"),
    "review": _("In review"),
    "ready": _("Ready"),
    "scheduled": _("Planned"),
    "published": _("Published this week"),
}
MOVES = {  # from a lane to another one: the act that this is
    **{(lane, "scheduled"): "schedule" for lane in ("draft", "review", "ready")},
    **{(lane, "published"): "publish" for lane in ("draft", "review", "ready", "scheduled")},
    ("scheduled", "draft"): "unschedule",
    ("published", "draft"): "take_down",
}
THIS_WEEK = timedelta(days=7)
SHOWN = 20


@bp.get("/desk/posts/board")
@allowed(rules.can_enter_desk)
def show_board() -> str:
    """What one may open, in lanes."""
    by = me()
    stages = _stages()
    staged = queries.posts_numbered(list(stages), person=by)
    since = clock.now() - THIS_WEEK
    lanes = {
        "draft": queries.drafts_besides(list(stages), person=by, limit=SHOWN),
        "review": [post for post in staged if stages[post.id] == "review" and not post.due_at],
        "ready": [post for post in staged if stages[post.id] == "ready" and not post.due_at],
        "scheduled": queries.posts_going_out(person=by, limit=SHOWN),
        "published": queries.just_published(since=since, limit=SHOWN),
    }
    return page(
        "cms/posts/board.html",
        lanes=lanes,
        lane_names=LANES,
        moves=MOVES if rules.can_publish(by) else {},
        kind_names=forms.KIND_NAMES,
        act_names=ACT_NAMES,
        outcome=outcome_here(),
        form=forms.EmptyForm(formdata=None),
        zone=my_zone(),
        shown=SHOWN,
        may_write=rules.can_write(by),
    )


def _stages() -> dict[int, str]:
    """Where posts stand with those who look at them before they go out, as rooms below say it."""
    told = (stages() for stages in current_app.extensions["parley_stages"])
    return {post_id: stage for some in told for post_id, stage in some.items()}
