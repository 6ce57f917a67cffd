"""The brake: pausing everything, a campaign or an account, and letting go again post by post."""

from zoneinfo import available_timezones

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from campaigns.channels import queries as channels
from campaigns.deliveries import queries, rules, services
from campaigns.deliveries.forms import DecisionForm, EmptyForm, HoldForm
from campaigns.deliveries.models import Hold
from campaigns.deliveries.queries import pages as reads
from campaigns.deliveries.rows import described
from campaigns.deliveries.views import bp
from campaigns.deliveries.views.asked import Answer, me, my_zone, sentence
from campaigns.deliveries.wording import SCOPES
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.languages import localized
from cms.core.pages import page


@bp.get("/desk/deliveries/holds")
@allowed(rules.can_hold)
def list_holds() -> Answer:
    """What is paused, by whom and why; what workers have in hand; and the brake itself."""
    return _page()


@bp.post("/desk/deliveries/holds")
@allowed(rules.can_hold)
def hold() -> Answer:
    """Pull the brake."""
    form, by = HoldForm(), me()
    if not form.validate():
        return _page(form), 422
    try:
        scope, object_id = form.target
        with transaction():
            services.hold(scope, object_id, reason=form.reason.data or "", by=by, at=clock.now())  # type: ignore[arg-type]
    except NotFound:
        form.scope.errors = [_("Please choose what to pause.")]
        return _page(form), 422
    except (Invalid, Conflict) as problem:
        form.complain(problem)
        return _page(form), problem.status
    flash(_("Paused. Nothing it covers is sent from this moment."), "good")
    return redirect(url_for(".list_holds"), 303)


@bp.get("/desk/deliveries/holds/<int:hold_id>")
@allowed(rules.can_hold, hold=reads.get_hold)
def show_hold(hold_id: int, hold: Hold) -> Answer:
    """One pause and what it held back: each is decided on by itself."""
    return _resume_page(hold)


@bp.post("/desk/deliveries/holds/<int:hold_id>/lifting")
@allowed(rules.can_lift, hold=reads.get_hold)
def lift_hold(hold_id: int, hold: Hold) -> Answer:
    """Let go. What it held back stays held until somebody decides."""
    by = me()
    try:
        with transaction():
            services.lift_hold(hold_id, by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        flash(sentence(problem), "bad")
        return redirect(url_for(".list_holds"), 303)
    held = reads.held_by(reads.get_hold(hold_id))
    if not held:
        flash(_("The pause is over. It held nothing back."), "good")
        return redirect(url_for(".list_holds"), 303)
    flash(
        _("The pause is over. What it held back waits for you below: nothing of it goes out by itself."),
        "good",
    )
    return redirect(url_for(".show_hold", hold_id=hold_id), 303)


@bp.post("/desk/deliveries/holds/<int:hold_id>/decisions")
@allowed(rules.can_hold, hold=reads.get_hold)
def decide_held(hold_id: int, hold: Hold) -> Answer:
    """What becomes of each that was held; one that nobody touched is dropped."""
    by, ids = me(), [one.id for one in reads.held_by(hold)]
    asked = {one for one in ids if f"d{one}-verdict" in request.form}
    problems: dict[int, DecisionForm] = {}
    sent = dropped = 0
    for delivery_id in (one for one in ids if one in asked):
        form = DecisionForm(prefix=f"d{delivery_id}-")
        is_sent = form.verdict.data == "send"
        try:
            with transaction():
                when = form.chosen if is_sent else None
                services.decide(delivery_id, "send" if is_sent else "drop", when, by=by, at=clock.now())
        except (Invalid, Conflict, NotFound) as problem:
            form.complain(problem)
            problems[delivery_id] = form
            continue
        sent, dropped = sent + is_sent, dropped + (not is_sent)
    if sent:
        flash(ngettext("%(num)d is planned again.", "%(num)d are planned again.", sent), "good")
    if dropped:
        flash(ngettext("%(num)d was dropped.", "%(num)d were dropped.", dropped), "good")
    if problems:
        return _resume_page(reads.get_hold(hold_id), problems), 422
    return redirect(url_for(".show_hold", hold_id=hold_id), 303)


def _page(form: HoldForm | None = None) -> str:
    form = form or HoldForm(formdata=None, scope=request.args.get("scope", "everything"))
    return page(
        "campaigns/deliveries/holds.html",
        form=form,
        targets=_targets(),
        holds=[(one, rules.can_lift(me(), one)) for one in reads.standing_holds()],
        past=reads.past_holds(),
        in_hand=described(queries.in_flight(), clock.now()),
        scopes=SCOPES,
        button=EmptyForm(formdata=None),
    )


def _targets() -> list[tuple[str, list[tuple[str, str]]]]:
    """What may be paused, in groups: (heading, [(value, name)])."""
    return [
        ("", [("everything", str(SCOPES["everything"]))]),
        (_("Campaigns"), [(f"campaign:{id}", localized(name)) for id, name in reads.campaign_names()]),
        (_("Accounts"), [(f"account:{one.id}", one.name) for one in channels.accounts()]),
    ]


def _resume_page(hold: Hold, problems: dict[int, DecisionForm] | None = None) -> str:
    zone, problems = my_zone(), problems or {}
    rows = described(reads.held_by(hold), clock.now())
    forms = {
        row.one.id: problems.get(row.one.id)
        or DecisionForm(formdata=None, prefix=f"d{row.one.id}-", zone=row.one.zone or zone, when="slot")
        for row in rows
    }
    return page(
        "campaigns/deliveries/hold.html",
        hold=hold,
        rows=rows,
        forms=forms,
        may_lift=rules.can_lift(me(), hold),
        scopes=SCOPES,
        zones=sorted(available_timezones()),
        button=EmptyForm(formdata=None),
    )
