"""Connecting an account and giving it new credentials: a guide, a form, a live test."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from campaigns.channels import rules, services
from campaigns.channels.adapter import Adapter
from campaigns.channels.fields import Filled, read_fields
from campaigns.channels.forms import PREFIX, connection_form, typed
from campaigns.channels.models import Account
from campaigns.channels.queries import get_account
from campaigns.channels.trials import Failed, Passed, stored_secrets, try_filled
from campaigns.channels.views import bp
from campaigns.channels.views.acting import Answer, adapter_or_404, me, zones
from campaigns.channels.wording import proof
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.core.pages import zone as site_zone


@bp.get("/desk/channels/new/<key>")
@allowed(rules.can_connect)
def ask_connection(key: str) -> Answer:
    """The guide of one network, beside the form of what it asks for."""
    adapter = adapter_or_404(key)
    form = connection_form(adapter)(formdata=None, data={"zone": site_zone(), "mode": adapter.usual_mode})
    return _asked(adapter, form)


@bp.post("/desk/channels/new/<key>")
@allowed(rules.can_connect)
def connect_account(key: str) -> Answer:
    """Test what was typed, and keep it when the network lets us in, or when it is to be saved anyway."""
    adapter, by = adapter_or_404(key), me()
    form = connection_form(adapter)()
    filled = _read(form, adapter)
    if filled is None:
        return _asked(adapter, form), 422
    tried = try_filled(adapter, filled, mode=form.mode.data or "publish")
    if isinstance(tried, Failed) and "anyway" not in request.form:
        _complain(form, tried)
        return _asked(adapter, form, has_failed=True), 422
    try:
        with transaction():
            account_id = services.connect_account(
                key,
                filled,
                tried,
                name=form.name.data or "",
                zone=form.zone.data or "",
                language=form.language.data or "",
                mode=form.mode.data or "publish",
                by=by,
                at=clock.now(),
            )
    except Conflict as problem:
        form.complain(problem)
        return _asked(adapter, form), problem.status
    _say(tried)
    return redirect(url_for(".show_account", account_id=account_id), 303)


@bp.get("/desk/channels/<int:account_id>/connection")
@allowed(rules.can_connect, account=get_account)
def edit_connection(account_id: int, account: Account) -> Answer:
    """The same form for an account there is: what is secret is empty, and stays as it is when left so."""
    adapter = adapter_or_404(account.channel)
    values = {PREFIX + name: value for name, value in account.settings.items()}
    form = _form(adapter, account)(formdata=None, data=values)
    return _asked(adapter, form, account)


@bp.post("/desk/channels/<int:account_id>/connection")
@allowed(rules.can_connect, account=get_account)
def reconnect_account(account_id: int, account: Account) -> Answer:
    """Test other settings or new secrets, and keep them when the network lets us in."""
    adapter, by, mode = adapter_or_404(account.channel), me(), account.mode
    form = _form(adapter, account)()
    filled = _read(form, adapter, account)
    if filled is None:
        return _asked(adapter, form, account), 422
    whole = Filled(filled.settings, services.merged(account, filled))
    tried = try_filled(adapter, whole, mode=mode)
    if isinstance(tried, Failed) and "anyway" not in request.form:
        _complain(form, tried)
        return _asked(adapter, form, get_account(account_id), has_failed=True), 422
    try:
        with transaction():
            services.reconnect_account(account_id, filled, tried, by=by, at=clock.now())
    except Conflict as problem:
        form.complain(problem)
        return _asked(adapter, form, get_account(account_id)), problem.status
    _say(tried)
    return redirect(url_for(".show_account", account_id=account_id), 303)


def _form(adapter: Adapter, account: Account) -> type[Any]:
    return connection_form(adapter, kept=stored_secrets(account), place=False)


def _read(form: Any, adapter: Adapter, account: Account | None = None) -> Filled | None:
    """What was typed, or None when something of it is wrong: then it is said in the form."""
    filled = None
    try:
        if account is None:
            services.check_details(adapter.key, _place(form, adapter))
    except Invalid as problem:
        form.complain(problem)
    try:
        filled = read_fields(
            adapter,
            typed(form, adapter),
            stored=account.settings if account else None,
            kept=stored_secrets(account) if account else (),
        )
    except Invalid as problem:
        form.complain(problem, prefix=PREFIX)
    return None if form.errors else filled


def _place(form: Any, adapter: Adapter) -> services.Details:
    return services.Details(
        name=form.name.data or str(adapter.name),
        zone=form.zone.data or "",
        language=form.language.data or "",
        mode=form.mode.data or "publish",
    )


def _complain(form: Any, failed: Failed) -> None:
    """The network's sentence beside the field it is about, and that secrets have to be typed again."""
    form.complain_about(PREFIX + failed.field if failed.field else "", failed.sentence)


def _say(tried: Passed | Failed) -> None:
    if isinstance(tried, Failed):
        flash(_("Saved without a test that passed: it is paused. %(why)s", why=tried.sentence), "bad")
        return
    flash(_("It works: the network let us in."), "good")
    for note in tried.identity.notes:
        flash(str(note), "good")


def _asked(adapter: Adapter, form: Any, account: Account | None = None, *, has_failed: bool = False) -> str:
    if account is None:
        form.offer(adapter)
    return page(
        "campaigns/channels/connect.html",
        adapter=adapter,
        proof=proof(adapter),
        form=form,
        account=account,
        fields=[form[PREFIX + one.name] for one in adapter.fields if not one.is_advanced],
        advanced=[form[PREFIX + one.name] for one in adapter.fields if one.is_advanced],
        has_failed=has_failed,
        zones=zones(),
    )
