"""Moderators: letting through, hiding with a reason, looking again, blocking; and what the words teach."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.comments import queries, services, spam
from cms.comments.models import Comment, SpamWord, Standing
from cms.comments.services.moderating import MOST_FLAGS
from cms.comments.subjects import get_subject
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid
from cms.notices.models import Notice
from cms.people.models import AuditEntry, Person
from tests.cms.comments.talking import say, trust
from tests.factories import make_person, make_post, read_again, sign_in, tom


def told(person: Person) -> list[tuple[str, str | None]]:
    rows = db.session.scalars(select(Notice).where(Notice.person_id == person.id).order_by(Notice.id))
    return [(one.kind, one.detail.get("decision")) for one in rows]


def acts() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def hide(comment: Comment, by: Person, reason: str = "rude", note: str = "") -> None:
    with transaction():
        services.hide_comment(comment.id, reason=reason, note=note, by=by, at=clock.now())


def test_letting_through_shows_counts_and_tells(rae: Person, nadia: Person, ivy: Person) -> None:
    post = make_post()
    first = say("Asks.", by=ivy, on=post)
    waits = say("Answers.", by=rae, on=post, to=first, is_seen=False)
    assert [one.comment.id for one in queries.queue(nadia, "waiting", limit=9)] == [waits.id]
    with transaction():
        services.approve_comment(waits.id, by=nadia, at=clock.now())
    assert queries.count_visible("post", post.id) == 2
    assert read_again(Comment, first.id).answers == 1
    assert told(rae) == [("comment.decided", "approved")]
    assert told(ivy) == [("comment.answered", None)]
    assert acts() == ["comment.approved"]
    assert db.session.get_one(Standing, rae.id).approved == 1


def test_hiding_leaves_a_place_and_says_why(
    client: FlaskClient, rae: Person, nadia: Person, ivy: Person
) -> None:
    post = make_post()
    rude = say("Fools.", by=rae, on=post)
    answer = say("Please.", by=ivy, on=post, to=rude)
    hide(rude, nadia, note="Not in that tone.")
    page = queries.thread_page(get_subject("post", post.id, None))
    assert [(one.id, one.is_gone) for one in page.lines] == [(rude.id, True), (answer.id, False)]
    assert page.count == 1
    assert "Fools" not in client.get(f"/posts/{post.slug}/comments").text
    assert client.get(f"/comments/{rude.id}").status_code == 404
    sign_in(client, rae)
    mine = client.get(f"/comments/{rude.id}").text
    assert "It insults or threatens somebody" in mine
    assert "Not in that tone." in mine
    assert told(rae)[-1] == ("comment.decided", "hidden")


def test_a_reason_is_needed(rae: Person, nadia: Person) -> None:
    comment = say(by=rae)
    with pytest.raises(Invalid), transaction():
        services.hide_comment(comment.id, reason="", by=nadia, at=clock.now())


def test_two_moderators_decide_once(rae: Person, nadia: Person) -> None:
    comment = say(by=rae)
    hide(comment, nadia)
    with pytest.raises(services.DecidedMeanwhile):
        hide(comment, tom())


def test_an_appeal_is_looked_at_once(rae: Person, nadia: Person) -> None:
    comment = say(by=rae)
    hide(comment, nadia)
    with transaction():
        services.appeal_comment(comment.id, text="It was a quotation.", by=rae, at=clock.now())
    assert [one.comment.id for one in queries.queue(nadia, "appeals", limit=9)] == [comment.id]
    with transaction():
        services.refuse_appeal(comment.id, note="Even so.", by=nadia, at=clock.now())
    assert queries.queue(nadia, "appeals", limit=9) == []
    with pytest.raises(services.NotAppealable), transaction():
        services.appeal_comment(comment.id, text="Again.", by=rae, at=clock.now())


def test_an_appeal_that_is_granted_shows_it_again(rae: Person, nadia: Person) -> None:
    post = make_post()
    comment = say(by=rae, on=post)
    hide(comment, nadia)
    with transaction():
        services.appeal_comment(comment.id, text="Please look.", by=rae, at=clock.now())
    with transaction():
        services.approve_comment(comment.id, by=nadia, at=clock.now())
    comment = read_again(Comment, comment.id)
    assert (comment.state, comment.appeal_outcome) == ("visible", "granted")
    assert told(rae)[-1] == ("comment.decided", "granted")


def test_hide_all_hides_everything_of_one_and_keeps_the_answers(
    rae: Person, nadia: Person, ivy: Person
) -> None:
    one, two = make_post("One"), make_post("Two")
    first = say("1", by=rae, on=one)
    say("2", by=rae, on=two)
    say("3", by=rae, on=two, is_seen=False)
    answer = say("Answer.", by=ivy, on=one, to=first)
    with transaction():
        assert services.hide_all(rae.id, reason="spam", by=nadia, at=clock.now()) == 3
    assert queries.counts_of("post", [one.id, two.id]) == {one.id: 1}
    assert read_again(Comment, answer.id).is_visible
    assert "comment.all_hidden" in acts()


def test_a_block_ends_by_itself(rae: Person, nadia: Person) -> None:
    post = make_post()
    trust(rae)
    with transaction():
        services.block_person(rae.id, days=7, note="Rest a little.", by=nadia, at=clock.now())
    with pytest.raises(services.Blocked):
        say(by=rae, on=post)
    with clock.stopped(clock.now() + timedelta(days=7)):
        assert say(by=rae, on=post).is_visible


def test_reports_take_it_out_of_sight_until_somebody_looked(rae: Person, nadia: Person) -> None:
    comment = say(by=rae)
    for number in range(MOST_FLAGS):
        reader = make_person(f"Reader {number}", "member", handle=f"reader{number}")
        with transaction():
            services.flag_comment(comment.id, reason="rude", note="", by=reader, at=clock.now())
    comment = read_again(Comment, comment.id)
    assert (comment.state, comment.held_for) == ("waiting", ["flagged"])
    with transaction():
        services.approve_comment(comment.id, by=nadia, at=clock.now())
    for number in range(MOST_FLAGS, 2 * MOST_FLAGS):
        reader = make_person(f"Reader {number}", "member", handle=f"reader{number}")
        with transaction():
            services.flag_comment(comment.id, reason="rude", note="", by=reader, at=clock.now())
    assert read_again(Comment, comment.id).is_visible


def test_the_queue_is_worked_over_http(client: FlaskClient, rae: Person, nadia: Person) -> None:
    waits = say("Waits for you.", by=rae, is_seen=False)
    sign_in(client, nadia)
    page = client.get("/desk/comments").text
    assert "Waits for you." in page
    assert "it is your first comment here" in page
    client.post(f"/comments/{waits.id}/approval", data={"back": "/desk/comments"})
    assert read_again(Comment, waits.id).is_visible
    client.post(f"/comments/{waits.id}/hiding", data={"reason": "off_topic"})
    assert (read_again(Comment, waits.id).state, read_again(Comment, waits.id).reason) == (
        "hidden",
        "off_topic",
    )
    assert "Waits for you." in client.get("/desk/comments?show=hidden").text
    person = client.get(f"/desk/comments/people/{rae.id}").text
    assert "0 let through, 1 hidden" in person


def test_the_queue_asks_as_often_for_three_as_for_one(
    client: FlaskClient, rae: Person, nadia: Person, count_queries: list[str]
) -> None:
    sign_in(client, nadia)
    say("1", by=rae, is_seen=False)
    client.get("/desk/comments")
    count_queries.clear()
    client.get("/desk/comments")
    one = len(count_queries)
    for number in range(2):
        say(str(number), by=make_person(f"P{number}", "member", handle=f"p{number}"), is_seen=False)
    count_queries.clear()
    client.get("/desk/comments")
    assert len(count_queries) == one


def test_the_queue_goes_on_after_its_page(nadia: Person) -> None:
    post = make_post()
    made = [
        say(
            str(number),
            by=make_person(f"P{number}", "member", handle=f"p{number}"),
            on=post,
            is_seen=False,
            minutes=-number,
        )
        for number in range(3)
    ]
    first = queries.queue(nadia, "waiting", limit=2)
    last = first[-1].comment
    rest = queries.queue(nadia, "waiting", limit=2, before=(last.created_at, last.id))
    assert [one.comment.id for one in [*first, *rest]] == [one.id for one in made]
    assert queries.count_waiting(nadia) == 3


# What words teach -----------------------------------------------------------------------------------------------


def test_words_say_nothing_until_enough_was_decided() -> None:
    assert spam.weigh(["casino"], {"": (100, spam.FEWEST - 1), "casino": (0, 7)}) == spam.NEUTRAL


def test_words_are_weighed_by_hand_like_this() -> None:
    counts = {"": (10, 10), "casino": (0, 9), "mast": (9, 0)}
    assert spam.weigh(["casino"], counts) == pytest.approx(9.5 / 10.0)
    assert spam.weigh(["mast"], counts) == pytest.approx(0.5 / 10.0)
    assert spam.weigh(["casino", "mast"], counts) == pytest.approx(0.5)


def test_what_moderators_call_spam_is_learned_and_unlearned(rae: Person, nadia: Person) -> None:
    trust(rae)
    post = make_post()
    for number in range(spam.FEWEST):
        good = say(f"The mast number {number} holds in rain.", by=rae, on=post)
        with transaction():
            spam.learn(good.body, is_spam=False)
        hide(say(f"Casino bonus {number} 免费彩票", by=rae, on=post), nadia, reason="spam")
    assert spam.spam_score("Casino bonus 免费彩票") > 0.95
    assert spam.spam_score("A mast in the rain") < 0.1
    trust_only(rae, approved=2)
    held = say("Casino bonus 免费彩票 now", by=rae, on=post, is_seen=False)
    assert held.held_for[-1] == "words"
    before = db.session.get_one(SpamWord, "casino").bad
    spammed = db.session.scalars(select(Comment).where(Comment.state == "hidden")).first()
    assert spammed is not None
    with transaction():
        services.approve_comment(spammed.id, by=nadia, at=clock.now())
    word = db.session.get_one(SpamWord, "casino", populate_existing=True)
    assert (word.good, word.bad) == (1, before - 1)


def trust_only(person: Person, *, approved: int) -> None:
    with transaction():
        standing = db.session.get_one(Standing, person.id)
        standing.approved, standing.refused = approved, 0
