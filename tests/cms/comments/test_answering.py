"""Company answers, feeds, the home page, facts, leaving."""

from datetime import timedelta

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.comments import queries, services
from cms.comments.models import Comment, Reaction
from cms.comments.services.erasing import delete_texts, forget_person
from cms.comments.services.reminding import remind_owners
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Conflict, Invalid
from cms.notices.models import Notice
from cms.people.models import Person
from cms.posts.models import Byline, Post, Revision
from tests.cms.comments.talking import say, trust
from tests.factories import make_person, make_post, read_again, sign_in, token_headers

NOW_PLUS = timedelta(days=2)


def assign(comment: Comment, owner: Person, by: Person, wall: str = "2026-11-23T12:00") -> None:
    with transaction():
        services.assign_question(comment.id, owner_id=owner.id, wall=wall, zone="UTC", by=by, at=clock.now())


def answer(comment: Comment, text: str, by: Person, number: int = 0) -> None:
    ready = services.prepare_answer(text)
    with transaction():
        services.answer_question(comment.id, ready, expected_number=number, by=by, at=clock.now())


def test_a_question_gets_an_owner_a_time_and_an_answer_that_is_pinned_and_signed(
    client: FlaskClient, rae: Person, nadia: Person
) -> None:
    author = make_person("Tomas Berg", "author", handle="tomas")
    post = make_post()
    asked = say("And in an emergency?", by=rae, on=post)
    say("A later answer by a reader.", by=rae, on=post, to=asked)
    assign(asked, author, nadia)
    told = db.session.scalars(select(Notice).where(Notice.person_id == author.id)).one()
    assert (told.kind, told.detail["due"]) == ("comment.question", "2026-11-23T12:00")
    answer(asked, "The **neighbour** stays awake.", author)
    page = client.get(f"/posts/{post.slug}/comments").text
    assert page.index("<strong>neighbour</strong>") < page.index("A later answer by a reader.")
    assert "Tomas Berg" in page
    kinds = db.session.scalars(select(Notice.kind).where(Notice.person_id == rae.id)).all()
    assert kinds == ["comment.company"]


def test_an_answer_is_changed_in_versions_and_never_over_another(rae: Person, nadia: Person) -> None:
    asked = say(by=rae)
    assign(asked, nadia, nadia)
    answer(asked, "First.", nadia)
    with pytest.raises(Conflict):
        answer(asked, "Over it.", nadia, number=0)
    answer(asked, "Second.", nadia, number=1)
    assert [one.body for one in queries.versions_of(asked.id)] == ["Second.", "First."]


def test_an_answer_is_reused_as_one_of_the_answered_questions(
    client: FlaskClient, rae: Person, nadia: Person
) -> None:
    asked = say("And in an emergency?", by=rae)
    assign(asked, nadia, nadia)
    with pytest.raises(Conflict), transaction():
        services.publish_as_faq(asked.id, wording="", by=nadia, at=clock.now())
    answer(asked, "The neighbour stays awake.", nadia)
    with transaction():
        services.publish_as_faq(asked.id, wording="What of emergencies?", by=nadia, at=clock.now())
    page = client.get("/answers").text
    assert "What of emergencies?" in page
    assert "The neighbour stays awake." in page
    with transaction():
        services.hide_comment(asked.id, reason="private", by=nadia, at=clock.now())
    assert "What of emergencies?" not in client.get("/answers").text


def test_a_wall_time_that_does_not_exist_is_refused(rae: Person, nadia: Person) -> None:
    asked = say(by=rae)
    with pytest.raises(Invalid), transaction():
        services.assign_question(
            asked.id,
            owner_id=nadia.id,
            wall="2027-03-28T02:30",
            zone="Europe/Berlin",
            by=nadia,
            at=clock.now(),
        )


def test_owners_are_reminded_once_and_response_times_are_told(rae: Person, nadia: Person) -> None:
    post = make_post()
    asked, other = say("1?", by=rae, on=post), say("2?", by=rae, on=post)
    for one in (asked, other):
        assign(one, nadia, nadia)
    at = clock.now() + NOW_PLUS
    with transaction():
        assert remind_owners(before=at, at=at) == 2
    with transaction():
        assert remind_owners(before=at, at=at) == 0
    with clock.stopped(clock.now() + timedelta(hours=3)):
        answer(asked, "Yes.", nadia)
    with clock.stopped(at + timedelta(hours=1)):
        times = queries.response_times(since=clock.now() - timedelta(days=90), at=clock.now())
    assert (times.asked, times.answered, times.open, times.overdue) == (2, 1, 1, 1)
    assert (times.median, times.in_time, times.with_due) == (timedelta(hours=3), 1, 1)


def test_nothing_to_measure_is_not_nought(app: Flask) -> None:
    assert queries.response_times(since=clock.now(), at=clock.now()).median is None


def test_the_desk_answers_over_http_and_makes_a_draft_with_credit(
    client: FlaskClient, rae: Person, nadia: Person
) -> None:
    asked = say("May I *write* about this?", by=rae)
    sign_in(client, nadia)
    assert "May I" in client.get(f"/desk/questions/{asked.id}").text
    sent = client.post(f"/desk/questions/{asked.id}/answer", data={"body": "Please do.", "number": "0"})
    assert sent.headers["Location"].endswith(f"/comments#c{asked.id}")
    assert "Please do." in client.get(f"/desk/questions/{asked.id}").text
    assert "May I" in client.get("/desk/questions?show=answered").text
    client.post(f"/desk/questions/{asked.id}/draft")
    post = db.session.scalars(select(Post).order_by(Post.id.desc())).first()
    assert post is not None
    assert post.live_revision_id is None
    body = db.session.get_one(Revision, post.latest_revision_id).body
    assert "> May I *write* about this?" in body
    assert f"#c{asked.id}" in body
    credited = db.session.scalars(
        select(Byline.person_id).where(Byline.post_id == post.id).order_by(Byline.position)
    ).all()
    assert credited == [nadia.id, rae.id]


# Where comments are seen besides ---------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["feed.xml", "atom.xml", "feed.json"])
def test_feeds_hold_what_is_visible(client: FlaskClient, rae: Person, file: str) -> None:
    post = make_post()
    shown = say("Seen <here>.", by=rae, on=post)
    say("Not seen.", by=rae, on=post, is_seen=True)
    with transaction():
        services.delete_comment(shown.id + 1, by=rae, at=clock.now())
    for path in (f"/posts/{post.slug}/comments/{file}", f"/comments/{file}"):
        given = client.get(path)
        assert given.status_code == 200
        assert f"http://localhost/comments/{shown.id}" in given.text
        assert "Not seen." not in given.text
        if file != "feed.json":
            assert [one.id for one in feedparser.parse(given.data).entries] == [
                f"http://localhost/comments/{shown.id}"
            ]


def test_the_home_page_shows_the_latest_voices(client: FlaskClient, rae: Person) -> None:
    post = make_post("Of rain")
    assert "Latest comments" not in client.get("/en/").text
    say("The line held.", by=rae, on=post)
    home = client.get("/en/").text
    assert "Latest comments" in home
    assert "The line held." in home
    assert "The line held." not in client.get("/zh/").text


def test_programs_read_send_change_and_take_away(client: FlaskClient, rae: Person, ivy: Person) -> None:
    post = make_post()
    trust(rae)
    headers = token_headers(rae, "comments:write")
    made = client.post(
        "/api/v1/comments", json={"subject": f"post:{post.id}", "body": "By *program*."}, headers=headers
    )
    assert (made.status_code, made.json["state"], made.json["html"]) == (
        201,
        "visible",
        "<p>By <em>program</em>.</p>",
    )
    number = made.json["id"]
    client.patch(f"/api/v1/comments/{number}", json={"body": "Changed."}, headers=headers)
    say("Answer.", by=ivy, on=post, to=read_again(Comment, number))
    listed = client.get(f"/api/v1/comments?subject=post:{post.id}", headers=headers).json
    assert [one["body"] for one in listed["items"]] == ["Changed.", "Answer."]
    assert client.delete(f"/api/v1/comments/{number}", headers=headers).status_code == 204
    listed = client.get(f"/api/v1/comments?subject=post:{post.id}", headers=headers).json
    first = listed["items"][0]
    assert (first["state"], first["body"], first["author"]) == ("deleted", None, None)
    assert set(first) == set(listed["items"][1])


def test_programs_are_told_why_a_comment_waits_and_others_do_not_see_it(
    client: FlaskClient, rae: Person, ivy: Person
) -> None:
    post = make_post()
    headers = token_headers(rae)
    made = client.post(
        "/api/v1/comments", json={"subject": f"post:{post.id}", "body": "Waits."}, headers=headers
    )
    assert (made.json["state"], made.json["waits_because"]) == ("waiting", ["first"])
    number = made.json["id"]
    assert client.get(f"/api/v1/comments/{number}", headers=token_headers(ivy)).status_code == 404
    mine = client.get("/api/v1/comments", headers=headers).json["items"]
    assert [one["id"] for one in mine] == [number]
    bad = client.post("/api/v1/comments", json={"subject": "post:999999", "body": "x"}, headers=headers)
    assert bad.status_code == 422


# Leaving ---------------------------------------------------------------------------------------------------------


def test_who_leaves_keeps_their_place_under_a_name_that_leads_nowhere(
    client: FlaskClient, rae: Person, ivy: Person
) -> None:
    post = make_post()
    one, two = say("One.", by=rae, on=post), say("Two.", by=rae, on=post)
    liked = say("Liked.", by=ivy, on=post, to=one)
    with transaction():
        services.react(liked.id, "agree", by=rae, at=clock.now())
    with transaction():
        forget_person(rae.id, with_texts=False, at=clock.now())
    names = {read_again(Comment, comment.id).author_name for comment in (one, two)}
    assert len(names) == 1
    assert names.pop().startswith("Former member ")
    assert read_again(Comment, liked.id).score == 0
    assert db.session.scalars(select(Reaction)).all() == []
    page = client.get(f"/posts/{post.slug}/comments").text
    assert "Rae Sato" not in page
    assert "One." in page


def test_texts_can_be_taken_away_and_answers_stay(rae: Person, ivy: Person) -> None:
    post = make_post()
    first = say("One.", by=rae, on=post)
    answered = say("Two.", by=ivy, on=post, to=first)
    with transaction():
        assert delete_texts(rae.id, at=clock.now()) == 1
    assert read_again(Comment, first.id).body == ""
    assert read_again(Comment, answered.id).is_visible
