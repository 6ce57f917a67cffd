"""What networks said in the sample site, for `parley demo`: curves that rise fast and flatten, as they were asked for."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from math import exp
from typing import Any

from sqlalchemy import insert, select

from campaigns.channels.models import Account
from campaigns.deliveries.models import Delivery
from campaigns.engagement.platform.claiming import FOLLOWED
from campaigns.engagement.platform.definitions import VERSION, metrics_of
from campaigns.engagement.platform.models import FigureWatch, PlatformFigure, PlatformFollowers
from campaigns.engagement.platform.schedule import AGES, next_due
from cms.core.database import db
from cms.transfer.demo.site import DemoSite

SEED = 1844  # the year of the first public telegram
SIZES = {
    "reads": 640,
    "likes": 48,
    "reposts": 11,
    "replies": 7,
    "quotes": 3,
    "bookmarks": 6,
    "sent": 900,
    "delivered": 880,
    "opened": 410,
}
HALF = timedelta(hours=9)  # after which about half of it has come
DAYS = 120  # of followers
TOLD_AFTER = {"wechat": timedelta(days=1)}  # until then it is asked and tells nothing


def make_platform_figures(site: DemoSite) -> None:
    """Figures of every sent delivery whose network tells any, up to the moment the site is made; and followers."""
    dice = random.Random(SEED)  # noqa: S311 - the same sample each time
    query = select(Delivery.id, Delivery.account_id, Delivery.sent_at, Account.channel).where(
        ~Delivery.is_draft
    )
    sent = db.session.execute(
        query.join(Account, Account.id == Delivery.account_id)
        .where(Delivery.state == "sent", Delivery.sent_at.is_not(None))
        .order_by(Delivery.id)
    ).all()
    figures: list[dict[str, Any]] = []
    for delivery, account, sent_at, channel in sent:
        if sent_at is None or not metrics_of(channel):
            continue
        figures += _told(delivery, channel, sent_at, site.at, dice)
        due_at = next_due(sent_at, at=site.at)
        db.session.add(FigureWatch(delivery_id=delivery, account_id=account, sent_at=sent_at, due_at=due_at))
    if figures:
        db.session.execute(insert(PlatformFigure), figures)
    followed = select(Account.id).where(Account.channel.in_(FOLLOWED)).order_by(Account.id)
    for number in db.session.scalars(followed).all():
        _followed(number, site.at, dice)


def _told(
    delivery: int, channel: str, sent_at: datetime, at: datetime, dice: random.Random
) -> Iterator[dict[str, Any]]:
    luck, told_after = dice.lognormvariate(0, 0.7), TOLD_AFTER.get(channel, timedelta())
    for metric in metrics_of(channel):
        final = SIZES[metric] * luck * dice.uniform(0.7, 1.3)
        for age in AGES:
            if sent_at + age <= at:
                value = round(final * (1 - exp(-0.69 * (age / HALF) ** 0.6)))
                yield {
                    "delivery_id": delivery,
                    "metric": metric,
                    "definition_version": VERSION,
                    "captured_at": sent_at + age,
                    "value": value if age >= told_after else None,
                    "source": channel,
                    "is_final": age == AGES[-1],
                }


def _followed(account_id: int, at: datetime, dice: random.Random) -> None:
    followers = dice.randrange(900, 2400)
    for day in range(DAYS, 0, -1):
        followers += dice.choice((-2, -1, 0, 1, 2, 3, 5))
        db.session.add(
            PlatformFollowers(account_id=account_id, captured_at=at - timedelta(days=day), value=followers)
        )
