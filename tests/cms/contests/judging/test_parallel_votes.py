"""A hundred votes of one person that arrive together, with real threads, each with a connection of its own."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select

from cms.contests.judging import services
from cms.contests.judging.models import Vote, Voter
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Conflict
from cms.people.models import Person
from tests.cms.contests.judging.judged import make_contest, make_entries, set_rules, voter
from tests.conftest import NOW


def test_a_hundred_parallel_votes_of_one_person_count_as_one(own_app: Flask) -> None:
    contest = make_contest(vote=0)
    entries = [one.id for one in make_entries(contest, 3)]
    set_rules(contest)
    contest_id, rae_id = contest.id, voter("Rae").id
    db.session.remove()

    def one_vote(number: int) -> bool:
        with own_app.app_context():
            try:
                with transaction():
                    services.cast_vote(
                        contest_id, entries[number % 3], by=_person(rae_id), network=str(number), at=NOW
                    )
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(one_vote, range(100)))
    assert len(answers) == 100
    assert any(answers)
    assert db.session.scalar(select(func.count(Vote.id))) == 1
    assert db.session.scalar(select(func.count(Voter.id))) == 1
    assert sum(services.count_again(contest_id).values()) == 1
    assert clock.now() == NOW


def _person(person_id: int) -> Person:
    found = db.session.get(Person, person_id)
    assert found is not None
    return found
