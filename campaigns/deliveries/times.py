"""What this room offers to the calendar: deliveries, on the days they go out or went out."""

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from flask_babel import lazy_gettext as _

from campaigns.deliveries import rules, wording
from campaigns.deliveries.models import Delivery
from campaigns.deliveries.queries import pages as reads
from cms.calendar.sources import Entry, Source, Wanted
from cms.people.models import Person

MOST = 2_000
MOVABLE = ("waiting", "scheduled")
_STATES = {"sent": "done", "refused": "missed", "missed": "missed", "unsure": "missed"}


def deliveries(person: Person, start: datetime, end: datetime, wanted: Wanted) -> Sequence[Entry]:
    """Deliveries in a stretch of time, for those who plan them. One query."""
    if not rules.can_see_deliveries(person):
        return []
    found = reads.deliveries_between(
        start,
        end,
        campaign_id=wanted.campaign_id,
        section_id=wanted.section_id,
        person_id=wanted.person_id,
        limit=MOST,
    )
    return [_entry(one, may_move=rules.can_decide(person, one)) for one in found]


def _entry(one: Delivery, *, may_move: bool) -> Entry:
    assert one.due_at is not None
    return Entry(
        key=f"delivery:{one.id}",
        kind="delivery",
        title=f"{one.title} → {one.account.name}",
        at=one.due_at,
        url=url_for("deliveries.show_delivery", delivery_id=one.id),
        zone=one.zone or one.account.zone,
        state=_STATES.get(one.state, "planned"),
        note=one.reason or str(wording.STATES[one.state][0]),
        move_url=url_for("deliveries.move_delivery", delivery_id=one.id)
        if may_move and one.state in MOVABLE
        else None,
    )


SOURCES = [Source("delivery", _("Delivery"), "send", deliveries)]
