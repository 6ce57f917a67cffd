"""Keeping what is typed, and knowing who is at it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid
from cms.drafts import jobs, queries, services
from cms.drafts.models import Draft
from cms.drafts.services import Sent, read_sent
from cms.people.models import Person
from tests.factories import nadia, tom

pytestmark = pytest.mark.usefixtures("app")
SUBJECT = "post:12"
TAB = "tab-one-1"


def keep(
    person: Person, text: str | None = None, *, sequence: int = 0, tab: str = TAB, **more: object
) -> Draft:
    fields = None if text is None else {"body": text}
    sent = Sent(tab=tab, sequence=sequence, fields=fields, **more)  # type: ignore[arg-type]
    with transaction():
        draft_id = services.keep(person.id, SUBJECT, sent, at=clock.now()).id
    return read(draft_id)


def read(draft_id: int) -> Draft:
    db.session.expire_all()
    return queries.get_draft(draft_id)


def states(at: datetime) -> list[tuple[str, str, bool]]:
    return [(one.name.split()[0], one.state, one.has_unsaved) for one in queries.present(SUBJECT, at=at)]


def test_the_last_text_of_a_tab_is_kept() -> None:
    person = nadia()
    keep(person, "First", sequence=1)
    draft = keep(person, "First and more", sequence=2, base=7)
    assert (draft.fields, draft.base, draft.kept_at) == ({"body": "First and more"}, 7, clock.now())
    assert len(db.session.scalars(select(Draft)).all()) == 1


def test_an_older_text_never_covers_a_newer_one() -> None:
    person = nadia()
    keep(person, "Typed later", sequence=5)
    for sequence in (4, 5):
        draft = keep(person, "Typed before, arrived after", sequence=sequence)
        assert (draft.fields, draft.sequence) == ({"body": "Typed later"}, 5)


def test_a_page_that_only_says_it_is_there_keeps_the_text() -> None:
    person = nadia()
    keep(person, "Words", sequence=1)
    assert keep(person).fields == {"body": "Words"}


def test_a_text_that_was_typed_back_to_what_is_saved_is_not_unsaved() -> None:
    person = nadia()
    keep(person, "Words", sequence=1)
    draft = keep(person, sequence=2, is_clean=True)
    assert (draft.fields, draft.kept_at, draft.has_text) == (None, None, False)


def test_an_autosave_that_arrives_after_the_save_is_old() -> None:
    person = nadia()
    keep(person, "Words", sequence=3)
    with transaction():
        services.mark_saved(person.id, SUBJECT, f"{TAB}.5", at=clock.now())
    draft = keep(person, "Words, still under way", sequence=4)
    assert (draft.fields, draft.has_text) == (None, False)
    assert keep(person, "Typed after the save", sequence=6).fields == {"body": "Typed after the save"}


def test_a_save_is_noted_even_before_the_first_autosave_arrives() -> None:
    person = nadia()
    with transaction():
        services.mark_saved(person.id, SUBJECT, f"{TAB}.1", at=clock.now())
    assert keep(person, "Late", sequence=1).has_text is False


@pytest.mark.parametrize(
    "mark", ["", "nonsense", "tab-one-1", "tab-one-1.", "tab-one-1.-4", f"{TAB}.99999999999", "x.1"]
)
def test_a_form_without_script_saves_no_tab(mark: str) -> None:
    person = nadia()
    with transaction():
        services.mark_saved(person.id, SUBJECT, mark, at=clock.now())
    assert db.session.scalars(select(Draft)).all() == []


def test_two_tabs_of_one_person_keep_two_texts() -> None:
    person = nadia()
    keep(person, "In one", sequence=1)
    keep(person, "In the other", sequence=1, tab="tab-two-2")
    texts = [one.fields for one in queries.own_tabs(person.id, SUBJECT)]
    assert texts == [{"body": "In the other"}, {"body": "In one"}]


def test_a_text_taken_over_from_another_tab_is_not_kept_twice() -> None:
    person, other = nadia(), tom()
    keep(person, "In a tab that crashed", sequence=1)
    keep(other, "Somebody else's, by chance under the same name", sequence=1)
    keep(person, "Continued", sequence=1, tab="tab-two-2", replaces=[TAB])
    texts = [
        (one.person_id, one.fields) for one in db.session.scalars(select(Draft).order_by(Draft.person_id))
    ]
    assert texts == [
        (person.id, {"body": "Continued"}),
        (other.id, {"body": "Somebody else's, by chance under the same name"}),
    ]


def test_a_discarded_text_can_be_taken_back() -> None:
    draft = keep(nadia(), "Words", sequence=1)
    with transaction():
        services.discard(draft.id, at=clock.now())
    assert read(draft.id).has_text is False
    with transaction():
        services.take_back(draft.id, at=clock.now())
    assert (read(draft.id).has_text, read(draft.id).fields) == (True, {"body": "Words"})


def test_who_is_here_is_told_by_what_they_do() -> None:
    writer, reader, now = nadia(), tom(), clock.now()
    keep(writer, "Words", sequence=1)
    keep(reader)
    assert states(now) == [("Nadia", "writing", True), ("Tom", "viewing", False)]
    with clock.stopped(now + timedelta(seconds=61)):
        keep(writer)
        keep(reader, is_idle=True)
        assert states(clock.now()) == [("Nadia", "viewing", True), ("Tom", "idle", False)]


def test_a_tab_in_the_background_is_idle_and_not_gone() -> None:
    keep(nadia(), "Words", sequence=1), keep(tom())
    now = clock.now()
    assert states(now + timedelta(seconds=76)) == [("Nadia", "idle", True), ("Tom", "idle", False)]
    assert states(now + timedelta(minutes=6)) == [("Nadia", "away", True)]
    assert states(now + timedelta(days=80)) == [("Nadia", "away", True)]


def test_who_left_is_gone_unless_something_is_unsaved() -> None:
    keep(nadia(), "Words", sequence=1, is_leaving=True)
    keep(tom(), is_leaving=True)
    assert states(clock.now()) == [("Nadia", "away", True)]


def test_everybody_is_told_of_once_and_every_unsaved_text() -> None:
    writer, reader = nadia(), tom()
    keep(writer, "Words", sequence=1)
    keep(writer, tab="tab-two-2")
    keep(writer, "Other words", sequence=1, tab="tab-three-3")
    keep(reader), keep(reader, tab="tab-two-3")
    told = [("Nadia", "writing", True), ("Nadia", "writing", True), ("Tom", "viewing", False)]
    assert states(clock.now()) == told
    here = queries.present(SUBJECT, tab=TAB, at=clock.now())
    assert [(one.name, one.has_unsaved) for one in here] == [("Nadia Rahimi", True), ("Tom Okafor", False)]


def test_what_nobody_needs_is_forgotten() -> None:
    person, now = nadia(), clock.now()
    kept_id = keep(person, "Kept", sequence=1).id
    discarded = keep(person, "Discarded", sequence=1, tab="tab-two-2")
    keep(person, tab="tab-three-3")
    with transaction():
        services.discard(discarded.id, at=now)
    with clock.stopped(now + timedelta(hours=23)):
        assert jobs.forget_old_drafts() == {}
    with clock.stopped(now + timedelta(hours=25)):
        assert jobs.forget_old_drafts() == {"forgotten": 2}
    assert db.session.scalars(select(Draft.id)).all() == [kept_id]
    with clock.stopped(now + timedelta(days=90)):
        assert jobs.forget_old_drafts() == {}
    with clock.stopped(now + timedelta(days=90, seconds=1)):
        assert jobs.forget_old_drafts() == {"forgotten": 1}


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"tab": "short"},
        {"tab": "x" * 41},
        {"tab": "has space"},
        {"tab": TAB, "sequence": -1},
        {"tab": TAB, "sequence": True},
        {"tab": TAB, "base": 2**31},
        {"tab": TAB, "base": "7"},
        {"tab": TAB, "fields": []},
        {"tab": TAB, "fields": {"body": 7}},
        {"tab": TAB, "fields": {"body": ["a", 7]}},
        {"tab": TAB, "fields": {str(number): "" for number in range(601)}},
        {"tab": TAB, "replaces": ["a b"]},
    ],
)
def test_what_a_page_of_ours_would_never_send_is_refused(data: object) -> None:
    with pytest.raises(Invalid):
        read_sent(data)


def test_a_text_that_is_too_long_is_refused_with_a_sentence() -> None:
    assert read_sent({"tab": TAB, "fields": {"body": "字" * 400_000}}).fields == {"body": "字" * 400_000}
    with pytest.raises(Invalid, match="too long to be kept here: 400000 characters at most"):
        read_sent({"tab": TAB, "fields": {"body": "字" * 400_000, "title": "x"}})


def test_characters_no_database_takes_are_dropped() -> None:
    assert read_sent({"tab": TAB, "fields": {"body": "a\x00b\ud800c"}}).fields == {"body": "abc"}
