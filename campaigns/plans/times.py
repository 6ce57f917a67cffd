"""What this room offers to the calendar: the first and the last day of campaigns."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from campaigns.plans import rules
from campaigns.plans.models import Campaign
from cms.calendar.sources import Entry, Source, Wanted
from cms.core.database import db
from cms.core.languages import localized
from cms.core.walltime import zone_named
from cms.people.models import Person

MOST = 1_000
BEGINS, ENDS = time(0, 0), time(23, 59)  # on the clock of its zone


def campaign_days(person: Person, start: datetime, end: datetime, wanted: Wanted) -> Sequence[Entry]:
    """Campaigns that begin or end in a stretch of time, for those who run them. One query."""
    if not rules.can_see_campaigns(person) or wanted.section_id is not None:
        return []
    first, last = (start - timedelta(days=1)).date(), (end + timedelta(days=1)).date()  # zones decide below
    query = (
        select(Campaign)
        .where(
            Campaign.state != "archived",
            or_(Campaign.starts_on.between(first, last), Campaign.ends_on.between(first, last)),
        )
        .options(joinedload(Campaign.owner))
        .order_by(Campaign.starts_on, Campaign.id)
        .limit(MOST)
    )
    if wanted.campaign_id is not None:
        query = query.where(Campaign.id == wanted.campaign_id)
    if wanted.person_id is not None:
        query = query.where(Campaign.owner_id == wanted.person_id)
    may_move = rules.can_edit_campaigns(person)
    entries = [entry for one in db.session.scalars(query) for entry in _entries(one, may_move=may_move)]
    return [one for one in entries if start <= one.at < end]


def _entries(campaign: Campaign, *, may_move: bool) -> list[Entry]:
    name = localized(campaign.name)
    begins, ends = gettext("%(name)s begins", name=name), gettext("%(name)s ends", name=name)
    is_over = campaign.state == "finished"
    return [
        _entry(
            campaign, "start", campaign.starts_on, BEGINS, begins, may_move and campaign.state == "planned"
        ),
        _entry(campaign, "end", campaign.ends_on, ENDS, ends, may_move and not is_over),
    ]


def _entry(campaign: Campaign, which: str, day: date, clock: time, title: Any, is_movable: bool) -> Entry:
    is_done = campaign.state == "finished" or (which == "start" and campaign.state != "planned")
    return Entry(
        key=f"campaign:{campaign.id}:{which}",
        kind="campaign",
        title=str(title),
        at=datetime.combine(day, clock, zone_named(campaign.zone)).astimezone(UTC),
        url=url_for("plans.show_campaign", campaign_id=campaign.id),
        zone=campaign.zone,
        people=(campaign.owner.name,) if campaign.owner else (),
        state="done" if is_done else "planned",
        move_url=url_for("plans.move_day", campaign_id=campaign.id, which=which) if is_movable else None,
        changed_at=campaign.edited_at,
    )


SOURCES = [Source("campaign", _("First and last day of a campaign"), "flag", campaign_days)]
