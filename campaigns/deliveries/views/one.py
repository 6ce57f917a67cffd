"""One delivery: its story, exactly what was sent, and everything a person may do about it."""

import json
from typing import Any
from zoneinfo import available_timezones

from flask import flash, jsonify, redirect, url_for
from flask_babel import gettext as _

from campaigns.channels.messages import Message
from campaigns.deliveries import queries, rules, services
from campaigns.deliveries.forms import AddressForm, DecisionForm, EmptyForm, MoveForm, VerdictForm
from campaigns.deliveries.models import Delivery
from campaigns.deliveries.queries import get_delivery
from campaigns.deliveries.rows import adapter_of, moment, row, zone_of
from campaigns.deliveries.story import told
from campaigns.deliveries.views import bp
from campaigns.deliveries.views.asked import Answer, done, me, my_zone, sentence, version
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, Problem
from cms.core.pages import page
from cms.core.problems import problem_document, wants_json
from cms.core.walltime import AmbiguousTime


@bp.get("/desk/deliveries/<int:delivery_id>")
@allowed(rules.can_decide, delivery=get_delivery)
def show_delivery(delivery_id: int, delivery: Delivery) -> Answer:
    """Its page."""
    return delivery_page(delivery)


@bp.post("/desk/deliveries/<int:delivery_id>/time")
@allowed(rules.can_decide, delivery=get_delivery)
def move_delivery(delivery_id: int, delivery: Delivery) -> Answer:
    """Another time, as the page or the calendar sends it; a program is answered with a sentence."""
    form, by = MoveForm(), me()
    seen = version()
    when = form.at_wall
    try:
        with transaction():
            services.move_delivery(delivery_id, when, expected_version=seen, by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        if wants_json():
            return problem_document(problem.status, sentence(problem), problem.errors)
        if isinstance(problem, AmbiguousTime):
            form.ask(problem)
        return _refused(delivery_id, problem, move=form)
    said = _("It was moved.")
    if wants_json():
        return jsonify(message=said)
    flash(said, "good")
    return redirect(_at(delivery_id), 303)


@bp.post("/desk/deliveries/<int:delivery_id>/cancellation")
@allowed(rules.can_decide, delivery=get_delivery)
def cancel_delivery(delivery_id: int, delivery: Delivery) -> Answer:
    """It does not go out."""
    by, seen = me(), version()
    return done(
        _at(delivery_id),
        lambda: services.cancel_delivery(delivery_id, expected_version=seen, by=by, at=clock.now()),
        _("It will not go out."),
    )


@bp.post("/desk/deliveries/<int:delivery_id>/retry")
@allowed(rules.can_decide, delivery=get_delivery)
def retry_delivery(delivery_id: int, delivery: Delivery) -> Answer:
    """Send a refused one again."""
    by = me()

    def retry() -> None:
        if not services.retry_deliveries([delivery_id], by=by, at=clock.now()):
            raise Conflict(_("Only what was refused can be sent again."))

    return done(_at(delivery_id), retry, _("It goes out again. This page shows how it ends."))


@bp.post("/desk/deliveries/<int:delivery_id>/verdict")
@allowed(rules.can_decide, delivery=get_delivery)
def settle_delivery(delivery_id: int, delivery: Delivery) -> Answer:
    """A person looked, and says how it ended."""
    form, by = VerdictForm(), me()
    seen = version()
    if not form.validate():
        return delivery_page(delivery, verdict=form), 422
    verdict, url = form.verdict.data, (form.url.data or "").strip()
    try:
        with transaction():
            services.settle(delivery_id, verdict, url=url, expected_version=seen, by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        return _refused(delivery_id, problem, verdict=form)
    flash(
        _("Noted: it arrived.")
        if verdict == "arrived"
        else _("Noted: it did not arrive, so it goes out again."),
        "good",
    )
    return redirect(_at(delivery_id), 303)


@bp.post("/desk/deliveries/<int:delivery_id>/decision")
@allowed(rules.can_decide, delivery=get_delivery)
def decide_delivery(delivery_id: int, delivery: Delivery) -> Answer:
    """What becomes of one that was missed or held."""
    form, by = DecisionForm(), me()
    seen = version()
    if not form.validate():
        return delivery_page(delivery, decision=form), 422
    is_sent, when = form.verdict.data == "send", form.chosen
    try:
        with transaction():
            services.decide(
                delivery_id,
                "send" if is_sent else "drop",
                when if is_sent else None,
                expected_version=seen,
                by=by,
                at=clock.now(),
            )
    except (Invalid, Conflict) as problem:
        if isinstance(problem, AmbiguousTime):
            form.ask(problem)
        return _refused(delivery_id, problem, decision=form)
    flash(_("It is planned again.") if is_sent else _("It will not go out."), "good")
    return redirect(_at(delivery_id), 303)


@bp.post("/desk/deliveries/<int:delivery_id>/address")
@allowed(rules.can_decide, delivery=get_delivery)
def confirm_by_hand(delivery_id: int, delivery: Delivery) -> Answer:
    """Posted by hand, at this address."""
    form, by = AddressForm(), me()
    seen = version()
    if not form.validate():
        return delivery_page(delivery, address=form), 422
    url = (form.url.data or "").strip()
    try:
        with transaction():
            services.confirm_by_hand(delivery_id, url=url, expected_version=seen, by=by, at=clock.now())
    except (Invalid, Conflict) as problem:
        return _refused(delivery_id, problem, address=form)
    flash(_("Noted. It counts as sent, at this address."), "good")
    return redirect(_at(delivery_id), 303)


@bp.post("/desk/deliveries/<int:delivery_id>/edition")
@allowed(rules.can_decide, delivery=get_delivery)
def edit_sent(delivery_id: int, delivery: Delivery) -> Answer:
    """Bring what was sent up to its text as it is now."""
    by, seen = me(), version()
    return done(
        _at(delivery_id),
        lambda: services.edit_sent(delivery_id, expected_version=seen, by=by, at=clock.now()),
        _("It is being changed there. This page shows how it ends."),
    )


@bp.post("/desk/deliveries/<int:delivery_id>/removal")
@allowed(rules.can_decide, delivery=get_delivery)
def delete_sent(delivery_id: int, delivery: Delivery) -> Answer:
    """Take it away there."""
    by, seen = me(), version()
    return done(
        _at(delivery_id),
        lambda: services.delete_sent(delivery_id, expected_version=seen, by=by, at=clock.now()),
        _("It is being deleted there. This page shows how it ends."),
    )


@bp.post("/desk/deliveries/<int:delivery_id>/tombstone")
@allowed(rules.can_decide, delivery=get_delivery)
def mark_gone(delivery_id: int, delivery: Delivery) -> Answer:
    """A person deleted it there; its figures stay."""
    by, seen = me(), version()
    return done(
        _at(delivery_id),
        lambda: services.mark_gone(delivery_id, expected_version=seen, by=by, at=clock.now()),
        _("Marked as gone. What it reached stays counted."),
    )


def _refused(delivery_id: int, problem: Problem, **forms: Any) -> Answer:
    """What was typed wrongly is said beside its field; what makes no sense any more on top, where no field is left."""
    for form in forms.values() if isinstance(problem, Invalid) else ():
        form.complain(problem)
    stale = sentence(problem) if isinstance(problem, Conflict) else ""
    return delivery_page(get_delivery(delivery_id), stale=stale, **forms), problem.status


def delivery_page(
    one: Delivery,
    *,
    stale: str = "",
    move: MoveForm | None = None,
    verdict: VerdictForm | None = None,
    decision: DecisionForm | None = None,
    address: AddressForm | None = None,
) -> str:
    """The page as it is, or with what was just sent back."""
    at, zone = clock.now(), one.zone or my_zone()
    adapter = adapter_of(one)
    return page(
        "campaigns/deliveries/delivery.html",
        row=row(one, at),
        one=one,
        stale=stale,
        story=[told(event, zone) for event in queries.timeline(one.id)],
        message=_message(one),
        planned=moment(one.planned_at, zone_of(one), at) if one.planned_at else None,
        may_edit=bool(adapter and adapter.can_edit),
        may_delete=bool(adapter and adapter.can_delete),
        move=move or MoveForm(formdata=None, wall=one.wall or "", zone=zone),
        verdict=verdict or VerdictForm(formdata=None),
        decision=decision or DecisionForm(formdata=None, zone=zone, when="slot"),
        address=address or AddressForm(formdata=None),
        zones=sorted(available_timezones()),
        button=EmptyForm(formdata=None),
    )


def _message(one: Delivery) -> Message | None:
    """Exactly what goes, or went, out; None as long as it is not made ready."""
    try:
        return Message.from_json(one.payload) if one.payload else None
    except (ValueError, KeyError, TypeError, json.JSONDecodeError):
        return None  # written by a version whose messages looked different


def _at(delivery_id: int) -> str:
    return url_for(".show_delivery", delivery_id=delivery_id)
