"""Reading what was counted."""

import logging
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from campaigns.engagement import opens
from campaigns.engagement.installing import store
from campaigns.engagement.store import CAMPAIGN, LINK, Totals
from cms.core.database import db
from cms.core.models import Heartbeat

COLLECT = "what readers did"  # the job that counts: its last beat is what figures are as of
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Figures:
    """What is known of one subject, and as of when; `totals` is None when nothing was seen."""

    totals: Totals | None
    as_of: datetime | None  # None: nobody has counted yet

    @property
    def mean_seconds(self) -> int | None:
        """Reading time of a view; None without views, as nothing divides by them."""
        totals = self.totals
        return round(totals.seconds / totals.views) if totals and totals.views else None


def figures_of(scope: int, subject: int) -> Figures:
    """Of a post, a campaign, a link, or the site (subject 0)."""
    return Figures(_totals(scope, [subject]).get(subject), counted_until())


def clicks_of_links(link_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Clicks by people and those verified, of each link about which anything is known."""
    return {link: (one.clicks, one.verified) for link, one in _totals(LINK, link_ids).items()}


def opens_of(scope: int, subject: int) -> Counter[str]:
    """How often letters about a post, or of a campaign, were opened: by readers, and by mail services themselves. Empty
    where no account asks for it."""
    campaigns, posts = ([subject], None) if scope == CAMPAIGN else (None, [subject])
    try:
        told = store().facts(
            campaigns=campaigns, posts=posts, since=date(2000, 1, 1), until=date.max, kinds=[opens.KIND]
        )
    except SQLAlchemyError:
        log.exception("the store of what readers did cannot be read")
        return Counter()
    counts: Counter[str] = Counter()
    for one in told:
        counts[f"{one.kind}:{one.key}"] += one.count
    return counts


def counted_until() -> datetime | None:
    """When the collector last looked."""
    return db.session.scalar(select(Heartbeat.at).where(Heartbeat.job == COLLECT))


def _totals(scope: int, subjects: Collection[int]) -> dict[int, Totals]:
    """A page about something else is shown without figures rather than not at all."""
    try:
        return store().totals(scope, subjects)
    except SQLAlchemyError:
        log.exception("the store of what readers did cannot be read")
        return {}
