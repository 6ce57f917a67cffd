"""A contest as the tests of this room need it: each phase lasts a day, and the clock is where the test wants it."""

from datetime import datetime, timedelta

from cms.contests import services
from cms.contests.content import PhaseLine, Plan, PrizeLine, ReadyPlan, ReadyRules, prepare, prepare_rules
from cms.contests.models import PHASES, Contest, Entry
from cms.contests.queries import get_contest, get_entry
from cms.core import clock
from cms.core.database import transaction
from cms.core.walltime import wall_time
from cms.people.models import Person
from tests.conftest import NOW
from tests.factories import make_person

DAY = timedelta(days=1)
LONG_AGO = NOW - timedelta(days=400)
BODY = "The signal reached the **lighthouse** at last, and nobody there had asked for it."
DEADLINE = NOW + 2 * DAY


def plan(*kinds: str, start: datetime = NOW, zone: str = "UTC", **more: object) -> ReadyPlan:
    """Phases of a day each."""
    lines = [
        PhaseLine(kind, wall_time(start + number * DAY, zone), wall_time(start + (number + 1) * DAY, zone))
        for number, kind in enumerate(kinds or PHASES)
    ]
    said: dict[str, object] = {
        "title": {"en": "Signals", "zh": "信号"},
        "prizes": [PrizeLine({"en": "First prize"}), PrizeLine({"en": "Second prize"}, places=2)],
    }
    return prepare(Plan(zone=zone, phases=lines, **{**said, **more}))  # type: ignore[arg-type]


def rules(text: str = "One entry each.", change: str = "") -> ReadyRules:
    """Rules with consent."""
    return prepare_rules({"en": text}, {"en": "I wrote it myself."}, change)


def make_contest(
    *kinds: str,
    by: Person | None = None,
    announced: bool = True,
    start: datetime = NOW,
    series_id: int | None = None,
    **more: object,
) -> Contest:
    """A contest that Nadia runs, announced unless `announced=False`."""
    by = by or make_person("Nadia Rahimi", "editor", handle="nadia-runs", created_at=LONG_AGO)
    ready = plan(*kinds, start=start, **more)
    with transaction():
        made = services.create_contest(ready, rules(), series_id=series_id, by=by, at=clock.now())
        if announced:
            services.announce_contest(made.id, by=by, at=min(clock.now(), start))
        number = made.id
    return get_contest(number)


def member(name: str = "Rae Sato", **fields: object) -> Person:
    """Somebody who may enter."""
    return make_person(name, "member", **{"created_at": LONG_AGO, **fields})


def begin(contest: Contest, by: Person, at: datetime = NOW + DAY, **more: object) -> Entry:
    """An entry that is begun."""
    with transaction():
        number = services.begin_entry(contest.id, language="en", by=by, at=at, **more).id  # type: ignore[arg-type]
    return get_entry(number)


def hand_in(
    entry: Entry,
    by: Person,
    at: datetime = NOW + DAY,
    *,
    title: str = "Salt",
    body: str = BODY,
    **more: object,
) -> Entry:
    """Hand it in."""
    ready = services.prepare_entry(title=title, body=body, statement="Mine.", language="en")
    said = {"rules": 1, "has_agreed": True, "may_republish": True, **more}
    with transaction():
        services.submit_entry(entry.id, ready, services.Consent(**said), expected=None, by=by, at=at)  # type: ignore[arg-type]
    return get_entry(entry.id)


def enter(contest: Contest, by: Person, at: datetime = NOW + DAY, **more: object) -> Entry:
    """Begin and hand in."""
    return hand_in(begin(contest, by, at), by, at, **more)  # type: ignore[arg-type]


def accept(entry: Entry, by: Person, at: datetime = NOW + 2 * DAY) -> Entry:
    """Let it in."""
    with transaction():
        services.check_entry(entry.id, "accepted", version=entry.version, by=by, at=at)
    return get_entry(entry.id)


def run(at: datetime) -> dict[str, object]:
    """Let the worker do what is due then."""
    from cms.contests.jobs import follow_phases

    with clock.stopped(at):
        return follow_phases()
