"""Asking somebody from outside: terms, deadlines, links that end."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from cms.contributions import queries, services
from cms.contributions.models import ContributionLink
from cms.contributions.queries import LinkIsDead, get_by_token
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid, NotFound
from cms.core.models import OutgoingMail
from cms.core.walltime import AmbiguousTime
from cms.people.models import AuditEntry
from cms.posts import services as posts
from tests.cms.contributions.invited import LATER, again, ask, asked_to_approve, hand_in
from tests.conftest import NOW
from tests.factories import make_person, make_post, nadia, rae

pytestmark = pytest.mark.usefixtures("app")


def test_an_invitation_opens_one_post_for_one_person() -> None:
    one, token = ask()
    found = get_by_token(token, at=NOW)
    assert (found.id, found.person.name, found.person.role) == (one.id, "Ana Writer", "guest")
    assert found.post.latest is not None
    assert found.post.latest.title == "Salt and signal"


def test_only_the_fingerprint_of_a_link_is_kept() -> None:
    _, token = ask()
    kept = db.session.scalars(select(ContributionLink.token_hash)).all()
    assert [token in one for one in kept] == [False]
    assert len(kept[0]) == 64


def test_a_link_lasts_thirty_days_beyond_the_deadline() -> None:
    one, token = ask()
    assert one.expires_at == datetime(2026, 12, 31, 18, 0, tzinfo=UTC)
    with clock.stopped(one.expires_at), pytest.raises(LinkIsDead):
        get_by_token(token, at=one.expires_at)


def test_a_link_of_one_post_does_not_open_another() -> None:
    first, token = ask()
    second, other = ask(make_post("Other"), name="Bo Lawyer", by=make_person("Ed", "editor", handle="ed2"))
    assert get_by_token(token, at=NOW).post_id == first.post_id
    assert get_by_token(other, at=NOW).post_id == second.post_id
    assert first.post_id != second.post_id


def test_a_withdrawn_link_opens_nothing_and_withdrawing_is_written_down() -> None:
    editor = nadia()
    one, token = ask(by=editor)
    one_id, post_id = one.id, one.post_id
    with transaction():
        services.revoke(one_id, by=editor, at=NOW)
    with pytest.raises(LinkIsDead):
        get_by_token(token, at=NOW)
    acts = db.session.scalars(
        select(AuditEntry.act).where(
            AuditEntry.subject == f"post:{post_id}", AuditEntry.act.startswith("contr")
        )
    ).all()
    assert sorted(acts) == ["contribution.invited", "contribution.revoked"]
    with pytest.raises(services.AlreadyOver), transaction():
        services.revoke(one_id, by=editor, at=NOW)


def test_a_new_link_ends_the_older_ones_and_opens_what_was_withdrawn() -> None:
    editor = nadia()
    one, first = ask(by=editor)
    one_id = one.id
    with transaction():
        services.revoke(one_id, by=editor, at=NOW)
    with transaction():
        second = services.renew_link(one_id, by=editor, at=NOW)
    with transaction():
        third = services.renew_link(one_id, by=editor, at=NOW)
    for dead in (first, second):
        with pytest.raises(LinkIsDead):
            get_by_token(dead, at=NOW)
    assert get_by_token(third, at=NOW).id == one_id


def test_an_expired_link_comes_back_with_thirty_more_days() -> None:
    editor = nadia()
    one_id = ask(by=editor)[0].id
    with transaction():
        token = services.renew_link(one_id, by=editor, at=LATER)
    assert get_by_token(token, at=LATER).expires_at == LATER + timedelta(days=30)


def test_a_post_in_the_trash_takes_its_links_with_it() -> None:
    one, token = ask()
    post_id = one.post_id
    with transaction():
        posts.trash_post(post_id, by=None, at=NOW)
    with pytest.raises(LinkIsDead):
        get_by_token(token, at=NOW)


def test_a_deadline_in_the_past_is_refused_with_a_sentence() -> None:
    with pytest.raises(Invalid) as refused:
        ask(wall="2026-11-20T09:00")
    assert refused.value.errors == {"wall": "This deadline is in the past. Please choose a later one."}


def test_a_wall_time_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        ask(wall="2027-03-28T02:30", zone="Europe/Berlin")
    assert list(refused.value.errors) == ["wall"]


def test_a_wall_time_that_comes_twice_is_asked_about() -> None:
    with pytest.raises(AmbiguousTime):
        ask(wall="2027-10-31T02:30", zone="Europe/Berlin")
    one, _ = ask(
        wall="2027-10-31T02:30", zone="Europe/Berlin", which=1, by=make_person("Ed", "editor", handle="ed2")
    )
    assert one.due_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    assert (one.due_wall, one.due_zone) == ("2027-10-31T02:30", "Europe/Berlin")


def test_a_link_may_not_end_before_its_deadline() -> None:
    with pytest.raises(Invalid) as refused:
        ask(expires_at=NOW + timedelta(days=2))
    assert refused.value.errors == {"expires": "The link must work at least until the deadline."}


def test_members_cannot_be_asked_and_nobody_is_nobody() -> None:
    post_id, editor, reader = make_post().id, nadia(), rae()
    terms = services.Terms(role="author", locale="en", rights="Yes.")
    with pytest.raises(Invalid) as refused, transaction():
        services.invite(post_id, terms, purpose="write", person_id=reader.id, by=editor, at=NOW)
    assert list(refused.value.errors) == ["who"]
    with pytest.raises(Invalid) as nobody, transaction():
        services.invite(post_id, terms, purpose="write", by=editor, at=NOW)
    assert list(nobody.value.errors) == ["name"]


def test_a_lawyer_cannot_be_asked_as_a_photographer() -> None:
    with pytest.raises(Invalid) as refused:
        ask(purpose="approve", role="photographer")
    assert list(refused.value.errors) == ["role"]


def test_with_an_address_the_link_is_mailed_in_their_language() -> None:
    _, token = ask(email="ana@example.com", locale="zh")
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.recipient == "ana@example.com"
    assert mail.subject == "Nadia Rahimi 约您写稿：Salt and signal"
    assert f"http://localhost/zh/contribute/{token}" in mail.text


def test_without_an_address_nothing_is_mailed() -> None:
    ask()
    assert db.session.scalars(select(OutgoingMail)).all() == []


def test_handing_back_needs_words_and_gives_the_text_back() -> None:
    editor = nadia()
    one_id = hand_in(ask(by=editor)[0]).id
    with pytest.raises(Invalid), transaction():
        services.hand_back(one_id, words="", by=editor, at=NOW)
    with transaction():
        services.hand_back(one_id, words="Shorter, please.", by=editor, at=NOW)
    one = again(one_id)
    assert (one.handed_in_at, one.handed_back_at) == (None, NOW)
    with pytest.raises(services.NothingToHandIn), transaction():
        services.hand_back(one_id, words="Again.", by=editor, at=NOW)


def test_news_reaches_them_by_mail_and_the_first_link_goes_on_working() -> None:
    editor = nadia()
    one, token = ask(by=editor, email="ana@example.com")
    asked_to_approve(one, editor)
    subjects = db.session.scalars(select(OutgoingMail.subject).order_by(OutgoingMail.id)).all()
    assert subjects == ["Nadia Rahimi asks you to write: Salt and signal", "Salt and signal"]
    assert get_by_token(token, at=NOW).id == one.id


def test_changed_rights_must_be_agreed_to_again() -> None:
    editor = nadia()
    one_id = hand_in(ask(by=editor)[0]).id
    terms = services.Terms(role="author", locale="en", rights="You may print and sing it.")
    with transaction():
        services.change_terms(one_id, terms, by=editor, at=NOW)
    one = again(one_id)
    assert (one.has_consented, one.consented_to) == (False, "You may print it.")


def test_the_list_narrows_to_what_is_awaited_late_handed_in_and_over(app: Flask) -> None:
    editor = nadia()
    awaited = ask(by=editor)[0].id
    in_hand = hand_in(ask(make_post("Two"), name="Bo", by=editor)[0], title="Two").id
    over = ask(make_post("Three"), name="Cy", by=editor)[0].id
    with transaction():
        services.revoke(over, by=editor, at=NOW)
    late_at = datetime(2026, 12, 2, tzinfo=UTC)

    def found(owed: str | None, at: datetime = NOW) -> list[int]:
        return [one.id for one in queries.contributions(owed, at=at)]

    assert found(None) == [over, in_hand, awaited]
    assert (found("open"), found("late"), found("late", late_at)) == ([awaited], [], [awaited])
    assert (found("handed_in"), found("over")) == ([in_hand], [over])


def test_a_contribution_that_never_was_is_not_found() -> None:
    with pytest.raises(NotFound):
        queries.get_contribution(999)
