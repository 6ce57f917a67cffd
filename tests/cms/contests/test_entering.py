"""Entries: begun, written together, sealed, late, withdrawn."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cms.contests import seals, services
from cms.contests.events import EntrySubmitted
from cms.contests.models import Entry, EntryAuthor, EntrySnapshot
from cms.contests.queries import candidates, entry_of_person, get_contest, get_entry, progress
from cms.contests.services.forgetting import hear_erased
from cms.core import seams
from cms.core.database import db, transaction
from cms.core.errors import Conflict, Invalid
from cms.notices.models import Notice
from cms.people.events import PersonErased
from tests.cms.contests.held import (
    BODY,
    DAY,
    DEADLINE,
    accept,
    begin,
    enter,
    hand_in,
    make_contest,
    member,
    rules,
    run,
)
from tests.conftest import NOW
from tests.factories import ivy, make_post, nadia

pytestmark = pytest.mark.usefixtures("app")
SECOND = timedelta(seconds=1)


def test_what_is_handed_in_is_sealed_and_a_later_edit_does_not_ride_on_it() -> None:
    contest, rae = make_contest(), member()
    entry = enter(contest, rae)
    ready = services.prepare_entry(title="Other", body="Another text.", statement="", language="en")
    with transaction():
        services.save_entry(entry.id, ready, expected=None, by=rae, at=NOW + DAY)
    again = get_entry(entry.id)
    assert (again.title, again.snapshot and again.snapshot.title) == ("Other", "Salt")
    assert again.sealed_hash == seals.seal(
        entry_id=entry.id, version=1, language="en", title="Salt", body=BODY, statement="Mine.", rules=1
    )


def test_handing_in_again_seals_a_new_version_and_twice_the_same_is_one() -> None:
    contest, rae = make_contest(), member()
    entry = enter(contest, rae)
    hand_in(entry, rae)
    again = hand_in(entry, rae, title="Salt and signal")
    assert again.version == 2
    assert db.session.scalar(select(func.count()).select_from(EntrySnapshot)) == 2


@pytest.mark.parametrize(
    ("grace", "offset", "is_taken"), [(0, -1, True), (0, 0, False), (10, 0, True), (10, 600, False)]
)
def test_the_deadline_is_a_second_on_the_server(grace: int, offset: int, is_taken: bool) -> None:
    contest, rae = make_contest(grace_minutes=grace), member()
    entry = begin(contest, rae)
    at = DEADLINE + timedelta(seconds=offset)
    if is_taken:
        assert hand_in(entry, rae, at).is_late == (offset >= 0)
    else:
        with pytest.raises(services.NotOpen):
            hand_in(entry, rae, at)


def test_nothing_is_begun_after_the_deadline_even_within_the_grace() -> None:
    contest, rae = make_contest(grace_minutes=10), member()
    with pytest.raises(services.NotOpen):
        begin(contest, rae, DEADLINE)


def test_what_is_written_is_kept_after_the_deadline_though_it_counts_no_more() -> None:
    contest, rae = make_contest(), member()
    entry = begin(contest, rae)
    ready = services.prepare_entry(title="Late", body="Words.", statement="", language="en")
    with transaction():
        services.save_entry(entry.id, ready, expected=None, by=rae, at=DEADLINE + SECOND)
    assert get_entry(entry.id).title == "Late"


def test_sealing_waits_for_the_grace_and_covers_late_entries() -> None:
    contest, rae = make_contest(grace_minutes=10), member()
    entry = begin(contest, rae)
    run(DEADLINE)
    assert get_contest(contest.id).sealed_at is None
    sealed = hand_in(entry, rae, DEADLINE + 60 * SECOND)
    run(DEADLINE + 600 * SECOND)
    assert get_contest(contest.id).sealed_hash == seals.seal_of_all([(sealed.id, str(sealed.sealed_hash))])


def test_as_many_entries_as_the_rules_allow_one_person() -> None:
    contest, rae = make_contest(most_entries=2), member()
    begin(contest, rae)
    begin(contest, rae)
    with pytest.raises(services.TooMany):
        begin(contest, rae)
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 2


def test_a_withdrawn_entry_frees_its_place_and_is_out_for_good() -> None:
    contest, rae = make_contest(), member()
    first = enter(contest, rae)
    with transaction():
        services.withdraw_entry(first.id, by=rae, at=NOW + DAY)
    assert enter(contest, rae).id != first.id
    with pytest.raises(Conflict):
        hand_in(first, rae)
    assert (progress(contest.id).submitted, progress(contest.id).withdrawn) == (1, 1)


@pytest.mark.parametrize(
    ("eligible", "role", "days", "is_let_in"),
    [
        ("everyone", "author", 400, True),
        ("members", "author", 400, False),
        ("staff", "member", 400, False),
        ("members", "member", 2, False),
    ],
)
def test_who_may_enter(eligible: str, role: str, days: int, is_let_in: bool) -> None:
    contest = make_contest(eligible=eligible, least_days=7)
    person = member(created_at=NOW - timedelta(days=days))
    with transaction():
        person.role = role
    if is_let_in:
        assert begin(contest, person).person_id == person.id
    else:
        with pytest.raises(services.NotEligible):
            begin(contest, person)


def test_who_runs_a_contest_cannot_enter_it() -> None:
    by = nadia()
    contest = make_contest(by=by)
    with pytest.raises(services.NotEligible):
        begin(contest, by)


def test_consent_is_to_the_rules_that_stand() -> None:
    contest, rae = make_contest(), member()
    entry = begin(contest, rae)
    with transaction():
        services.add_rules(contest.id, rules("New.", "All new."), by=None, at=NOW + DAY)
    for consent in ({"has_agreed": False, "rules": 2}, {"rules": 1}):
        with pytest.raises(Invalid) as caught:
            hand_in(entry, rae, **consent)  # type: ignore[arg-type]
        assert set(caught.value.errors) == {"agrees"}
    assert hand_in(entry, rae, rules=2).consented_rules == 2


def test_a_minor_names_the_grown_up_who_agrees() -> None:
    contest, rae = make_contest(least_age=18), member()
    entry = begin(contest, rae)
    with pytest.raises(Invalid):
        hand_in(entry, rae, is_adult=False)
    assert hand_in(entry, rae, is_adult=False, guardian="Mio Sato").guardian == "Mio Sato"


@pytest.mark.parametrize(
    ("body", "is_fine"), [("五个汉字吧", True), ("四个汉字", False), ("one two three", False), ("   ", False)]
)
def test_words_are_counted_in_chinese_too(body: str, is_fine: bool) -> None:
    contest, rae = make_contest(least_words=5), member()
    entry = begin(contest, rae)
    if is_fine:
        assert hand_in(entry, rae, body=body).is_submitted
    else:
        with pytest.raises(Invalid):
            hand_in(entry, rae, body=body)


def test_a_post_of_ones_own_can_be_entered_and_nobody_elses() -> None:
    contest, rae, other = make_contest(), member(), ivy()
    mine = make_post("Tides", body="Low water.", bylines=[rae])
    foreign = make_post("Winds", bylines=[other])
    assert [one.id for one in candidates(rae.id)] == [mine.id]
    with pytest.raises(Invalid):
        begin(contest, rae, post_id=foreign.id)
    entry = begin(contest, rae, post_id=mine.id)
    assert (entry.title, entry.body, entry.post_id) == ("Tides", "Low water.", mine.id)


def test_an_author_is_one_only_after_saying_yes() -> None:
    contest, rae, other = make_contest(most_authors=2), member(), member("Ivy Lindqvist")
    entry = begin(contest, rae)
    with transaction():
        services.invite_author(entry.id, "@ivy", by=rae, at=NOW + DAY)
    told = db.session.scalars(select(Notice).where(Notice.person_id == other.id)).one()
    assert told.detail["what"] == "invited"
    third = member("Bo Yi")
    with pytest.raises(Invalid), transaction():
        services.invite_author(entry.id, third.handle, by=rae, at=NOW + DAY)
    with transaction():
        services.answer_invitation(entry.id, says_yes=True, by=other, at=NOW + DAY)
    with pytest.raises(services.TooMany):
        begin(contest, other)
    with transaction():
        services.answer_invitation(entry.id, says_yes=False, by=other, at=NOW + DAY)
    assert begin(contest, other).person_id == other.id


def test_somebody_with_an_entry_cannot_join_another_beyond_the_limit() -> None:
    contest, rae, other = make_contest(most_authors=2), member(), member("Ivy Lindqvist")
    entry = begin(contest, rae)
    begin(contest, other)
    with transaction():
        services.invite_author(entry.id, "ivy", by=rae, at=NOW + DAY)
    with pytest.raises(services.TooMany), transaction():
        services.answer_invitation(entry.id, says_yes=True, by=other, at=NOW + DAY)
    author = db.session.scalars(
        select(EntryAuthor).where(EntryAuthor.entry_id == entry.id, EntryAuthor.person_id == other.id)
    ).one()
    assert (author.slot, author.accepted_at) == (None, None)


def test_two_who_write_together_do_not_overwrite_each_other() -> None:
    contest, rae = make_contest(), member()
    entry = begin(contest, rae)
    ready = services.prepare_entry(title="One", body="a", statement="", language="en")
    with transaction():
        services.save_entry(entry.id, ready, expected=entry.edits, by=rae, at=NOW + DAY)
    with pytest.raises(services.EntryChanged), transaction():
        services.save_entry(entry.id, ready, expected=entry.edits - 1, by=rae, at=NOW + DAY)


def test_handing_in_is_announced_and_first_only_once() -> None:
    heard: list[EntrySubmitted] = []
    seams._handlers[EntrySubmitted].append(heard.append)
    try:
        contest, rae = make_contest(), member()
        entry = enter(contest, rae)
        hand_in(entry, rae, title="Again")
    finally:
        seams._handlers[EntrySubmitted].remove(heard.append)
    assert [(one.entry_id, one.is_first) for one in heard] == [(entry.id, True), (entry.id, False)]


def test_a_checked_entry_that_is_handed_in_again_is_checked_again() -> None:
    by = nadia()
    contest, rae = make_contest(by=by), member()
    entry = accept(enter(contest, rae), by, NOW + DAY)
    assert entry.is_accepted
    again = hand_in(entry, rae, title="New")
    assert (again.verdict, again.is_accepted) == (None, False)


def test_a_verdict_is_about_the_version_that_was_read() -> None:
    by = nadia()
    contest, rae = make_contest(by=by), member()
    entry = enter(contest, rae)
    hand_in(entry, rae, title="New")
    with pytest.raises(services.OlderVersion), transaction():
        services.check_entry(entry.id, "accepted", version=1, by=by, at=DEADLINE)


def test_a_change_that_was_asked_for_can_be_handed_in_after_the_deadline() -> None:
    by = nadia()
    contest, rae = make_contest(by=by), member()
    entry = enter(contest, rae)
    run(DEADLINE)
    with transaction():
        services.check_entry(
            entry.id, "asked", version=1, reason="Please name no company.", by=by, at=DEADLINE + SECOND
        )
    assert hand_in(entry, rae, DEADLINE + 60 * SECOND, body="Nameless.").version == 2
    with pytest.raises(services.NotOpen):
        hand_in(entry, rae, DEADLINE + 120 * SECOND, body="Once more.")


def test_a_refusal_has_a_reason_and_one_objection_that_somebody_else_decides() -> None:
    by, second = nadia(), member("Lin Wei")
    contest, rae = make_contest(by=by), member()
    with transaction():
        second.role = "editor"
        services.set_role(contest.id, second.id, "organiser", by=by, at=NOW)
    entry, at = enter(contest, rae), DEADLINE + SECOND
    with pytest.raises(Invalid), transaction():
        services.check_entry(entry.id, "refused", version=1, by=by, at=at)
    with transaction():
        services.check_entry(entry.id, "refused", version=1, reason="Off the theme.", by=by, at=at)
    with transaction():
        services.appeal_entry(entry.id, "It is about signals.", by=rae, at=at)
    with pytest.raises(Conflict), transaction():
        services.appeal_entry(entry.id, "Again.", by=rae, at=at)
    with pytest.raises(Conflict), transaction():
        services.decide_appeal(entry.id, is_upheld=True, reason="Yes.", by=by, at=at)
    with transaction():
        services.decide_appeal(entry.id, is_upheld=True, reason="Indeed.", by=second, at=at)
    assert get_entry(entry.id).is_accepted
    told = db.session.scalars(select(Notice.detail).where(Notice.person_id == rae.id)).all()
    assert told[-1]["what"] == "upheld"
    assert [one.id for one in entry_of_person(contest.id, rae.id)] == [entry.id]


def test_one_person_enters_with_one_account_however_its_address_is_written() -> None:
    contest = make_contest()
    rae, twin = member(email="rae.sato@gmail.com"), member("Twin Sato", email="raesato+2@googlemail.com")
    entry = begin(contest, rae)
    with pytest.raises(services.TooMany) as told:
        begin(contest, twin)
    assert "with your mail address" in told.value.message
    with pytest.raises(services.TooMany) as told:
        begin(contest, rae)
    assert "as its rules allow" in told.value.message
    with transaction():
        services.withdraw_entry(entry.id, by=rae, at=NOW + DAY)
    assert begin(contest, twin).person_id == twin.id


def test_who_is_erased_leaves_what_was_handed_in_without_any_trace_of_who_it_was() -> None:
    contest, rae = make_contest(), member()
    entry = enter(contest, rae)
    sealed = entry.sealed_hash
    with transaction():
        hear_erased(PersonErased(rae.id, rae.email, "Somebody", with_texts=False, at=NOW + DAY))
    again = get_entry(entry.id)
    assert (again.person_id, again.sealed_hash, again.is_submitted) == (None, sealed, True)
    assert db.session.scalars(select(EntryAuthor.mailbox_key)).all() == [None]
