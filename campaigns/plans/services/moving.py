"""The states of a campaign, and how it comes from one to another: by its dates, or by hand.

planned → running ⇄ paused → finished → archived. By hand it may begin or end before its day; then the day moves with it,
because what it reached is counted by its days. What was done by mistake can be taken back.
"""

from datetime import date, datetime

from flask_babel import gettext as _

from campaigns.plans.events import CampaignMoved
from campaigns.plans.models import Campaign
from campaigns.plans.services.loading import load
from cms.core.errors import Conflict, Invalid
from cms.core.pagecache import touch
from cms.core.seams import announce
from cms.core.walltime import zone_named
from cms.people import audit
from cms.people.models import Person

WAYS = {  # from each state, where a person may bring it
    "planned": ("running", "archived"),
    "running": ("paused", "finished"),
    "paused": ("running", "finished"),
    "finished": ("running", "archived"),
    "archived": ("planned", "finished"),
}


class CannotMove(Conflict):
    """The campaign is in a state from which there is no such way."""


def move_campaign(campaign_id: int, state: str, *, by: Person | None, at: datetime) -> Campaign:
    """Bring a campaign into another state. Raises `CannotMove` with a sentence that says what stands in the way.

    `running` before its first day makes today its first day; `finished` before its last makes today its last.
    `paused` holds back what it has planned; `archived` takes it off the lists of the desk and changes nothing else.
    """
    campaign = load(campaign_id)
    if state not in WAYS[campaign.state]:
        raise CannotMove(_no_way(campaign.state, state))
    day = today(campaign.zone, at)
    before, days = campaign.state, (campaign.starts_on, campaign.ends_on)
    _refuse_days(campaign, state, day)
    if state == "running" and day < campaign.starts_on:
        campaign.starts_on = day
    if state == "finished" and before != "archived" and day < campaign.ends_on:
        campaign.ends_on = max(day, campaign.starts_on)
    _set(campaign, state, by=by, at=at)
    detail = {"from": before, "to": state}
    if days != (campaign.starts_on, campaign.ends_on):
        detail["days_before"] = f"{days[0]} – {days[1]}"
    audit.record("campaign.moved", f"campaign:{campaign_id}", by=by, at=at, detail=detail)
    return campaign


def move_day(campaign_id: int, which: str, day: date, *, by: Person | None, at: datetime) -> Campaign:
    """Let a campaign start (`which` is "start") or end on another day of its zone.

    Raises `Invalid` for days that contradict each other, or a first day of what has begun already.
    """
    campaign = load(campaign_id)
    if which == "start" and campaign.state != "planned":
        raise Invalid(errors={"wall": _("It has begun already, so its first day stays.")})
    first, last = (day, campaign.ends_on) if which == "start" else (campaign.starts_on, day)
    if last < first:
        raise Invalid(
            errors={"wall": _("It ends before it starts. Please choose a later day, or an earlier start.")}
        )
    campaign.starts_on, campaign.ends_on, campaign.edited_at = first, last, at
    detail = {"starts_on": str(first), "ends_on": str(last)}
    audit.record("campaign.changed", f"campaign:{campaign_id}", by=by, at=at, detail=detail)
    touch("campaigns", f"campaign:{campaign_id}")
    return campaign


def follow_dates(campaign_id: int, *, at: datetime) -> str | None:
    """Begin or finish a campaign when its day has come in its zone; gives the new state, None when nothing was due."""
    campaign = load(campaign_id)
    wanted = _due(campaign, today(campaign.zone, at))
    if wanted is None:
        return None
    detail = {"from": campaign.state, "to": wanted}
    _set(campaign, wanted, by=None, at=at)
    audit.record("campaign.moved", f"campaign:{campaign_id}", by=None, at=at, detail=detail)
    return wanted


def ways_from(campaign: Campaign, *, at: datetime) -> list[str]:
    """Where a person can bring it now."""
    day = today(campaign.zone, at)
    return [state for state in WAYS[campaign.state] if not _obstacle(campaign, state, day)]


def today(zone: str, at: datetime) -> date:
    """The day it is in a zone."""
    return at.astimezone(zone_named(zone)).date()


def state_by_dates(starts_on: date | None, ends_on: date | None, *, zone: str, at: datetime) -> str:
    """What a campaign with these days is today."""
    assert starts_on is not None
    assert ends_on is not None
    day = today(zone, at)
    return "planned" if day < starts_on else "running" if day <= ends_on else "finished"


def _due(campaign: Campaign, day: date) -> str | None:
    if campaign.state == "planned" and day >= campaign.starts_on:
        return "running" if day <= campaign.ends_on else "finished"
    if campaign.state in ("running", "paused") and day > campaign.ends_on:
        return "finished"
    return None


def _set(campaign: Campaign, state: str, *, by: Person | None, at: datetime) -> None:
    before, campaign.state, campaign.edited_at = campaign.state, state, at
    touch("campaigns", f"campaign:{campaign.id}")
    announce(CampaignMoved(campaign.id, before, state, at, by.id if by else None))


def _refuse_days(campaign: Campaign, state: str, day: date) -> None:
    if sentence := _obstacle(campaign, state, day):
        raise CannotMove(sentence)


def _obstacle(campaign: Campaign, state: str, day: date) -> str:
    """Why its days forbid the way; empty when they do not."""
    if state == "running" and day > campaign.ends_on:
        return str(_("Its last day is past. Give it a later one first; then it can go on."))
    if campaign.state == "archived" and state == "planned" and day >= campaign.starts_on:
        return str(_("Its first day is past, so it comes back from the archive as finished."))
    if campaign.state == "archived" and state == "finished" and day < campaign.starts_on:
        return str(_("It has not begun yet, so it comes back from the archive as one in preparation."))
    return ""


def _no_way(before: str, state: str) -> str:
    if before == state:
        return str(_("The campaign is in this state already."))
    sentences = {
        "planned": _("It has not begun yet. It can begin, or be put into the archive."),
        "running": _("It is running. It can be paused or finished; from there it goes on."),
        "paused": _("It is paused. It can go on or be finished."),
        "finished": _("It is finished. It can be taken up again, or be put into the archive."),
        "archived": _("It is in the archive. Take it out first."),
    }
    return str(sentences[before])
