"""Everything a comparison is made of, asked once: a fixed number of queries, and of calls to the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from campaigns.channels.models import Account
from campaigns.deliveries.models import Delivery
from campaigns.engagement.installing import store
from campaigns.engagement.queries import counted_until
from campaigns.engagement.store import CAMPAIGN, Cell, Fact, Reach, Totals
from campaigns.goals.models import Goal
from campaigns.plans.models import Campaign
from campaigns.reports import counted, posts, subjects
from campaigns.reports.networks import Carrier, Said, said_by_networks
from campaigns.reports.posts import PostFigures
from campaigns.reports.shapes import ComparisonQuery, Subject
from cms.core.database import db


@dataclass(frozen=True)
class Known:
    """What is known of the campaigns that are compared, by campaign."""

    query: ComparisonQuery
    at: datetime
    as_of: datetime | None
    campaigns: Mapping[int, Campaign]
    subjects: Sequence[Subject]
    days: Mapping[int, Sequence[Cell]]
    reach: Mapping[int, Reach]
    readers: Mapping[int, Reach]
    posts: Mapping[int, Sequence[PostFigures]]
    life: Mapping[int, Totals]  # since its beginning, whatever days are looked at
    facts: Mapping[int, Sequence[Fact]]  # since its beginning
    goals: Mapping[int, Mapping[str, str]]  # what they are called, by number as facts carry it
    began: date | None  # when counting did
    carriers: Mapping[int, Sequence[Carrier]]
    said: Mapping[int, Said]  # by networks

    def is_uncounted(self, one: Subject) -> bool:
        """Whether all its days lie before counting began: nobody knows what happened, which is not nothing."""
        return self.began is None or one.until < self.began

    def facts_on_days(self, one: Subject, *kinds: str) -> list[Fact]:
        """Facts of these kinds on the days that are looked at."""
        return [
            fact for fact in self.facts[one.id] if fact.kind in kinds and one.since <= fact.day <= one.until
        ]


def gather(query: ComparisonQuery, *, at: datetime) -> Known:
    """Raises `NotFound` for a campaign that is not there."""
    asked = subjects.asked_campaigns(query.campaign_ids)
    compared = subjects.subjects_of(query, asked, at=at)
    facts: dict[int, list[Fact]] = {one.id: [] for one in compared}
    for fact in counted.facts_of(compared, since=min(min(one.since, one.starts_on) for one in compared)):
        if fact.campaign in facts:
            facts[fact.campaign].append(fact)
    carriers = _carriers(query.campaign_ids)
    return Known(
        query=query,
        at=at,
        as_of=counted_until(),
        campaigns={one.id: one for one in asked},
        subjects=compared,
        days=counted.days_of(compared),
        reach=counted.reach_of(compared),
        readers=counted.reach_of(compared, metric="people_engaged"),
        posts=posts.posts_of(compared),
        life=store().totals(CAMPAIGN, query.campaign_ids),
        facts=facts,
        goals=_goals(query.campaign_ids),
        began=store().first_day(),
        carriers=carriers,
        said=said_by_networks(compared, carriers, at=at),
    )


def _goals(campaign_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """The goals of each campaign, those too that count no more."""
    found: dict[int, dict[str, str]] = {number: {} for number in campaign_ids}
    rows = db.session.execute(
        select(Goal.campaign_id, Goal.id, Goal.name).where(Goal.campaign_id.in_(campaign_ids))
    )
    for campaign, number, name in rows:
        found[campaign][str(number)] = name
    return found


def _carriers(campaign_ids: Sequence[int]) -> dict[int, list[Carrier]]:
    """The accounts that sent something of each campaign, by name."""
    found: dict[int, list[Carrier]] = {number: [] for number in campaign_ids}
    sent = (
        select(Delivery.campaign_id, Account.id, Account.name, Account.channel)
        .join(Account, Account.id == Delivery.account_id)
        .where(Delivery.campaign_id.in_(campaign_ids), Delivery.sent_at.is_not(None))
        .distinct()
        .order_by(Account.name, Account.id)
    )
    for row in db.session.execute(sent):
        found[row.campaign_id].append(Carrier(row.id, row.name, row.channel))
    return found
