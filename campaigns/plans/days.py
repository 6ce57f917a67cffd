"""The days of a campaign in a row: its first and last, what it wants to have reached by when, what went out and will."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext, lazy_pgettext

from campaigns.plans.models import Campaign
from campaigns.plans.queries import PostMoment
from campaigns.plans.services.moving import today
from campaigns.plans.wording import MEASURE_NAMES
from cms.core.walltime import zone_named

KINDS = {
    "start": lazy_gettext("First day"),
    "end": lazy_gettext("Last day"),
    "today": lazy_gettext("Today"),
    "target": lazy_gettext("To be reached"),
    "published": lazy_gettext("Published"),
    "due": lazy_pgettext("post", "Goes out"),
}
_ORDER = tuple(KINDS)


@dataclass(frozen=True)
class DayEntry:
    """Something on a day of the campaign."""

    on: date
    kind: str
    text: str = ""
    post_id: int | None = None
    language: str | None = None

    @property
    def label(self) -> Any:
        """What it is, in a word."""
        return KINDS[self.kind]


def days_of_campaign(
    campaign: Campaign, moments: Iterable[PostMoment], *, at: datetime
) -> Sequence[DayEntry]:
    """Everything with a day, earliest first, in the zone of the campaign. Needs its targets."""
    place = zone_named(campaign.zone)
    entries = [
        DayEntry(campaign.starts_on, "start"),
        DayEntry(campaign.ends_on, "end"),
        DayEntry(today(campaign.zone, at), "today"),
        *(
            DayEntry(
                one.by_on,
                "target",
                _(
                    "%(what)s: %(number)s",
                    number=f"{one.number:,}",
                    what=one.label or MEASURE_NAMES[one.measure],
                ),
            )
            for one in campaign.targets
            if one.by_on
        ),
        *(
            DayEntry(
                one.at.astimezone(place).date(),
                "due" if one.is_due else "published",
                one.title,
                one.post_id,
                one.language,
            )
            for one in moments
        ),
    ]
    return sorted(entries, key=lambda one: (one.on, _ORDER.index(one.kind), one.post_id or 0))
