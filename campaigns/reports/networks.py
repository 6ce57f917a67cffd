"""What networks say of the messages of campaigns, and of who follows the accounts that carried them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from campaigns.engagement.platform.definitions import metrics_of
from campaigns.engagement.platform.queries import followers_gained, latest_figures
from campaigns.reports.counted import DAY
from campaigns.reports.shapes import Subject

SHOWN = ("impressions", "reads")  # how often a message was shown; a network tells one of them


def tells_shown(network: str) -> bool:
    """Whether it can tell how often something was shown, or read."""
    return not set(SHOWN).isdisjoint(metrics_of(network))


@dataclass(frozen=True)
class Carrier:
    """An account that carried something of a campaign."""

    id: int
    name: str
    channel: str


@dataclass
class Said:
    """Of one campaign, by account. None: the network was asked and did not tell; left out: it was never asked."""

    shown: dict[int, int | None] = field(default_factory=dict)
    gained: dict[int, int | None] = field(default_factory=dict)
    known: set[int] = field(default_factory=set)  # accounts of which any figure is known


def said_by_networks(
    subjects: Sequence[Subject], carriers: Mapping[int, Sequence[Carrier]], *, at: datetime
) -> dict[int, Said]:
    """By campaign. Figures of messages are the newest known then; followers are those of its own days among those
    looked at: accounts live longer than a campaign, and grow before it and after."""
    said = {one.id: Said() for one in subjects}
    for figure in latest_figures(campaign_ids=list(said), until=at):
        of = said[figure.campaign_id or 0]
        if figure.value is not None:
            of.known.add(figure.account_id)
        if figure.metric in SHOWN:
            before = of.shown.get(figure.account_id)
            told = None if figure.value is None else figure.value + (before or 0)
            of.shown[figure.account_id] = before if told is None else told
    spans = {
        (one.id, carrier.id): (
            carrier.id,
            _begin(one.own_days[0], one.zone),
            _begin(one.own_days[1] + DAY, one.zone),
        )
        for one in subjects
        if one.own_days
        for carrier in carriers[one.id]
    }
    gained = followers_gained(set(spans.values()))
    for (campaign, account), span in spans.items():
        said[campaign].gained[account] = gained[span]
    return said


def _begin(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))
