"""What stands beside the form of a post about its times."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined, unused-ignore]

from cms.core import clock
from cms.posts import queries, services
from cms.posts.forms import EmbargoForm, EndForm, MomentForm, ScheduleForm
from cms.posts.models import Post
from cms.posts.views.asked import zone_names


def time_boxes(post: Post, zone: str, sent: Mapping[str, MomentForm]) -> dict[str, Any]:
    """What `_schedule.html` needs; a form that was just sent back stands in the place of a fresh one."""
    schedule = sent.get("schedule") or ScheduleForm(
        formdata=None, wall=post.due_wall, zone=post.due_zone or zone
    )
    _offer_texts(schedule, post)
    return {
        "schedule": schedule,
        "end": sent.get("end")
        or EndForm(formdata=None, wall=post.removal_wall, zone=post.removal_zone or zone),
        "embargo": sent.get("embargo")
        or EmbargoForm(
            formdata=None,
            wall=post.embargo_wall,
            zone=post.embargo_zone or zone,
            reason=post.embargo_reason,
        ),
        "zones": zone_names(),
        "is_embargoed": services.is_standing(post, clock.now()),
        "has_changed": post.due_at is not None and post.due_base_revision_id != post.live_revision_id,
        "planner": queries.planner_of(post),
        "release": (release := queries.release_of(post.id)),
        "open_releases": [] if release else queries.open_release_names(),
    }


def _offer_texts(form: MomentForm, post: Post) -> None:
    """Let the newest text or the planned one be chosen, when they are not the same."""
    if not isinstance(form, ScheduleForm):
        return
    form.revision_id.choices = []
    if post.due_revision_id in (None, post.latest_revision_id):
        return
    form.revision_id.choices = [
        SelectChoice(0, _("The newest text")),
        SelectChoice(post.due_revision_id, _("The text that was planned")),
    ]
