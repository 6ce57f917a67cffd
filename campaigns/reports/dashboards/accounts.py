"""Accounts, and what came of what went out there; and links."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from campaigns.channels.models import Account
from campaigns.channels.queries import accounts
from campaigns.deliveries.models import Delivery
from campaigns.engagement.installing import store
from campaigns.engagement.platform.definitions import metrics_of
from campaigns.engagement.platform.queries import (
    Waiting,
    figures_by_account,
    followers_gained,
    followers_of,
    waiting_of,
)
from campaigns.engagement.store import LINK, Totals
from campaigns.links.models import Link
from campaigns.links.queries import links
from campaigns.reports.dashboards.period import Period
from campaigns.reports.networks import SHOWN, tells_shown
from cms.core.database import db

MOST_LINKS = 300  # the newest are looked at
SHOWN_LINKS = 100
SAID = ("likes", "reposts", "replies")


@dataclass(frozen=True)
class AccountRow:
    """An account, what went out there in a period, and what came of that. None is missing: the network tells no such thing,
    or has not told yet."""

    account: Account
    sent: int
    clicks: int
    verified: int
    networks: Mapping[str, int | None]  # likes, reposts and replies of what was sent in the period
    shown: int | None  # how often that was shown or read, whichever of both the network tells
    told: int  # deliveries of which something is known
    followers: tuple[datetime, int] | None
    gained: int | None
    waiting: Waiting | None

    @property
    def tells(self) -> tuple[str, ...]:
        """Figures this network can tell at all."""
        return metrics_of(self.account.channel)

    @property
    def tells_shown(self) -> bool:
        """Whether it can tell how often something was shown, or read."""
        return tells_shown(self.account.channel)


def accounts_of_period(period: Period, *, at: datetime) -> list[AccountRow]:
    """All accounts that are not removed, the most verified clicks first."""
    found = accounts()
    ids = [one.id for one in found]
    sent, links_of = _sent(period)
    totals = store().totals(LINK, [one for some in links_of.values() for one in some])
    figures = figures_by_account(ids, sent_since=period.since)
    followers, gained = followers_of(ids), followers_gained([(id, period.since, at) for id in ids])
    waiting = waiting_of(ids)
    rows = []
    for one in found:
        of = [totals[link] for link in links_of.get(one.id, ()) if link in totals]
        told = figures.get(one.id, {})
        rows.append(
            AccountRow(
                account=one,
                sent=sent.get(one.id, 0),
                clicks=sum(each.clicks for each in of),
                verified=sum(each.verified for each in of),
                networks={name: told[name].value if name in told else None for name in SAID},
                shown=next((told[name].value for name in SHOWN if name in told), None),
                told=max((each.deliveries for each in told.values()), default=0),
                followers=followers.get(one.id),
                gained=gained[one.id, period.since, at],
                waiting=waiting.get(one.id),
            )
        )
    return sorted(rows, key=lambda row: (-row.verified, -row.sent, row.account.name))


@dataclass(frozen=True)
class LinkRow:
    """A link, and who followed it."""

    link: Link
    totals: Totals


def links_of_period(period: Period, *, at: datetime) -> list[LinkRow]:
    """Links made in a period, those with the most verified clicks first."""
    found = [one for one in links(at=at, limit=MOST_LINKS) if one.created_at >= period.since]
    totals = store().totals(LINK, [one.id for one in found])
    rows = [LinkRow(one, totals.get(one.id, Totals())) for one in found]
    return sorted(rows, key=lambda row: (-row.totals.verified, -row.totals.clicks, -row.link.id))[
        :SHOWN_LINKS
    ]


def _sent(period: Period) -> tuple[dict[int, int], dict[int, set[int]]]:
    """How much was sent to each account, and by which links it is followed."""
    where = (Delivery.state == "sent", Delivery.sent_at >= period.since)
    counted = select(Delivery.account_id, func.count()).where(*where).group_by(Delivery.account_id)
    sent = dict(db.session.execute(counted).all())
    named = select(Delivery.account_id, Delivery.link_id).where(*where, Delivery.link_id.is_not(None))
    links_of: dict[int, set[int]] = {}
    for account, link in db.session.execute(named):
        links_of.setdefault(account, set()).add(int(link or 0))
    return sent, links_of
