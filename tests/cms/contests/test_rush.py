"""The last minute: many hand in at once, with real threads and connections of their own. None is lost, none slips in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from cms.contests import seals, services
from cms.contests.jobs import follow_phases
from cms.contests.models import Entry, EntryAuthor
from cms.contests.queries import get_contest
from cms.core import clock
from cms.core.database import db, transaction
from cms.people.models import Person
from tests.cms.contests.held import BODY, DAY, DEADLINE, begin, make_contest, member
from tests.conftest import NOW

TOGETHER = 50
READY = services.ReadyEntry("Salt", BODY, "Mine.", "en", "<p>x</p>", BODY, 14)
CONSENT = services.Consent(rules=1, has_agreed=True)


def begun() -> tuple[int, list[tuple[int, int]]]:
    """A contest, and fifty people who have begun."""
    contest = make_contest()
    people = [member(f"Member {one}", handle=f"member-{one}") for one in range(TOGETHER)]
    return contest.id, [(begin(contest, one).id, one.id) for one in people]


def test_fifty_parallel_submissions_in_the_last_second_are_all_kept_and_sealed(own_app: Flask) -> None:
    contest_id, pairs = begun()
    db.session.remove()
    at = DEADLINE - timedelta(seconds=1)

    def hand_in(pair: tuple[int, int]) -> str:
        with own_app.app_context(), transaction():
            by = db.session.get_one(Person, pair[1])
            return str(
                services.submit_entry(pair[0], READY, CONSENT, expected=None, by=by, at=at).sealed_hash
            )

    with ThreadPoolExecutor(8) as threads:
        hashes = list(threads.map(hand_in, pairs))
    with clock.stopped(DEADLINE):
        follow_phases()
    numbers = [entry_id for entry_id, _person in pairs]
    assert db.session.scalar(select(func.count(Entry.id)).where(Entry.submitted_at.is_not(None))) == TOGETHER
    assert get_contest(contest_id).sealed_hash == seals.seal_of_all(zip(numbers, hashes, strict=True))


def test_who_is_under_way_when_entries_are_sealed_is_in_the_seal_or_refused(own_app: Flask) -> None:
    contest_id, pairs = begun()
    db.session.remove()

    def act(number: int) -> int | None:
        """In the middle of the rush the worker closes; everybody says it was the last second."""
        with own_app.app_context():
            if number == TOGETHER // 2:
                with transaction():
                    phase = next(one for one in get_contest(contest_id).phases if one.kind == "entries")
                    services.follow_phase(phase.id, at=DEADLINE)
                return None
            entry_id, person_id = pairs[number]
            try:
                with transaction():
                    by = db.session.get_one(Person, person_id)
                    at = DEADLINE - timedelta(microseconds=1)
                    services.submit_entry(entry_id, READY, CONSENT, expected=None, by=by, at=at)
            except services.NotOpen:
                return None
            return entry_id

    with ThreadPoolExecutor(8) as threads:
        kept = {one for one in threads.map(act, range(TOGETHER)) if one is not None}
    rows = db.session.execute(
        select(Entry.id, Entry.sealed_hash).where(Entry.submitted_at.is_not(None))
    ).all()
    assert {row.id for row in rows} == kept
    assert get_contest(contest_id).sealed_hash == seals.seal_of_all((row.id, row.sealed_hash) for row in rows)


def test_one_person_who_begins_fifty_entries_at_once_has_as_many_as_the_rules_allow(own_app: Flask) -> None:
    contest_id, person_id = make_contest(most_entries=2).id, member().id
    db.session.remove()

    def begin_one(_number: int) -> bool:
        with own_app.app_context():
            try:
                with transaction():
                    by = db.session.get_one(Person, person_id)
                    services.begin_entry(contest_id, language="en", by=by, at=NOW + DAY)
            except services.TooMany:
                return False
            return True

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(begin_one, range(TOGETHER)))
    assert sum(answers) == 2
    assert db.session.scalar(select(func.count(EntryAuthor.id))) == 2
    assert db.session.scalar(select(func.count(Entry.id))) == 2
