"""Campaigns in rows: what the list of the desk, the API and choosers show."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import joinedload

from campaigns.plans.models import Campaign, CampaignMoney, CampaignPost
from campaigns.plans.money import sums
from cms.core.database import db
from cms.people.models import Person

STANDING = ("planned", "running", "paused", "finished")  # what a list shows unless the archive is asked for


@dataclass(frozen=True)
class CampaignRow:
    """One campaign, how many posts serve it, and its money by currency, in smallest units."""

    campaign: Campaign
    posts: int
    budget: dict[str, int]
    cost: dict[str, int]


def campaigns(
    *,
    states: Sequence[str] = (),
    kind: str | None = None,
    owner_id: int | None = None,
    search: str = "",
    from_on: date | None = None,
    to_on: date | None = None,
    before: tuple[date, int] | None = None,
    limit: int = 50,
) -> Sequence[Campaign]:
    """Campaigns with owner and cover, the last to start first; those with a day between `from_on` and `to_on`.

    Without `states` everything but the archive. `before` is (starts_on, id) of the last row of the page before.
    """
    wanted: list[ColumnElement[bool]] = [Campaign.state.in_(states or STANDING)]
    if kind:
        wanted.append(Campaign.kind == kind)
    if owner_id is not None:
        wanted.append(Campaign.owner_id == owner_id)
    if search:
        text = func.lower(cast(Campaign.name, String))
        found = [
            text.contains(_as_kept(search.lower()), autoescape=True),
            Campaign.slug.contains(search.lower(), autoescape=True),
        ]
        wanted.append(or_(*found))
    if from_on is not None:
        wanted.append(Campaign.ends_on >= from_on)
    if to_on is not None:
        wanted.append(Campaign.starts_on <= to_on)
    if before is not None:
        day, number = before
        wanted.append(or_(Campaign.starts_on < day, (Campaign.starts_on == day) & (Campaign.id < number)))
    rows = (
        select(Campaign)
        .where(*wanted)
        .options(joinedload(Campaign.owner), joinedload(Campaign.cover))
        .order_by(Campaign.starts_on.desc(), Campaign.id.desc())
        .limit(limit)
    )
    return db.session.scalars(rows).all()


def campaigns_numbered(ids: Collection[int]) -> Sequence[Campaign]:
    """These campaigns, in whatever state, without what belongs to them."""
    return db.session.scalars(select(Campaign).where(Campaign.id.in_(ids)).order_by(Campaign.id)).all()


def in_rows(found: Sequence[Campaign]) -> list[CampaignRow]:
    """The same campaigns with what a list says of each, in two queries however many they are."""
    ids = [one.id for one in found]
    counted = (
        select(CampaignPost.campaign_id, func.count())
        .where(CampaignPost.campaign_id.in_(ids))
        .group_by(CampaignPost.campaign_id)
    )
    posts = dict(db.session.execute(counted).all())
    added = (
        select(
            CampaignMoney.campaign_id,
            CampaignMoney.side,
            CampaignMoney.currency,
            func.sum(CampaignMoney.amount),
        )
        .where(CampaignMoney.campaign_id.in_(ids))
        .group_by(CampaignMoney.campaign_id, CampaignMoney.side, CampaignMoney.currency)
    )
    money: dict[tuple[int, str], list[tuple[str, int]]] = {}
    for campaign_id, side, currency, units in db.session.execute(added):
        money.setdefault((campaign_id, side), []).append((currency, int(units)))
    return [
        CampaignRow(
            one,
            posts.get(one.id, 0),
            sums(money.get((one.id, "budget"), ())),
            sums(money.get((one.id, "cost"), ())),
        )
        for one in found
    ]


def count_by_state() -> dict[str, int]:
    """How many campaigns stand in each state; states without one are left out."""
    counted = select(Campaign.state, func.count()).group_by(Campaign.state)
    return dict(db.session.execute(counted).all())


def may_be_due(at: datetime) -> list[int]:
    """Campaigns whose day may have come somewhere on earth: their zones decide, one by one."""
    furthest_east = (at + timedelta(hours=14)).date()
    begins = (Campaign.state == "planned") & (Campaign.starts_on <= furthest_east)
    ends = Campaign.state.in_(("running", "paused")) & (Campaign.ends_on < furthest_east)
    return list(db.session.scalars(select(Campaign.id).where(or_(begins, ends)).order_by(Campaign.id)))


def owners() -> Sequence[Person]:
    """People who answer for a campaign, by name."""
    return db.session.scalars(
        select(Person).where(Person.id.in_(select(Campaign.owner_id))).order_by(Person.name, Person.id)
    ).all()


def _as_kept(text: str) -> str:
    """How the JSON of a name spells a text: letters beyond ASCII are escaped there."""
    return json.dumps(text)[1:-1].lower()
