"""What stands beside one post: how its readers came, day by day, and what networks say of each delivery."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import joinedload

from campaigns.channels.models import Account
from campaigns.deliveries.models import Delivery
from campaigns.engagement.installing import store
from campaigns.engagement.platform.definitions import ORDER, metrics_of
from campaigns.engagement.platform.queries import Figure, growths, latest_figures
from campaigns.engagement.store import ALL, POST, Cell
from cms.core.database import db
from cms.posts.models import Post

log = logging.getLogger(__name__)
MOST_DAYS = 400
MOST_DELIVERIES = 50
GROWING = "likes"  # what nearly all networks tell


@dataclass(frozen=True)
class Way:
    """How readers came to a post."""

    name: str
    views: int
    engaged: int


@dataclass(frozen=True)
class DeliveryFigures:
    """One sent delivery, what its network can tell at all, and what it told last. A figure is absent that it never told."""

    delivery: Delivery
    tells: tuple[str, ...]
    figures: Mapping[str, Figure]

    @property
    def is_final(self) -> bool:
        """Nobody asks any more."""
        return any(one.is_final for one in self.figures.values())


def cells_of_post(post: Post, *, today: date) -> list[Cell]:
    """Every day since it was first published (a year and a bit at most), by the way readers came. Without the store a page
    is shown without them rather than not at all."""
    begun = post.first_published_at.date() if post.first_published_at else today
    since = max(begun - timedelta(days=1), today - timedelta(days=MOST_DAYS))
    try:
        return store().daily(POST, [post.id], since=since, until=today + timedelta(days=1), by="channel")
    except SQLAlchemyError:
        log.exception("the store of what readers did cannot be read")
        return []


def ways(cells: Sequence[Cell]) -> list[Way]:
    """The ways readers came, the most used first."""
    counts: dict[str, list[int]] = {}
    for cell in cells:
        if cell.key != ALL:
            of = counts.setdefault(cell.key, [0, 0])
            of[0] += cell.counts["views"]
            of[1] += cell.counts["engaged"]
    names = way_names(counts)
    found = [Way(names[key], *of) for key, of in counts.items() if any(of)]
    return sorted(found, key=lambda way: (-way.views, way.name))


def days(cells: Sequence[Cell]) -> list[tuple[date, int, int]]:
    """Views and engaged views by day, from the first to the last on which anything was counted."""
    counts: dict[date, list[int]] = {}
    for cell in cells:
        of = counts.setdefault(cell.day, [0, 0])
        of[0] += cell.counts["views"]
        of[1] += cell.counts["engaged"]
    if not counts:
        return []
    first = min(counts)
    span = (max(counts) - first).days + 1
    every = [first + timedelta(days=one) for one in range(span)]
    return [(day, *counts.get(day, [0, 0])) for day in every]  # type: ignore[misc]


def deliveries_of(post_id: int) -> list[DeliveryFigures]:
    """What was sent of a post, the newest first, with what networks say of it."""
    query = (
        select(Delivery)
        .where(Delivery.post_id == post_id, Delivery.sent_at.is_not(None))
        .options(joinedload(Delivery.account))
        .order_by(Delivery.sent_at.desc(), Delivery.id.desc())
        .limit(MOST_DELIVERIES)
    )
    found = db.session.scalars(query).all()
    told: dict[int, dict[str, Figure]] = {}
    for one in latest_figures(delivery_ids=[each.id for each in found]):
        told.setdefault(one.delivery_id, {})[one.metric] = one
    return [DeliveryFigures(one, metrics_of(one.account.channel), told.get(one.id, {})) for one in found]


def shown_metrics(rows: Sequence[DeliveryFigures]) -> list[str]:
    """Figures that at least one of these networks can tell, in the order of their definitions."""
    return sorted({one for row in rows for one in row.tells}, key=lambda one: ORDER[one])


def growth_of(rows: Sequence[DeliveryFigures]) -> list[tuple[float, dict[int, int | None]]]:
    """How liking grew: by days since each was sent, what was told of which delivery."""
    sent = {row.delivery.id: row.delivery.sent_at for row in rows}
    ages: dict[float, dict[int, int | None]] = {}
    for delivery, points in growths(list(sent), GROWING).items():
        begun = sent[delivery]
        for at, value in points:
            age = round((at - begun).total_seconds() / 86400, 4) if begun else 0.0
            ages.setdefault(age, {})[delivery] = value
    return sorted(ages.items())


def way_names(keys: Mapping[str, object]) -> dict[str, str]:
    """What the ways are called: accounts by their name, the others in words."""
    numbers = [int(one.removeprefix("account:")) for one in keys if one.startswith("account:")]
    accounts = {
        f"account:{one.id}": one.name
        for one in db.session.scalars(select(Account).where(Account.id.in_(numbers)))
    }
    words = {
        "link": _("A link of ours"),
        "feed": _("A feed"),
        "mail": _("Mail"),
        "search": _("A search engine"),
        "site": _("Another site"),
        "direct": _("Nobody knows: typed, or not told"),
        "inside": _("From another page of ours"),
    }
    return {one: accounts.get(one) or words.get(one) or one for one in keys}
