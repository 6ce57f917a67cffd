import io
import re
from typing import Any

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.contests.judging import queries, services
from cms.contests.judging.bundle import verify
from cms.contests.judging.forms import read_rubric, write_rubric
from cms.contests.judging.models import Certificate, EntryLikeness, JurySeat
from cms.contests.models import Contest, ContestPlace, ContestPrize, ContestRole, ContestRules
from cms.core import clock
from cms.core.database import db, transaction
from cms.people.models import Person
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
from tests.factories import make_person, nadia, save, sign_in, token_headers

# What differs from one answer to the next without saying anything.
_UNSEEN = re.compile(
    r'nonce="[^"]*"|name="csrf_token" type="hidden" value="[^"]*"|content="[^"]*" name="csrf-token"'
)
SECRETS = ("Rae", "rae_s", "Sato")


def seated(client: FlaskClient, contest: Contest) -> JurySeat:
    """A juror, signed in, with everything to score."""
    seat = judge(contest, 1)[0]
    sign_in(client, db.session.get_one(Person, seat.person_id))
    return seat


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.text)


def test_juror_scores_from_the_list_to_the_last_entry(client: FlaskClient) -> None:
    contest = make_contest()
    entry = make_entries(contest, 1)[0]
    seat = seated(client, contest)
    assert f"/me/juries/{seat.id}" in text(client, "/me/juries")
    assert "Story 0" in text(client, f"/me/juries/{seat.id}")
    page = text(client, f"/me/juries/{seat.id}/1")
    assert "It rang 0" in page
    assert f'value="{entry.sealed_hash}"' in page
    given = {"mark-idea": "4", "mark-style": "", "content_hash": entry.sealed_hash, "version": "0"}
    answer = client.post(f"/me/juries/{seat.id}/1", data=given)
    assert answer.status_code == 303
    assert queries.find_score(seat.id, entry.id).marks == {"idea": 4, "style": None}  # type: ignore[union-attr]
    stale = client.post(f"/me/juries/{seat.id}/1", data={**given, "comment": "Well told."})
    assert stale.status_code == 409
    assert "Well told." in stale.text


def test_no_page_of_a_juror_or_voter_says_who_wrote_it(client: FlaskClient) -> None:
    contest = make_contest(vote=0)
    rae = make_person("Rae Sato", "member", handle="rae_s")
    body = "I am Rae Sato, [my page](https://example.org/@rae_s), ![Rae at work](/media/x.webp)"
    entry = make_entry(contest, rae, "Rae's phone", body)
    seat = seated(client, contest)
    for path in (
        "/me/juries",
        f"/me/juries/{seat.id}",
        f"/me/juries/{seat.id}/1",
        "/contests/expo/vote",
        f"/contests/expo/vote/{entry.id}",
        "/contests/expo/proof",
    ):
        shown = text(client, path)
        assert [one for one in SECRETS if one in shown] == [], path
    assert client.get("/contests/expo/results.zip").status_code == 404


def test_juror_cannot_open_what_another_scores_and_nothing_before_the_jury_begins(
    client: FlaskClient,
) -> None:
    contest = make_contest()
    make_entries(contest, 2)
    one, other = judge(contest, 2)
    sign_in(client, db.session.get_one(Person, one.person_id))
    assert client.get(f"/me/juries/{other.id}/1").status_code == 404
    with clock.stopped(clock.now() - 3 * DAY):
        sign_in(client, db.session.get_one(Person, one.person_id))
        assert client.get(f"/me/juries/{one.id}/1").status_code == 404
        assert "Story" not in text(client, f"/me/juries/{one.id}")


def test_juror_of_the_staff_does_not_get_the_organisers_page(client: FlaskClient) -> None:
    contest = make_contest()
    set_rules(contest)
    editor = nadia()
    sign_in(client, editor)
    assert client.get(f"/desk/contests/{contest.id}/judging").status_code == 200
    save(ContestRole(contest_id=contest.id, person_id=editor.id, role="juror", added_at=clock.now()))
    assert client.get(f"/desk/contests/{contest.id}/judging").status_code == 403


def test_recusing_by_the_page(client: FlaskClient) -> None:
    contest = make_contest()
    entry = make_entries(contest, 1)[0]
    seat = seated(client, contest)
    assert client.post(f"/me/juries/{seat.id}/1/recusal", data={"reason": ""}).status_code == 303
    assert queries.tasks_of(seat.id) != []
    client.post(f"/me/juries/{seat.id}/1/recusal", data={"reason": "A friend."})
    assert queries.tasks_of(seat.id) == []
    assert entry.id


def test_voting_by_the_page_shows_no_count(client: FlaskClient) -> None:
    contest = make_contest(vote=0)
    one, two = make_entries(contest, 2)
    set_rules(contest)
    for number in range(3):
        vote(contest, one, voter(f"V{number}"))
    rae = voter("Rae")
    sign_in(client, rae)
    client.post(f"/contests/expo/vote/{two.id}")
    client.post(f"/contests/expo/vote/{one.id}")
    assert services.count_again(contest.id) == {str(one.id): 3, str(two.id): 1}
    page = text(client, "/contests/expo/vote")
    assert "All your votes are given." in page
    assert "3 votes" not in page
    client.post(f"/contests/expo/vote/{two.id}/removal")
    assert services.count_again(contest.id) == {str(one.id): 3}


def test_setting_how_it_is_judged_by_the_page(client: FlaskClient) -> None:
    contest = make_contest()
    sign_in(client, nadia())
    path = f"/desk/contests/{contest.id}/judging"
    lines = (
        "Idea | 立意 | 3\n1 Heard before | 老生常谈\n2 New | 新颖\n\nStyle | 2 | optional\n1 Dull\n5 Bright"
    )
    numbers = {"per_entry": "2", "public_weight": "30", "votes_each": "3", "voter_days": "7"}
    answer = client.post(path, data={"rubric": lines, "breaks": "Idea, head", **numbers})
    assert answer.status_code == 303
    judging = queries.find_judging(contest.id)
    assert judging is not None
    assert [(one["key"], one["weight"], one["optional"]) for one in judging.rubric] == [
        ("idea", 3, False),
        ("style", 2, True),
    ]
    assert judging.breaks == ["criterion:idea", "head"]
    wrong = client.post(path, data={"rubric": "nothing", **numbers})
    assert wrong.status_code == 422
    assert "Please give one to twelve criteria" in wrong.text


def test_rubric_written_out_is_read_back() -> None:
    lines = "Idea | 立意 | 3\n1 Heard before | 老生常谈\n2 New | 新颖\n\n心意 | 1 | advice\n1 冷\n2 暖"
    rubric = read_rubric(lines)
    assert [one["key"] for one in rubric] == ["idea", "心意"]
    assert read_rubric(write_rubric(rubric)) == rubric


def test_desk_shows_progress_comments_and_votes_set_aside(client: FlaskClient) -> None:
    contest = make_contest(vote=0)
    entries = make_entries(contest, 2)
    seat = judge(contest, 2)[0]
    score(seat, entries[0], 5, 5, comment="Warm and clear.")
    for number in range(5):
        vote(contest, entries[0], voter(f"New{number}", created_at=clock.now()))
    sign_in(client, nadia())
    path = f"/desk/contests/{contest.id}/judging"
    page = text(client, path)
    assert "1 of 4 scores are there" in page
    assert "Warm and clear." in page
    assert "from the same network" in page
    waiting, aside = queries.comments_waiting(contest.id)[0], queries.voters_set_aside(contest.id)[0][0]
    client.post(f"{path}/comments/{waiting.id}", data={"state": "approved"})
    client.post(f"{path}/voters/{aside.id}", data={"state": "counted", "reason": "A school class."})
    assert queries.comments_waiting(contest.id) == []
    assert queries.voters_set_aside(contest.id) == []


def test_desk_pages_cost_the_same_for_one_entry_and_for_five(
    client: FlaskClient, count_queries: list[str]
) -> None:
    costs = []
    editor = nadia()
    for slug, count in (("one", 1), ("five", 5)):
        contest = make_contest(slug)
        make_entries(contest, count)
        judge(contest, count)
        sign_in(client, editor)
        text(client, f"/desk/contests/{contest.id}/judging")
        db.session.expire_all()
        count_queries.clear()
        text(client, f"/desk/contests/{contest.id}/judging")
        costs.append(len(count_queries))
    assert costs[0] == costs[1]


def test_the_page_of_a_contest_leads_to_the_vote_and_to_the_proof(client: FlaskClient) -> None:
    contest = make_contest(vote=0)
    save(ContestRules(contest_id=contest.id, number=1, text={}, html={}, consent={}, made_at=clock.now()))
    with transaction():
        contest.sealed_hash = "0" * 64
    page = text(client, "/contests/expo")
    assert "/contests/expo/vote" in page
    assert "/contests/expo/proof" in page
    assert "0" * 64 in text(client, "/contests/expo/proof")


def test_anybody_fetches_the_bundle_once_names_are_open(client: FlaskClient) -> None:
    contest = make_contest()
    entries = make_entries(contest, 3)
    for seat in judge(contest, 2):
        for place, entry in enumerate(entries):
            score(seat, entry, 5 - place, 3)
    later = clock.now() + 3 * DAY
    with transaction():
        sealed = services.seal_scores(contest.id, by=None, at=later)
    assert sealed in text(client, "/contests/expo/proof")
    assert client.get("/contests/expo/results.zip").status_code == 404
    editor = nadia()
    with clock.stopped(later):
        sign_in(client, editor)
        assert client.post(f"/desk/contests/{contest.id}/judging/opening").status_code == 303
        client.post(f"/desk/contests/{contest.id}/judging/places")
    places = db.session.scalars(select(ContestPlace).order_by(ContestPlace.place)).all()
    assert [(one.entry_id, one.place) for one in places] == [(one.id, n) for n, one in enumerate(entries, 1)]
    page = text(client, "/contests/expo/proof")
    assert page.index("Story 0") < page.index("Story 1") < page.index("Story 2")
    data = client.get("/contests/expo/results.zip").data
    assert [one.name for one in verify(io.BytesIO(data), scores=sealed) if not one.is_right] == []


def test_certificates_are_issued_once_printed_checked_and_revoked(client: FlaskClient) -> None:
    contest = make_contest()
    entry = make_entry(contest, make_person("李小明", "member", handle="xiaoming", locale="zh"), "我的手机")
    make_entries(contest, 1)
    with transaction(), pytest.raises(services.NotYet):
        services.issue_certificates(contest.id, by=None, at=clock.now())
    prize = save(ContestPrize(contest_id=contest.id, position=1, name={"en": "Gold", "zh": "金奖"}))
    save(ContestPlace(entry_id=entry.id, contest_id=contest.id, place=1, prize_id=prize.id))
    with transaction():
        contest.results_state = "final"
    sign_in(client, nadia())
    path = f"/desk/contests/{contest.id}/judging/certificates"
    client.post(path)
    client.post(path)
    found = db.session.scalars(select(Certificate).order_by(Certificate.id)).all()
    assert [(one.name, one.place) for one in found] == [("李小明", 1), ("Author 0", None)]
    gold = found[0]
    pdf = client.get(f"/certificates/{gold.code}.pdf").data
    words = _words_of(pdf)
    assert "李小明" in words
    assert "我的手机" in words
    assert gold.code in words
    assert "This certificate holds" in text(client, f"/certificates/{gold.code.lower()}")
    client.post(f"{path}/{gold.id}/revocation", data={"reason": "It was copied."})
    page = text(client, f"/certificates/{gold.code}")
    assert "It was copied." in page
    assert client.get(f"/certificates/{gold.code}.pdf").status_code == 404
    assert client.get("/certificates/AAAA-AAAA-AAAA-AAAA").status_code == 404


def test_reissued_certificate_keeps_its_history(client: FlaskClient) -> None:
    contest = make_contest()
    make_entries(contest, 1)
    with transaction():
        contest.results_state = "final"
        services.issue_certificates(contest.id, by=None, at=clock.now())
        old = db.session.scalars(select(Certificate)).one()
        new = services.reissue_certificate(
            old.id, "Author Zero", "The name was wrong.", by=None, at=clock.now()
        )
    assert new.code in text(client, f"/certificates/{old.code}")
    assert "Author Zero" in text(client, f"/certificates/{new.code}")


def test_similar_entries_are_pointed_out(client: FlaskClient) -> None:
    contest = make_contest()
    story = "My grandmother kept her first telephone in the drawer beside the bread because nobody called on Sundays."
    make_entry(contest, make_person("A", "member", handle="a1"), "First", story)
    make_entry(contest, make_person("B", "member", handle="b1"), "Second", f"{story} And then it rang.")
    sign_in(client, nadia())
    path = f"/desk/contests/{contest.id}/judging"
    client.post(f"{path}/likenesses")
    client.post(f"{path}/likenesses")
    found = db.session.scalars(select(EntryLikeness)).all()
    assert [one.contained for one in found] == [1000]
    assert "my grandmother kept her first telephone" in text(client, path)


def _words_of(pdf: bytes) -> str:
    document: Any = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        words = page.get_textpage()
        said = str(words.get_text_range())
        words.close()
        page.close()
    finally:
        document.close()
    return said


def test_an_entry_goes_to_another_juror_and_somebody_heads_the_jury_by_the_page(client: FlaskClient) -> None:
    contest = make_contest()
    entries = make_entries(contest, 2)
    one, other = judge(contest, 2, per_entry=1)
    first = queries.get_task(one.id, 1).entry_id
    sign_in(client, nadia())
    path = f"/desk/contests/{contest.id}/judging"
    assert "Give to this juror" in text(client, f"{path}/seats/{one.id}")
    assert client.post(f"{path}/seats/{one.id}/swap", data={"entry": str(first)}).status_code == 303
    assert "Please choose a juror." in text(client, f"{path}/seats/{one.id}")
    client.post(f"{path}/seats/{one.id}/swap", data={"entry": str(first), "to": str(other.id)})
    assert [task.entry_id for task in queries.entries_of_seat(one.id)] == []
    assert {task.entry_id for task in queries.entries_of_seat(other.id)} == {entry.id for entry in entries}
    client.post(f"{path}/head", data={"seat": str(other.id)})
    assert queries.find_judging(contest.id).head_seat_id == other.id  # type: ignore[union-attr]
    assert client.post(f"{path}/head", data={"seat": "999999"}).status_code == 404
    score(other, next(entry for entry in entries if entry.id == first), 3, 3)
    client.post(f"{path}/head", data={"seat": ""})
    assert "settled before the first score" in text(client, path)
    assert queries.find_judging(contest.id).head_seat_id == other.id  # type: ignore[union-attr]
    client.post(f"{path}/seats/{other.id}/swap", data={"entry": str(first), "to": str(one.id)})
    assert "It has marks already" in text(client, f"{path}/seats/{other.id}")
    strange = judge(make_contest("strange"), 1)[0]
    assert client.get(f"{path}/seats/{strange.id}").status_code == 404


def test_a_certificate_is_put_right_and_its_old_code_says_so(client: FlaskClient) -> None:
    contest = make_contest()
    make_entry(contest, make_person("Rea Sato", "member", handle="rea"))
    with transaction():
        contest.results_state = "final"
        services.issue_certificates(contest.id, by=None, at=clock.now())
    old = queries.certificates_of(contest.id)[0]
    sign_in(client, nadia())
    path = f"/desk/contests/{contest.id}/judging/certificates/{old.id}"
    assert 'value="Rea Sato"' in text(client, path)
    wrong = client.post(path, data={"name": "Rae Sato", "reason": ""})
    assert wrong.status_code == 422
    assert 'value="Rae Sato"' in wrong.text
    assert client.post(path, data={"name": "Rae Sato", "reason": "A slip in the name."}).status_code == 303
    _old, new = queries.certificates_of(contest.id)
    shown = text(client, f"/certificates/{old.code}")
    assert "This certificate was replaced" in shown
    assert "A slip in the name." in shown
    assert new.code in shown
    assert "Rae Sato" in text(client, f"/certificates/{new.code}")
    again = client.post(path, data={"name": "Rae Sato", "reason": "Again."})
    assert again.status_code == 409
    assert client.get(f"/desk/contests/{contest.id + 1}/judging/certificates/{old.id}").status_code == 404


def test_criteria_are_not_called_optional(client: FlaskClient) -> None:
    contest = make_contest()
    sign_in(client, nadia())
    shown = text(client, f"/desk/contests/{contest.id}/judging")
    assert '<label class="field__label" for="rubric">Criteria</label>' in shown
    numbers = {"per_entry": "0", "public_weight": "0", "votes_each": "1", "voter_days": "0"}
    assert client.post(f"/desk/contests/{contest.id}/judging", data=numbers).status_code == 422


def test_votes_change_no_byte_that_anybody_may_read_until_the_vote_is_over(
    app: Flask, client: FlaskClient
) -> None:
    contest = make_contest(vote=0)
    one, two = make_entries(contest, 2)
    set_rules(contest)
    reader, jury, juror = voter("Rae"), seated(client, contest), token_headers(make_person("Tom", "member"))
    watcher = app.test_client()
    sign_in(watcher, reader)
    number = f"/api/v1/contests/{contest.id}"
    places = {
        app.test_client(): ["/", "/contests", "/contests/expo", "/contests/feed.xml", "/contests/atom.xml",
                            "/contests/feed.json", "/contests/expo/calendar.ics", "/contests/expo/proof",
                            "/contests/winners", "/contests/expo/results.zip", "/sitemap.xml"],
        watcher: ["/contests/expo/vote", "/contests/expo/vote?sort=votes", f"/contests/expo/vote/{one.id}"],
        client: [f"/me/juries/{jury.id}", f"/me/juries/{jury.id}/1"],
    }  # fmt: skip

    def read() -> dict[str, tuple[int, str]]:
        app.extensions["parley_pages"].forget_everything()
        said = {}
        for browser, paths in places.items():
            for path in paths:
                answer = browser.get(path)
                said[path] = (answer.status_code, _UNSEEN.sub("", answer.text))
        for path in (number, f"{number}/entries", f"{number}/results", f"{number}/entries?sort=votes"):
            answer = client.get(path, headers=juror)
            said[path] = (answer.status_code, answer.text)
        return said

    before = read()
    for count in range(7):
        vote(contest, two, voter(f"V{count}"))
    assert read() == before
    assert services.count_again(contest.id) == {str(two.id): 7}


def test_the_order_of_entries_says_nothing_of_who_handed_in_first(app: Flask) -> None:
    contest = make_contest()
    entries = make_entries(contest, 8)
    seats = judge(contest, 2)
    orders = [[queries.get_task(seat.id, place).entry_id for place in range(1, 9)] for seat in seats]
    assert orders[0] != sorted(orders[0])
    assert sorted(orders[0]) == [one.id for one in entries]
