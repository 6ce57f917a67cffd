"""A crisis pause: of everything, a campaign or an account."""

from datetime import datetime
from typing import Literal

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.channels.models import Account
from campaigns.deliveries.locking import lock_holds
from campaigns.deliveries.models import Hold
from campaigns.plans.models import Campaign
from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.people import audit
from cms.people.models import Person


def hold(
    scope: Literal["everything", "campaign", "account"],
    object_id: int | None,
    *,
    reason: str,
    by: Person,
    at: datetime,
) -> int:
    """Crisis pause. Nothing it covers is sent from the moment this commits; what a worker has in hand is listed by
    `queries.in_flight`. Gives its id; that of the one that stands already, if there is one."""
    if not reason.strip():
        raise Invalid(errors={"reason": _("Please say why, for those who find it on hold.")})
    _refuse_unknown(scope, object_id)
    lock_holds(alone=True)
    campaign_id = object_id if scope == "campaign" else None
    account_id = object_id if scope == "account" else None
    standing = db.session.scalar(
        select(Hold.id).where(
            Hold.lifted_at.is_(None),
            Hold.scope == scope,
            Hold.campaign_id.is_not_distinct_from(campaign_id),
            Hold.account_id.is_not_distinct_from(account_id),
        )
    )
    if standing is not None:
        return standing
    row = Hold(
        scope=scope,
        campaign_id=campaign_id,
        account_id=account_id,
        reason=reason.strip()[:300],
        held_at=at,
        held_by_id=by.id,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("delivery.hold", _subject(row), by=by, at=at, detail={"hold": row.id})
    return row.id


def lift_hold(hold_id: int, *, by: Person, at: datetime) -> None:
    """It stands no more. What was due meanwhile stays `held`: each is decided on by itself."""
    lock_holds(alone=True)
    row = db.session.get(Hold, hold_id, populate_existing=True, with_for_update={"of": Hold})
    if row is None:
        raise NotFound
    if row.lifted_at is not None:
        return
    row.lifted_at, row.lifted_by_id = at, by.id
    db.session.flush()
    audit.record("delivery.hold_lifted", _subject(row), by=by, at=at, detail={"hold": row.id})


def _refuse_unknown(scope: str, object_id: int | None) -> None:
    model = {"campaign": Campaign, "account": Account}.get(scope)
    if model is None:
        if object_id is not None or scope != "everything":
            raise Invalid(errors={"scope": _("Please choose what to hold.")})
        return
    if object_id is None or db.session.get(model, object_id) is None:
        raise NotFound


def _subject(row: Hold) -> str:
    if row.scope == "campaign":
        return f"campaign:{row.campaign_id}"
    return f"account:{row.account_id}" if row.scope == "account" else "site:deliveries"
