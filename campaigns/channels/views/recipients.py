"""Who gets an account's letters."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from campaigns.channels import queries, rules, services
from campaigns.channels.forms import EmptyForm, RecipientsForm
from campaigns.channels.models import Account
from campaigns.channels.queries import PAGE_LENGTH, get_account
from campaigns.channels.views import bp
from campaigns.channels.views.acting import Answer, adapter_or_404, me
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Invalid, NotFound
from cms.core.pages import page


@bp.get("/desk/channels/<int:account_id>/recipients")
@allowed(rules.can_run_account, account=get_account)
def list_recipients(account_id: int, account: Account) -> Answer:
    """Those who get letters, or those who got them once."""
    return _page(account, RecipientsForm(formdata=None))


@bp.post("/desk/channels/<int:account_id>/recipients")
@allowed(rules.can_run_account, account=get_account)
def add_recipients(account_id: int, account: Account) -> Answer:
    """Add a list."""
    form, by = RecipientsForm(), me()
    try:
        with transaction():
            added = services.add_recipients(account_id, form.addresses.data or "", by=by, at=clock.now())
    except Invalid as problem:
        form.complain(problem)
        return _page(get_account(account_id), form), 422
    flash(
        _("%(new)s new, %(known)s were there already.", new=added.new, known=added.known)
        + (
            " " + _("%(num)s ended these letters themselves, and are not added again.", num=added.stay_ended)
            if added.stay_ended
            else ""
        ),
        "good",
    )
    return redirect(url_for(".list_recipients", account_id=account_id), 303)


@bp.post("/desk/channels/<int:account_id>/recipients/<int:recipient_id>/removal")
@allowed(rules.can_run_account, account=get_account)
def remove_recipient(account_id: int, recipient_id: int, account: Account) -> Answer:
    """No more letters to this one."""
    by = me()
    with transaction():
        services.remove_recipient(account_id, recipient_id, by=by, at=clock.now())
    flash(_("They get no more letters."), "good")
    return redirect(url_for(".list_recipients", account_id=account_id), 303)


def _page(account: Account, form: RecipientsForm) -> str:
    if not adapter_or_404(account.channel).has_recipients:
        raise NotFound
    ended, after = request.args.get("show") == "ended", request.args.get("after", "")
    rows = queries.recipients(
        account.id, ended=ended, after=int(after) if after.isdecimal() and len(after) < 10 else None
    )
    shown = rows[:PAGE_LENGTH]
    here: dict[str, Any] = {"account_id": account.id, "show": "ended" if ended else None}
    more = url_for(".list_recipients", **here, after=shown[-1].id) if len(rows) > PAGE_LENGTH else None
    return page(
        "campaigns/channels/recipients.html",
        account=account,
        rows=shown,
        counts=queries.count_recipients(account.id),
        is_ended=ended,
        is_first=not after,
        next_url=more,
        form=form,
        button=EmptyForm(formdata=None),
        reasons={services.UNSUBSCRIBED: _("They ended it themselves"), "removed": _("Taken out at the desk")},
    )
