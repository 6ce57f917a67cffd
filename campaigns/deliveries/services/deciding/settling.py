"""How deliveries ended or shall end that nobody but a person knows about: unsure, missed, held, posted by hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.channels.adapter import Step
from campaigns.channels.catalogue import find_adapter
from campaigns.channels.messages import Message
from campaigns.channels.models import Account
from campaigns.deliveries.models import Delivery, DeliveryStep
from campaigns.deliveries.services.deciding.marking import (
    address_of,
    again,
    arrived,
    decided,
    parts_there,
    write_audit,
)
from campaigns.deliveries.services.noting import note
from campaigns.deliveries.services.placing import lock_account, place
from campaigns.deliveries.services.planning import load_delivery, load_post, put
from campaigns.deliveries.services.problems import NotAsked, PostGone
from campaigns.deliveries.timing import Now, When
from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.people.models import Person


def settle(
    delivery_id: int,
    verdict: Literal["arrived", "did_not_arrive"],
    *,
    url: str = "",
    expected_version: int | None = None,
    by: Person,
    at: datetime,
) -> None:
    """A person looked at the network and says how an `unsure` one ended.

    A part in the middle of a thread that arrived cannot be continued by us, as nobody knows its number there: the rest
    is `by_hand`. Of a mailing only the letters in doubt arrived, and it goes on with the others.
    """
    address = address_of(url)
    delivery = load_delivery(delivery_id, expected_version=expected_version)
    if delivery.state != "unsure":
        raise NotAsked
    step = _unknown_step(delivery_id)
    delivery.look_at = delivery.lease_until = None
    delivery.lease += 1  # a look-up that is under way changes nothing any more
    if verdict == "did_not_arrive":
        if step is not None:
            step.state, step.ended_at = "intended", at
        again(delivery, at)
    elif step is not None and _is_in_shares(delivery, step):
        step.state, step.ended_at = "intended", at
        step.result = {**(step.result or {}), "arrived": True}
        again(delivery, at)
    elif step is not None and not _is_last(delivery, step):
        step.state, step.ended_at, step.result = "done", at, {"url": address}
        decided(delivery, "by_hand")
        delivery.code = "rest_by_hand"
        delivery.reason = _("A part in the middle arrived. Please post the rest by hand below it.")
        delivery.told_at = at  # by the person who decided it
    else:
        if step is not None:
            step.state, step.ended_at, step.result = "done", at, {"url": address}
        arrived(delivery, address, at=step.intended_at if step else at)
    note(delivery_id, "settled", by=by, at=at, verdict=verdict, url=address)
    write_audit("settled", delivery, by=by, at=at, verdict=verdict)


def decide(
    delivery_id: int,
    verdict: Literal["send", "drop"],
    when: When | None,
    *,
    expected_version: int | None = None,
    by: Person,
    at: datetime,
) -> None:
    """What becomes of one that was `missed` or `held`: at another time (None: now), or not at all."""
    asked = db.session.get(
        Delivery, delivery_id
    )  # not locked: everybody locks post and account before the row
    if asked is None:
        raise NotFound
    post = load_post(asked.post_id) if asked.post_id is not None and verdict == "send" else None
    account = lock_account(asked.account_id)
    delivery = load_delivery(delivery_id, expected_version=expected_version)
    if delivery.state not in ("missed", "held"):
        raise NotAsked
    before = delivery.state
    if verdict == "drop":
        decided(delivery, "cancelled")
    else:
        if post is None:
            raise PostGone
        assert account is not None
        ignores_quiet = delivery.ignores_quiet
        where = place(
            when or Now(), account=account, post=post, ignores_quiet=ignores_quiet, at=at, but=delivery_id
        )
        decided(delivery, where.state)
        put(delivery, where)
        delivery.attempts = 0
        if not parts_there(delivery_id):
            delivery.payload = delivery.payload_hash = (
                None  # nothing of it is out there: it says what it says now
            )
    note(delivery_id, "decided", by=by, at=at, verdict=verdict, before=before)
    write_audit("decided", delivery, by=by, at=at, verdict=verdict)


def confirm_by_hand(
    delivery_id: int, *, url: str, expected_version: int | None = None, by: Person, at: datetime
) -> None:
    """A person posted it themselves, at this address. Raises `Invalid` when that is no address of a page."""
    address = address_of(url)
    if not address:
        raise Invalid(errors={"url": _("Please paste the address of what you posted.")})
    delivery = load_delivery(delivery_id, expected_version=expected_version)
    if delivery.state != "by_hand":
        raise NotAsked
    arrived(delivery, address, at=at)
    note(delivery_id, "confirmed", by=by, at=at, url=address)
    write_audit("confirmed", delivery, by=by, at=at)


def _unknown_step(delivery_id: int) -> DeliveryStep | None:
    return db.session.scalar(
        select(DeliveryStep)
        .where(
            DeliveryStep.delivery_id == delivery_id, DeliveryStep.publishes, DeliveryStep.state == "unsure"
        )
        .order_by(DeliveryStep.intended_at.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def _is_last(delivery: Delivery, step: DeliveryStep) -> bool:
    """Whether nothing comes after it."""
    steps = _steps(delivery)
    return not steps or steps[-1].key == step.key


def _is_in_shares(delivery: Delivery, step: DeliveryStep) -> bool:
    return any(one.in_shares for one in _steps(delivery) if one.key == step.key)


def _steps(delivery: Delivery) -> Sequence[Step]:
    """Those it takes. Steps that were never begun have no row, so the adapter is asked."""
    account = db.session.get(Account, delivery.account_id)
    adapter = find_adapter(account.channel) if account else None
    if adapter is None or account is None or delivery.payload is None:
        return ()
    return adapter.steps(Message.from_json(delivery.payload), account.settings)
