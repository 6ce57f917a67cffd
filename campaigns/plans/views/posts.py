"""Which posts serve a campaign: found by words, chosen on the list of posts, or said on the page of a post."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from campaigns.plans import models, queries, rules, services
from campaigns.plans.views import bp
from campaigns.plans.views.asked import Answer, done, me
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import NotFound
from cms.people.models import Person
from cms.posts import queries as posts
from cms.posts.models import Post
from cms.posts.queries import DeskFilter

FOUND = 12


@dataclass(frozen=True)
class Found:
    """Posts that hold the words, and the campaigns they serve."""

    posts: Sequence[Post]
    serving: Mapping[int, models.Campaign]


def found_posts(campaign_id: int, *, person: Person) -> Found | None:
    """What the words of the address find; None when nothing was looked for."""
    words = " ".join(request.args.get("q", "").split())[:100]
    if not words:
        return None
    rows = list(posts.desk_posts(DeskFilter(title=words), person=person, limit=FOUND))
    named = posts.find_named(words)
    if named is not None and named.id not in {one.id for one in rows}:
        rows = [*posts.posts_numbered([named.id], person=person), *rows]
    return Found(rows, queries.campaigns_of_posts([one.id for one in rows]))


@bp.post("/desk/campaigns/<int:campaign_id>/posts")
@allowed(rules.can_edit_campaign, campaign=queries.get_campaign)
def add_posts(campaign_id: int, campaign: models.Campaign) -> Answer:
    """Let the chosen posts serve it."""
    return _add(campaign_id)


@bp.post("/desk/campaigns/posts")
@allowed(rules.can_edit_campaigns)
def add_chosen() -> Answer:
    """The same from the list of posts, where the campaign is chosen too."""
    if request.form.get("everything"):
        flash(_("Please choose posts on the page: a campaign takes those that you see."), "bad")
        return redirect(url_for("posts.list_posts"), 303)
    number = request.form.get("campaign_id", "")
    if not (number.isdecimal() and len(number) < 10):
        flash(_("Please choose a campaign."), "bad")
        return redirect(url_for("posts.list_posts"), 303)
    return _add(queries.get_campaign(int(number)).id)


@bp.post("/desk/campaigns/<int:campaign_id>/posts/<int:post_id>/removal")
@allowed(rules.can_edit_campaign, campaign=queries.get_campaign)
def remove_post(campaign_id: int, post_id: int, campaign: models.Campaign) -> Answer:
    """Let a post serve it no more."""
    return done(
        lambda by: services.remove_post(post_id, campaign_id=campaign_id, by=by, at=clock.now()),
        _("The post serves this campaign no more. What was sent stays counted."),
        to=url_for(".show_campaign", campaign_id=campaign_id, _anchor="posts"),
    )


@bp.post("/desk/posts/<int:post_id>/campaign")
@allowed(rules.can_choose_campaign, post=posts.get_post_in_brief)
def choose_campaign(post_id: int, post: Post) -> Answer:
    """Say on the page of a post which campaign it serves, or none."""
    number = request.form.get("campaign_id", "")
    chosen = int(number) if number.isdecimal() and len(number) < 10 else 0
    to = url_for("posts.edit_post", post_id=post_id)
    if not chosen:
        return done(
            lambda by: services.remove_post(post_id, by=by, at=clock.now()),
            _("This post serves no campaign."),
            to=to,
        )
    return done(
        lambda by: services.assign_post(post_id, chosen, move=True, by=by, at=clock.now()),
        _("Saved."),
        to=to,
    )


def _add(campaign_id: int) -> Answer:
    by, is_moving = me(), bool(request.form.get("move"))
    ids = [int(one) for one in request.form.getlist("post_id") if one.isdecimal() and len(one) < 10]
    to = url_for(".show_campaign", campaign_id=campaign_id, _anchor="posts")
    if not ids:
        flash(_("Please choose at least one post."), "bad")
        return redirect(to, 303)
    try:
        with transaction():
            added, stayed = services.add_posts(campaign_id, ids, move=is_moving, by=by, at=clock.now())
    except NotFound as problem:
        flash(str(problem.message), "bad")
        return redirect(to, 303)
    if added or not stayed:
        flash(
            ngettext(
                "%(num)d post serves this campaign now.", "%(num)d posts serve this campaign now.", added
            ),
            "good",
        )
    if stayed:
        flash(
            _(
                "Left where they are, because a post serves one campaign at most: %(count)d. "
                "Tick “Also from other campaigns” to move them.",
                count=stayed,
            ),
            "bad",
        )
    return redirect(to, 303)
