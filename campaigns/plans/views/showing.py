"""One campaign: what it wants, what serves it, what it costs, and where it stands."""

from flask import flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _

from campaigns.plans import days, models, queries, rules, services
from campaigns.plans.figures import balances, balances_by_channel, money_in_words
from campaigns.plans.forms import EmptyForm
from campaigns.plans.goals import TARGETS
from campaigns.plans.presenting import public_url
from campaigns.plans.services.moving import ways_from
from campaigns.plans.views import bp
from campaigns.plans.views.asked import Answer, done, me, networks
from campaigns.plans.views.posts import found_posts
from campaigns.plans.wording import (
    ACT_NAMES,
    AUDIENCE_NAMES,
    KIND_NAMES,
    MEASURE_NAMES,
    RESOURCE_NAMES,
    STATE_LOOKS,
    STATE_NAMES,
    day_word,
    days_of,
)
from cms.core import clock, walltime
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.core.problems import problem_document, wants_json
from cms.core.seams import panels

POSTS_SHOWN = 30


@bp.get("/desk/campaigns/<int:campaign_id>")
@allowed(rules.can_see_campaign, campaign=queries.get_whole_campaign)
def show_campaign(campaign_id: int, campaign: models.Campaign) -> str:
    """Its page at the desk."""
    before = request.args.get("before", "")
    rows = queries.posts_in_campaign(
        campaign_id,
        before=int(before) if before.isdecimal() and len(before) < 10 else None,
        limit=POSTS_SHOWN + 1,
    )
    posts = rows[:POSTS_SHOWN]
    at = clock.now()
    return page(
        "campaigns/plans/show.html",
        campaign=campaign,
        posts=posts,
        next_url=url_for(".show_campaign", campaign_id=campaign_id, before=posts[-1].id, _anchor="posts")
        if len(rows) > POSTS_SHOWN
        else None,
        balances=balances(campaign.money),
        by_channel=balances_by_channel(campaign.money),
        days=days.days_of_campaign(campaign, queries.moments_of_posts(campaign_id), at=at),
        goals=TARGETS,
        url=public_url(campaign),
        acts=[(one, ACT_NAMES[campaign.state, one]) for one in ways_from(campaign, at=at)],
        panels=[html for html in (one(campaign=campaign) for one in panels("desk.campaign")) if html.strip()],
        networks=networks(),
        button=EmptyForm(formdata=None),
        words=" ".join(request.args.get("q", "").split())[:100],
        found=found_posts(campaign_id, person=me()),
        kind_names=KIND_NAMES,
        state_names=STATE_NAMES,
        state_looks=STATE_LOOKS,
        audience_names=AUDIENCE_NAMES,
        resource_names=RESOURCE_NAMES,
        measure_names=MEASURE_NAMES,
        days_of=days_of,
        day_word=day_word,
        money=money_in_words,
    )


@bp.post("/desk/campaigns/<int:campaign_id>/days/<any(start, end):which>")
@allowed(rules.can_edit_campaign, campaign=queries.get_campaign)
def move_day(campaign_id: int, campaign: models.Campaign, which: str) -> Answer:
    """Its first or its last day, as the calendar sends it: a wall time in some zone, whose day is meant in its own."""
    by = me()
    try:
        at = walltime.instant(request.form.get("wall", ""), request.form.get("zone", campaign.zone))
        day = at.astimezone(walltime.zone_named(campaign.zone)).date()
        with transaction():
            services.move_day(campaign_id, which, day, by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        said = str(next(iter(problem.errors.values()), problem.message))
        if wants_json():
            return problem_document(problem.status, said, problem.errors)
        flash(said, "bad")
    else:
        if wants_json():
            return jsonify(message=_("Moved."))
        flash(_("Moved."), "good")
    return redirect(url_for(".show_campaign", campaign_id=campaign_id), 303)


@bp.post("/desk/campaigns/<int:campaign_id>/state")
@allowed(rules.can_edit_campaign, campaign=queries.get_campaign)
def move_campaign(campaign_id: int, campaign: models.Campaign) -> Answer:
    """Begin, pause, go on, finish, put away or take out again."""
    state = request.form.get("state", "")
    said = {
        "planned": _("It is out of the archive, in preparation."),
        "running": _("It runs."),
        "paused": _("It is paused."),
        "finished": _("It is finished."),
        "archived": _("It is in the archive. You can take it out again."),
    }
    return done(
        lambda by: services.move_campaign(campaign_id, state, by=by, at=clock.now()),
        said.get(state, ""),
        to=url_for(".show_campaign", campaign_id=campaign_id),
    )
