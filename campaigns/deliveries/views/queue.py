"""The queue: what goes out next, what waits for a decision, what was sent; and acts on many at once."""

from collections.abc import Callable
from zoneinfo import available_timezones

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from campaigns.channels import queries as channels
from campaigns.deliveries import rules, services
from campaigns.deliveries.forms import EmptyForm, MoveForm
from campaigns.deliveries.queries import pages as reads
from campaigns.deliveries.queries.pages import PAGE_LENGTH, SHOWS, Narrowed
from campaigns.deliveries.rows import described
from campaigns.deliveries.views import bp
from campaigns.deliveries.views.asked import Answer, chosen_ids, day, me, my_zone, number, sentence
from campaigns.deliveries.wording import STATES
from cms.core import clock, paging
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.pages import page

FIRST = 6  # that wait for a decision, above what goes out next
MOST = 200  # in one act


@bp.get("/desk/deliveries")
@allowed(rules.can_see_deliveries)
def list_deliveries() -> Answer:
    """The queue. Without a question: what waits for somebody, and what goes out next."""
    at, zone = clock.now(), my_zone()
    asked = request.args.get("show", "")
    show = asked if asked in SHOWS else "next"
    narrowed = _narrowed(show, zone)
    rows = reads.deliveries(show, narrowed, after=paging.before())
    shown, next_url = paging.paged(rows, lambda one: reads.key_of(show, one), length=PAGE_LENGTH)
    is_first = "before" not in request.args
    asking = [] if asked in SHOWS or not is_first else reads.deliveries("asking", narrowed, limit=FIRST)
    return page(
        "campaigns/deliveries/list.html",
        show=asked if asked in SHOWS else "",
        rows=described(shown, at),
        asking=described(asking[:FIRST], at),
        counts=_counts(narrowed),
        narrowed=narrowed,
        accounts=channels.accounts(),
        campaigns=reads.campaign_names(),
        states=[(one, STATES[one][0]) for one in SHOWS[show]] if len(SHOWS[show]) > 1 else [],
        punctuality=reads.punctuality() if is_first and show == "sent" else None,
        next_url=next_url,
        is_first=is_first,
        is_refused=show == "asking" or bool(asking),
        move=MoveForm(formdata=None, zone=zone),
        zones=sorted(available_timezones()),
        button=EmptyForm(formdata=None),
    )


@bp.post("/desk/deliveries/retries")
@allowed(rules.can_see_deliveries)
def retry_many() -> Answer:
    """Send the refused ones among the chosen again, and nothing else."""
    ids, by = chosen_ids()[:MOST], me()
    try:
        with transaction():
            again = services.retry_deliveries(ids, by=by, at=clock.now())
    except (Conflict, Invalid) as problem:
        flash(sentence(problem), "bad")
        return _back()
    if again:
        flash(ngettext("%(num)d goes out again.", "%(num)d go out again.", len(again)), "good")
    if len(again) < len(ids):
        flash(_("Only those that were refused are sent again; the others stay as they are."), "quiet")
    return _back()


@bp.post("/desk/deliveries/cancellations")
@allowed(rules.can_see_deliveries)
def cancel_many() -> Answer:
    """Do not send the chosen ones."""
    by = me()
    return _each(lambda id: services.cancel_delivery(id, by=by, at=clock.now()), _cancelled)


@bp.post("/desk/deliveries/times")
@allowed(rules.can_see_deliveries)
def move_many() -> Answer:
    """Another time for the chosen ones: the same for all."""
    form, by = MoveForm(), me()
    if not form.validate():
        flash(form.complaint(), "bad")
        return _back()
    when = form.at_wall
    return _each(lambda id: services.move_delivery(id, when, by=by, at=clock.now()), _moved)


def _cancelled(count: int) -> str:
    return str(ngettext("%(num)d will not go out.", "%(num)d will not go out.", count))


def _moved(count: int) -> str:
    return str(ngettext("%(num)d was moved.", "%(num)d were moved.", count))


def _each(act: Callable[[int], None], said: Callable[[int], str]) -> Answer:
    """Each in a transaction of its own: one that cannot be done does not undo the others."""
    finished, problems = 0, []
    for delivery_id in chosen_ids()[:MOST]:
        try:
            with transaction():
                act(delivery_id)
            finished += 1
        except (Conflict, Invalid, NotFound) as problem:
            problems.append(sentence(problem))
    if finished:
        flash(said(finished), "good")
    for one in dict.fromkeys(problems):
        flash(one, "bad")
    if not finished and not problems:
        flash(_("Nothing was chosen."), "quiet")
    return _back()


def _back() -> Answer:
    """To the list as it was narrowed."""
    query = request.form.get("list", "")
    address = url_for(".list_deliveries")
    return redirect(
        f"{address}?{query}" if query and query.isascii() and query.isprintable() else address, 303
    )


def _narrowed(show: str, zone: str) -> Narrowed:
    state = request.args.get("state", "")
    return Narrowed(
        account_id=number("account"),
        campaign_id=number("campaign"),
        post_id=number("post"),
        state=state if state in SHOWS[show] else "",
        on=day("on"),
        zone=zone,
    )


def _counts(narrowed: Narrowed) -> dict[str, int]:
    found = reads.counts(narrowed)
    return {name: sum(found.get(state, 0) for state in states) for name, states in SHOWS.items()}
