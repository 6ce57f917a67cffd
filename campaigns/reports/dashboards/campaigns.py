"""Campaigns against what they set out to reach, and against their budget."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from campaigns.engagement.installing import store
from campaigns.engagement.store import CAMPAIGN, Totals
from campaigns.plans.figures import Balance, balances
from campaigns.plans.models import Campaign, CampaignTarget
from campaigns.plans.services.moving import today
from campaigns.reports import targets
from campaigns.reports.dashboards.pace import Pace, pace, share_gone
from cms.core.database import db

MOST = 60


@dataclass(frozen=True)
class TargetRow:
    """A target and how far it is. `is_about`: so many people that they are estimated."""

    target: CampaignTarget
    pace: Pace
    is_about: bool


@dataclass(frozen=True)
class CampaignRow:
    """A campaign today: its targets, its money by currency, and the part of its days that is over, in whole percent
    (None before it begins)."""

    campaign: Campaign
    today: date
    gone: int | None
    totals: Totals
    targets: Sequence[TargetRow]
    money: Sequence[Balance]


def campaigns_at(at: datetime) -> list[CampaignRow]:
    """What runs, then what is planned, then what ended last."""
    query = (
        select(Campaign)
        .where(Campaign.state.in_(("running", "paused", "planned", "finished")))
        .options(selectinload(Campaign.targets), selectinload(Campaign.money))
        .order_by(
            Campaign.state == "finished", Campaign.state == "planned", Campaign.ends_on.desc(), Campaign.id
        )
        .limit(MOST)
    )
    found = db.session.scalars(query).all()
    totals = store().totals(CAMPAIGN, [one.id for one in found])
    facts = _facts(found, at)
    return [_row(one, totals.get(one.id, Totals()), facts[one.id], at) for one in found]


def _facts(found: Sequence[Campaign], at: datetime) -> Mapping[int, Counter[str]]:
    """How often something that is a target was done, by campaign and kind."""
    counted: dict[int, Counter[str]] = {one.id: Counter() for one in found}
    if found:
        since = min(one.starts_on for one in found)
        until = at.date() + timedelta(days=2)  # past today in every zone
        ids = [one.id for one in found]
        for fact in store().facts(
            campaigns=ids, posts=None, since=since, until=until, kinds=list(targets.FACTS.values())
        ):
            counted[fact.campaign or 0][fact.kind] += fact.count
    return counted


def _row(campaign: Campaign, totals: Totals, facts: Mapping[str, int], at: datetime) -> CampaignRow:
    day = today(campaign.zone, at)
    gone = share_gone(campaign.starts_on, campaign.ends_on, day)
    return CampaignRow(
        campaign=campaign,
        today=day,
        gone=None if gone is None else int(gone * 100),
        totals=totals,
        targets=[_target(one, campaign, totals, facts, day) for one in campaign.targets],
        money=balances(campaign.money),
    )


def _target(
    target: CampaignTarget,
    campaign: Campaign,
    totals: Totals,
    facts: Mapping[str, int],
    day: date,
) -> TargetRow:
    told = pace(
        targets.so_far(target.measure, totals, facts),
        target.number,
        starts_on=campaign.starts_on,
        by_on=target.by_on or campaign.ends_on,
        today=day,
    )
    return TargetRow(target, told, is_about=not targets.is_exact(target.measure, totals))
