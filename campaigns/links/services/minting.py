"""Making links. Codes are unique because the database says so: a code that exists already is drawn again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from campaigns.links import codes, values
from campaigns.links.models import Link
from campaigns.links.targets import carried, read_target
from campaigns.plans.models import Campaign
from cms.core.database import db
from cms.core.errors import Invalid, Problem
from cms.people.models import Person

_DRAWS = 8  # in a row that hit a code which exists: with 13 thousand million codes, something else is wrong


def mint_link(
    *,
    target: str,
    post_id: int | None,
    account_id: int | None,
    campaign_id: int | None,
    source: str,
    medium: str,
    content: str = "",
    by: Person | None,
    at: datetime,
) -> Link:
    """The link of one delivery, locked: its target and its UTM values never change. `utm_campaign` is the campaign's slug.

    Raises `Invalid` for a target that is none, or leads elsewhere when no staff (`by`) made it.
    """
    utm = values.read_values({"source": _hyphened(source), "medium": _hyphened(medium), "content": content})
    return add_link(
        read_target(target, by=by),
        utm=with_campaign(utm, campaign_id),
        is_locked=True,
        campaign_id=campaign_id,
        post_id=post_id,
        account_id=account_id,
        by=by,
        at=at,
    )


def with_campaign(utm: Mapping[str, str], campaign_id: int | None) -> dict[str, str]:
    """UTM values that name this campaign: `utm_campaign` is never typed. Raises `Invalid` when there is none such."""
    rest = {field: value for field, value in utm.items() if field != "campaign"}
    if campaign_id is None:
        return rest
    campaign = db.session.get(Campaign, campaign_id)
    if campaign is None:
        raise Invalid(errors={"campaign": _("There is no such campaign.")})
    return {**rest, "campaign": campaign.slug}


def add_link(target: str, *, utm: Mapping[str, str], by: Person | None, at: datetime, **fields: Any) -> Link:
    """A new link under a new code, flushed. `target` was read."""
    refuse_doubled(target, utm)
    for _turn in range(_DRAWS):
        link = Link(
            code=codes.new_code(),
            target=target,
            utm=dict(utm),
            utm_digest=values.digest(utm),
            created_at=at,
            created_by_id=by.id if by else None,
            **fields,
        )
        try:
            with db.session.begin_nested():
                db.session.add(link)
        except IntegrityError:
            if db.session.scalar(select(Link.id).where(Link.code == link.code)) is None:
                raise
        else:
            return link
    raise Problem(_("No free code was found. Please try again."))


def refuse_doubled(target: str, utm: Mapping[str, str], *, field: str = "target") -> None:
    """A value that the target carries itself is not said a second time."""
    doubled = sorted(carried(target) & {one for one, value in utm.items() if value})
    if doubled:
        names = ", ".join(f"utm_{one}" for one in doubled)
        sentence = _(
            "This address carries %(names)s already. Please take it out there, or here.", names=names
        )
        raise Invalid(errors={field: sentence})


def _hyphened(value: str) -> str:
    """An account is called as people like; its value is one word."""
    return "-".join(value.split())
