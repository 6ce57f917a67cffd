"""Sending a post to accounts: which, when, and how each of them went."""

from zoneinfo import available_timezones

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from campaigns.channels.models import Account
from campaigns.deliveries import queries, rules, services
from campaigns.deliveries.forms import SHARE, EmptyForm, RepeatForm, ShareForm
from campaigns.deliveries.models import Repeat
from campaigns.deliveries.preflight import Proposed, blocking, preflight
from campaigns.deliveries.queries import pages as reads
from campaigns.deliveries.rows import network_name
from campaigns.deliveries.sharing import Offer, sharing, times_that_did_well
from campaigns.deliveries.timing import AtWall
from campaigns.deliveries.views import bp
from campaigns.deliveries.views.asked import Answer, done, me, my_zone
from campaigns.deliveries.wording import RULES
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.core.seams import Finding
from cms.core.walltime import AmbiguousTime, instant
from cms.posts.models import Post
from cms.posts.queries import get_post


@bp.get("/desk/posts/<int:post_id>/deliveries")
@allowed(rules.can_plan, post=get_post)
def share_post(post_id: int, post: Post) -> Answer:
    """All deliveries of a post, and the form for more."""
    return share_page(post)


@bp.post("/desk/posts/<int:post_id>/deliveries")
@allowed(rules.can_plan, post=get_post)
def plan_deliveries(post_id: int, post: Post) -> Answer:
    """Plan one for each chosen account."""
    form, by = ShareForm(prefix=SHARE), me()
    chosen = form.account_id.data or []
    if not chosen:
        form.account_id.errors = [_("Please choose at least one account.")]
    if not form.validate() or not chosen:
        if not chosen:
            form.account_id.errors = [_("Please choose at least one account.")]
        return share_page(post, form), 422
    choices = [services.Choice(one, form.chosen, form.ignores_quiet.data) for one in chosen]
    found, again = _found(post_id, choices), form.again.data
    if "look" in request.form or _stops(found, form, is_live=post.is_live):
        return share_page(get_post(post_id), form, found=found), 200 if "look" in request.form else 422
    try:
        with transaction():
            made = services.plan_deliveries(post_id, choices, by=by, at=clock.now(), again=again)
    except (Conflict, Invalid) as problem:
        if isinstance(problem, AmbiguousTime):
            form.ask(problem)
        form.complain(problem)
        return share_page(get_post(post_id), form), problem.status
    flash(ngettext("%(num)d delivery is planned.", "%(num)d deliveries are planned.", len(made)), "good")
    return redirect(url_for(".share_post", post_id=post_id), 303)


@bp.post("/desk/posts/<int:post_id>/deliveries/retries")
@allowed(rules.can_plan, post=get_post)
def retry_refused(post_id: int, post: Post) -> Answer:
    """Send only those of this post again that were refused."""
    by = me()
    ids = [one.id for one in queries.deliveries_of_post(post_id) if one.state == "refused"]
    return done(
        url_for(".share_post", post_id=post_id),
        lambda: services.retry_deliveries(ids, by=by, at=clock.now()),
        ngettext("%(num)d goes out again.", "%(num)d go out again.", len(ids)),
    )


@bp.post("/desk/posts/<int:post_id>/repeats")
@allowed(rules.can_plan, post=get_post)
def start_repeat(post_id: int, post: Post) -> Answer:
    """Send it again and again."""
    form, by = RepeatForm(prefix="repeat-"), me()
    if not form.validate():
        return share_page(post, repeat=form), 422
    try:
        until_on = form.until_on
        with transaction():
            services.start_repeat(
                post_id,
                form.account_id.data,
                rule=form.every.data,
                wall=(form.wall.data or "")[:16],
                zone=form.zone.data or "UTC",
                until_on=until_on,
                by=by,
                at=clock.now(),
            )
    except (Conflict, Invalid) as problem:
        form.complain(problem)
        return share_page(get_post(post_id), repeat=form), problem.status
    flash(_("It goes out again and again, each time as a delivery of its own."), "good")
    return redirect(url_for(".share_post", post_id=post_id), 303)


@bp.post("/desk/deliveries/repeats/<int:repeat_id>/ending")
@allowed(rules.can_plan, repeat=reads.get_repeat)
def end_repeat(repeat_id: int, repeat: Repeat) -> Answer:
    """No more of it."""
    by, post_id = me(), repeat.post_id
    return done(
        url_for(".share_post", post_id=post_id),
        lambda: services.end_repeat(repeat_id, by=by, at=clock.now()),
        _("It ends. What was planned of it is cancelled."),
    )


def _found(post_id: int, choices: list[services.Choice]) -> dict[int, list[Finding]]:
    """What would go wrong, or be regretted, by account. Who else planned it is for the service to say."""
    proposed = [Proposed(one.account_id, one.when, one.ignores_quiet) for one in choices]
    try:
        for when in {one.when for one in choices}:
            if isinstance(when, AtWall):
                instant(when.wall, when.zone, which=when.which)  # no time, or two: asked beside the field
        return {
            account: found for account, found in preflight(post_id, proposed, at=clock.now()).items() if found
        }
    except (Conflict, Invalid):
        return {}


def _stops(found: dict[int, list[Finding]], form: ShareForm, *, is_live: bool) -> bool:
    """What forbids it stops it. What is only to be known stops it once, and only where it would be out in a second."""
    if blocking(found):
        return True
    return bool(found) and is_live and form.when.data in ("now", "post") and "known" not in request.form


def share_page(
    post: Post,
    form: ShareForm | None = None,
    *,
    repeat: RepeatForm | None = None,
    found: dict[int, list[Finding]] | None = None,
) -> str:
    """The page as it is, or with what was just sent back."""
    context = sharing(post)
    repeat = repeat or RepeatForm(formdata=None, prefix="repeat-", zone=my_zone())
    repeat.account_id.choices = [
        (one.account.id, f"{one.account.name} · {network_name(one.account.channel)}")
        for _network, offers in context["groups"]
        for one in offers
    ]
    return page(
        "campaigns/deliveries/share.html",
        **context,
        advice=times_that_did_well(context["groups"]),
        found=_by_name(found or {}, context["groups"]),
        is_looked="look" in request.form,
        forbids=bool(blocking(found or {})),
        form=form or ShareForm.first(zone=my_zone(), is_live=post.is_live),
        button=EmptyForm(formdata=None),
        repeat=repeat,
        repeats=reads.repeats_of_post(post.id),
        rules=RULES,
        zones=sorted(available_timezones()),
    )


def _by_name(
    found: dict[int, list[Finding]], groups: list[tuple[str, list[Offer]]]
) -> list[tuple[Account, list[Finding]]]:
    accounts = {one.account.id: one.account for _network, offers in groups for one in offers}
    return [(accounts[number], findings) for number, findings in found.items() if number in accounts]
