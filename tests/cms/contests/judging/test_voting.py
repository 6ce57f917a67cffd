import io

import pytest
from sqlalchemy import select

from cms.contests.judging import jobs, queries, services
from cms.contests.judging.bundle import verify, write_bundle
from cms.contests.judging.models import Vote, Voter
from cms.contests.judging.suspicion import MANY
from cms.contests.models import EntrySnapshot
from cms.contests.seals import seal_of_all
from cms.contests.services import check_entry, withdraw_entry
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid, NotFound
from cms.people.models import AuditEntry, Person
from tests.cms.contests.judging.judged import (
    DAY,
    judge,
    make_contest,
    make_entries,
    make_entry,
    score,
    set_rules,
    vote,
    voter,
)
from tests.factories import make_person

pytestmark = pytest.mark.usefixtures("app")


def test_twice_is_once_and_more_than_allowed_is_refused() -> None:
    contest = make_contest(vote=0)
    one, two, three = make_entries(contest, 3)
    set_rules(contest, votes_each=2)
    rae = voter("Rae")
    vote(contest, one, rae)
    vote(contest, one, rae)
    vote(contest, two, rae)
    with pytest.raises(services.VotesUsed):
        vote(contest, three, rae)
    assert services.count_again(contest.id) == {str(one.id): 1, str(two.id): 1}


def test_vote_can_be_taken_back_and_given_to_another() -> None:
    contest = make_contest(vote=0)
    one, two = make_entries(contest, 2)
    set_rules(contest)
    rae = voter("Rae")
    vote(contest, one, rae)
    with transaction():
        services.take_vote_back(contest.id, one.id, by=rae, at=clock.now())
    vote(contest, two, rae)
    assert services.count_again(contest.id) == {str(two.id): 1}
    assert queries.ballot_paper(contest.id, rae.id)[1] == {two.id}


def test_two_accounts_with_one_mail_address_are_one_voter() -> None:
    contest = make_contest(vote=0)
    entry = make_entries(contest, 1)[0]
    set_rules(contest)
    vote(contest, entry, voter("Rae", email="rae.sato@gmail.com"))
    with pytest.raises(services.MayNotVote):
        vote(contest, entry, voter("Twin", email="raesato+2@googlemail.com"))
    assert services.count_again(contest.id) == {str(entry.id): 1}


def test_who_may_not_vote_is_told_why() -> None:
    contest = make_contest(vote=0)
    author = voter("Author")
    entry = make_entry(contest, author)
    set_rules(contest, voter_days=30)
    for who in (author, voter("New", created_at=clock.now() - DAY), voter("Loose", email_confirmed_at=None)):
        with pytest.raises(services.MayNotVote):
            vote(contest, entry, who)
    assert services.count_again(contest.id) == {}


def test_outside_the_phase_and_for_what_is_not_there_nothing_counts() -> None:
    closed = make_contest("closed", vote=5)
    entry = make_entries(closed, 1)[0]
    set_rules(closed)
    with pytest.raises(services.NotVotingNow):
        vote(closed, entry, voter("Rae"))
    contest = make_contest("open", vote=0)
    set_rules(contest)
    with pytest.raises(NotFound):
        vote(contest, entry, voter("Ivy"))


def test_first_vote_freezes_the_limits() -> None:
    contest = make_contest(vote=0)
    entry = make_entries(contest, 1)[0]
    set_rules(contest, votes_each=1)
    vote(contest, entry, voter("Rae"))
    with pytest.raises(services.JudgingFrozen):
        set_rules(contest, votes_each=5)


def test_order_is_each_voters_own_and_stays() -> None:
    contest = make_contest(vote=0)
    make_entries(contest, 8)
    rae, ivy = voter("Rae"), voter("Ivy")
    order = [one.entry_id for one in queries.ballot_paper(contest.id, rae.id)[0]]
    assert order == [one.entry_id for one in queries.ballot_paper(contest.id, rae.id)[0]]
    assert order != [one.entry_id for one in queries.ballot_paper(contest.id, ivy.id)[0]]
    assert order != sorted(order)


def test_young_accounts_together_are_set_aside_and_seen_by_the_auditor() -> None:
    contest = make_contest(vote=0)
    entry = make_entries(contest, 1)[0]
    set_rules(contest)
    for number in range(6):
        vote(contest, entry, voter(f"New{number}", created_at=clock.now()))
    vote(contest, entry, voter("Old"))  # from the same network, which is normal
    assert services.count_again(contest.id) == {str(entry.id): 5}
    aside = queries.voters_set_aside(contest.id)
    assert [(one.held_for, votes) for one, votes in aside] == [(["young_accounts_together"], 1)] * 2
    with transaction():
        services.decide_voter(aside[0][0].id, "counted", "A school class.", by=None, at=clock.now())
        services.decide_voter(aside[1][0].id, "void", "Made by a program.", by=None, at=clock.now())
    assert services.count_again(contest.id) == {str(entry.id): 6}
    with transaction(), pytest.raises(Invalid):
        services.decide_voter(aside[1][0].id, "counted", " ", by=None, at=clock.now())


def test_erased_voter_stays_counted_and_is_found_no_more() -> None:
    contest = make_contest(vote=0)
    entry = make_entries(contest, 1)[0]
    set_rules(contest)
    rae = voter("Rae")
    vote(contest, entry, rae)
    with transaction():
        services.forget_person(rae.id)
    assert services.count_again(contest.id) == {str(entry.id): 1}
    assert queries.ballot_paper(contest.id, rae.id)[1] == set()
    assert services.person_key(contest.id, rae.id) not in db.session.scalars(select(Voter.person_key)).all()


def test_whole_arc_from_scores_to_a_bundle_that_anybody_works_out_again() -> None:
    contest = make_contest(jury=0, vote=0)
    entries = make_entries(contest, 4)
    seats = judge(contest, 3, public_weight=25, breaks=["criterion:idea", "head"])
    for place, entry in enumerate(entries):
        for seat in seats:
            score(seat, entry, 5 - place, 5 - place)
    for number in range(5):
        vote(contest, entries[number % 2], voter(f"V{number}"))
    later = clock.now() + 3 * DAY
    with transaction(), pytest.raises(services.NotYet):
        services.open_results(contest.id, by=None, at=later)
    with clock.stopped(later):
        assert jobs.seal_scores() == {"sealed": 1}
        assert jobs.seal_scores() == {}
    nadia_asks = make_person("Nadia Rahimi", "editor", handle="nadia-asks")
    first, sealed = entries[0], entries[0].sealed_hash
    with transaction():
        check_entry(first.id, "asked", version=1, reason="No names.", by=nadia_asks, at=clock.now())
        check_entry(first.id, "accepted", version=1, by=nadia_asks, at=clock.now())
        db.session.add(
            EntrySnapshot(
                entry_id=first.id,
                version=2,
                language="en",
                title="Story 0",
                body="",
                html="",
                plain="",
                statement="",
                word_count=0,
                rules_number=1,
                content_hash="f" * 64,
                sealed_at=clock.now(),
            )
        )
    with transaction():
        contents = services.open_results(contest.id, by=None, at=later)
    assert [(one["entry"], one["by"], one["before"], one["after"]) for one in contents.reopened] == [
        (str(first.id), "Nadia Rahimi", sealed, "f" * 64)
    ]
    published = queries.find_judging(contest.id).scores_hash  # type: ignore[union-attr]
    entries_seal = seal_of_all((one.id, one.sealed_hash or "") for one in entries)
    checks = verify(io.BytesIO(write_bundle(contents)), entries=entries_seal, scores=published or "")
    assert [one.name for one in checks if not one.is_right] == []
    assert [int(one.entry) for one in contents.result().places] == [one.id for one in entries]
    assert contents.result().tally.counted == {
        **{str(one.id): 0 for one in entries},
        **services.count_again(contest.id),
    }


def test_scores_are_not_changed_once_sealed_but_put_right_in_the_open() -> None:
    contest = make_contest(jury=0)
    entry, other = make_entries(contest, 2)
    seat = judge(contest, 1)[0]
    score(seat, entry, 2, 2)
    score(seat, other, 3, 3)
    later = clock.now() + 3 * DAY
    with transaction():
        sealed = services.seal_scores(contest.id, by=None, at=later)
    with pytest.raises(services.NotJudgingNow):
        score(seat, entry, 5, 5, version=1)
    with transaction():
        services.amend_score(
            seat.id, entry.id, {"idea": 5, "style": 5}, "An appeal was upheld.", by=None, at=later
        )
        contents = services.open_results(contest.id, by=None, at=later)
    assert contents.seals()["scores"] == sealed
    assert [one.entry for one in contents.result().places] == [str(entry.id), str(other.id)]
    assert contents.amended[0]["reason"] == "An appeal was upheld."


def test_votes_hold_nobody(app: object) -> None:
    columns = {one.name for one in [*Vote.__table__.columns, *Voter.__table__.columns]}
    assert not {one for one in columns if "person_id" in one or "email" in one or one == "address"}


def test_a_vote_for_what_was_withdrawn_counts_for_nobody_and_can_be_given_again() -> None:
    contest = make_contest(vote=0)
    one, two = make_entries(contest, 2)
    set_rules(contest, votes_each=1)
    rae = voter("Rae")
    vote(contest, one, rae)
    author = db.session.get_one(Person, one.person_id)
    with transaction():
        withdraw_entry(one.id, by=author, at=clock.now())
    paper, mine = queries.ballot_paper(contest.id, rae.id)
    assert ([task.entry_id for task in paper], mine) == ([two.id], set())
    with pytest.raises(NotFound):
        vote(contest, one, voter("Ivy"))
    vote(contest, two, rae)
    assert services.count_again(contest.id) == {str(two.id): 1}


def test_a_whole_class_on_one_network_is_counted_when_its_accounts_are_not_new() -> None:
    contest = make_contest(vote=0)
    entry = make_entries(contest, 1)[0]
    set_rules(contest)
    for number in range(MANY + 2):
        vote(contest, entry, voter(f"Pupil{number}"))
    assert services.count_again(contest.id) == {str(entry.id): MANY + 2}


def test_who_voted_what_is_on_no_list_not_even_the_auditors() -> None:
    contest = make_contest(vote=0)
    one, two = make_entries(contest, 2)
    set_rules(contest, votes_each=2)
    rae = voter("Rae", created_at=clock.now())
    for number in range(5):
        vote(contest, two, voter(f"New{number}", created_at=clock.now()))
    vote(contest, one, rae)
    seen = repr([(row.__dict__, count) for row, count in queries.voters_set_aside(contest.id)])
    assert [word for word in ("Rae", "rae", "192.0.2.7") if word in seen] == []
    with transaction():
        services.decide_voter(
            queries.voters_set_aside(contest.id)[0][0].id, "void", "A program.", by=None, at=clock.now()
        )
    assert db.session.scalars(select(AuditEntry.act)).all()[-1] == "contest.votes_decided"
