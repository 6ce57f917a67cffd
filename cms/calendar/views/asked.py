"""What the address of the calendar asks for: which days, and which entries."""

from dataclasses import dataclass
from datetime import date

from flask import request

from cms.calendar import days
from cms.calendar.sources import Wanted, posts_of_campaign, sources
from cms.core import clock
from cms.core.access import person
from cms.people import queries as people
from cms.people.models import Person

KEPT = ("view", "kind", "section", "person", "campaign")  # what stays when one looks at other days
_NEAR = range(1970, 2200)


@dataclass(frozen=True)
class Asked:
    """The days to show, in whose zone, and what they are narrowed to."""

    stretch: days.Stretch
    zone: str
    today: date
    wanted: Wanted

    @property
    def is_narrowed(self) -> bool:
        """Whether something is left out."""
        return self.wanted != Wanted()


def me() -> Person:
    """Who is signed in; the rule has made sure that somebody is."""
    account = person()
    assert account is not None
    return account


def asked() -> Asked:
    """What this request asks for; what cannot be read counts as not said."""
    zone = people.zone_of(me())
    today = days.day_of(clock.now(), zone)
    view = request.args.get("view", "")
    shown = view if view in days.VIEWS else "month"
    stretch = days.stretch(shown, _day("on") or today, first_weekday=days.first_weekday())
    return Asked(stretch, zone, today, wanted())


def wanted() -> Wanted:
    """What the reader narrowed it to."""
    known = {one.kind for one in sources()}
    kinds = frozenset(request.args.getlist("kind")) & known
    campaign_id = _number("campaign")
    return Wanted(
        kinds=kinds or None,
        section_id=_number("section"),
        person_id=_number("person"),
        campaign_id=campaign_id,
        post_ids=posts_of_campaign(campaign_id),
    )


def _day(name: str) -> date | None:
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if day.year in _NEAR else None


def _number(name: str) -> int | None:
    value = request.args.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else None
