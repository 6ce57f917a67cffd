"""One account: how it stands, what was decided about it, its times, and what can be done with it."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from campaigns.channels import queries, rules, services, slots
from campaigns.channels.forms import DetailsForm, EmptyForm, RemovalForm, SlotForm
from campaigns.channels.models import Account
from campaigns.channels.queries import get_account
from campaigns.channels.rows import described
from campaigns.channels.trials import Failed, Passed, try_account
from campaigns.channels.views import bp
from campaigns.channels.views.acting import Answer, adapter_or_404, done, me, zones
from campaigns.channels.wording import limits_in_words, proof
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.core.seams import findings, panels


@bp.get("/desk/channels/<int:account_id>")
@allowed(rules.can_run_account, account=get_account)
def show_account(account_id: int, account: Account) -> str:
    """Everything there is to know about one, but never what opens it."""
    return _page(account)


@bp.post("/desk/channels/<int:account_id>")
@allowed(rules.can_run_account, account=get_account)
def change_account(account_id: int, account: Account) -> Answer:
    """Save what was decided. Whoever saves second reads what the first one saved."""
    form, by = DetailsForm(), me()
    try:
        with transaction():
            services.change_account(
                account_id, form.details, expected_version=form.read_version, by=by, at=clock.now()
            )
    except (Invalid, Conflict) as problem:
        account = get_account(account_id)
        form.complain(problem)
        if isinstance(problem, services.ChangedMeanwhile):
            form.complain_about("", str(problem.message))
            form.version.data = str(account.version)
        return _page(account, form), problem.status
    flash(_("Saved."), "good")
    return redirect(url_for(".show_account", account_id=account_id), 303)


@bp.post("/desk/channels/<int:account_id>/test")
@allowed(rules.can_run_account, account=get_account)
def test_account(account_id: int, account: Account) -> Answer:
    """Ask the network now whether it lets us in; an account that was paused for its credentials goes on then."""
    adapter, by = adapter_or_404(account.channel), me()
    paused_by_hand = account.problem_code == services.BY_HAND
    tried = try_account(account, adapter)
    at = clock.now()
    if isinstance(tried, Failed):
        with transaction():
            services.note_failed(account_id, tried, at=at)
        flash(_("It does not work: %(why)s", why=tried.sentence), "bad")
        return redirect(url_for(".show_account", account_id=account_id), 303)

    def keep(told: Passed) -> None:
        services.note_told(account_id, told, at=at)
        if not paused_by_hand:
            services.resume_account(account_id, by=by, at=at)

    try:
        with transaction():
            keep(tried)
    except Conflict as problem:
        flash(str(problem.message), "bad")
    else:
        flash(_("It works: the network let us in."), "good")
    return redirect(url_for(".show_account", account_id=account_id), 303)


@bp.post("/desk/channels/<int:account_id>/pause")
@allowed(rules.can_run_account, account=get_account)
def pause_account(account_id: int, account: Account) -> Answer:
    """Nothing goes there until somebody resumes it."""
    why = request.form.get("reason", "").strip()[:300]
    return done(
        account_id,
        lambda by, at: services.pause_account(account_id, reason=why, code=services.BY_HAND, at=at, by=by),
        _("Paused. What is planned is kept."),
    )


@bp.post("/desk/channels/<int:account_id>/pause/removal")
@allowed(rules.can_run_account, account=get_account)
def resume_account(account_id: int, account: Account) -> Answer:
    """It sends again."""
    return done(
        account_id,
        lambda by, at: services.resume_account(account_id, by=by, at=at),
        _("It sends again."),
    )


@bp.post("/desk/channels/<int:account_id>/slots")
@allowed(rules.can_run_account, account=get_account)
def add_slots(account_id: int, account: Account) -> Answer:
    """A time in the queue, on one day or on several."""
    form, by = SlotForm(), me()
    try:
        with transaction():
            services.add_slots(
                account_id, days=form.days.data or "", wall=form.wall.data or "", by=by, at=clock.now()
            )
    except Invalid as problem:
        form.complain(problem)
        return _page(get_account(account_id), slot_form=form), 422
    flash(_("The time is in the queue."), "good")
    return redirect(url_for(".show_account", account_id=account_id, _anchor="slots"), 303)


@bp.post("/desk/channels/<int:account_id>/slots/removal")
@allowed(rules.can_run_account, account=get_account)
def remove_slots(account_id: int, account: Account) -> Answer:
    """Take a time out of the queue. What was planned for it keeps its time."""
    named = request.form.get("slots", "").split("-")
    numbers = [int(one) for one in named if one.isdecimal() and len(one) < 10]
    return done(
        account_id,
        lambda by, at: services.remove_slots(account_id, numbers, by=by, at=at),
        _("The time is out of the queue. What was planned for it keeps its time."),
    )


@bp.get("/desk/channels/<int:account_id>/removal")
@allowed(rules.can_connect, account=get_account)
def ask_removal(account_id: int, account: Account) -> str:
    """What removing it would mean."""
    return _removal(account, RemovalForm(formdata=None))


@bp.post("/desk/channels/<int:account_id>/removal")
@allowed(rules.can_connect, account=get_account)
def remove_account(account_id: int, account: Account) -> Answer:
    """Destroy its credentials for good, once its name was typed."""
    form, by = RemovalForm(), me()
    try:
        with transaction():
            services.remove_account(account_id, typed_name=form.name.data or "", by=by, at=clock.now())
    except Invalid as problem:
        form.complain(problem)
        return _removal(get_account(account_id), form), 422
    flash(_("The account is removed, and its credentials are destroyed."), "good")
    return redirect(url_for(".list_accounts"), 303)


def _removal(account: Account, form: RemovalForm) -> str:
    return page(
        "campaigns/channels/removal.html",
        row=described([account], clock.now())[0],
        form=form,
        findings=findings("account.removal", account_id=account.id),
    )


def _page(account: Account, form: DetailsForm | None = None, *, slot_form: Any = None) -> str:
    adapter, at = adapter_or_404(account.channel), clock.now()
    form = form or DetailsForm(formdata=None, data=DetailsForm.values_of(account))
    form.offer(adapter)
    return page(
        "campaigns/channels/account.html",
        row=described([account], at)[0],
        account=account,
        adapter=adapter,
        proof=proof(adapter),
        limits=limits_in_words(adapter.limits(account.settings, account.limits)),
        form=form,
        slot_form=slot_form or SlotForm(formdata=None, data={"days": "weekdays"}),
        slots=slots.in_words(account.slots),
        recipients=queries.count_recipients(account.id) if adapter.has_recipients else None,
        button=EmptyForm(formdata=None),
        zones=zones(),
        may_connect=rules.can_connect(me(), account),
        panels=[render(account=account) for render in panels("desk.account")],
    )
