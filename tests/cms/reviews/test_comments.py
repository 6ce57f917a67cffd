"""Comments on passages, suggestions, and claims."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid
from cms.notices.models import Notice
from cms.people.models import AuditEntry
from cms.posts.models import Revision
from cms.reviews import queries, services
from cms.reviews.models import Claim, PassageComment
from cms.reviews.queries import Thread
from tests.cms.reviews.conftest import Desk
from tests.cms.reviews.test_views import review, texts
from tests.factories import read_again, sign_in


def threads(desk: Desk) -> list[Thread]:
    return queries.threads_of(desk.post_id, desk.review.post.latest)


def say(desk: Desk, words: str, **about: str) -> int:
    with transaction():
        made = services.comment_on(desk.post_id, words=words, by=desk.expert, at=clock.now(), **about)
        return made.id


def test_a_comment_keeps_its_passage_and_what_stands_around_it(desk: Desk) -> None:
    comment = read_again(PassageComment, say(desk, "Which spring?", quote="in  spring"))
    assert (comment.quote, comment.prefix, comment.suffix) == (
        "in spring",
        "Spring notes The network is quiet ",
        ".",
    )


def test_a_comment_whose_passage_is_gone_is_kept_and_says_so(desk: Desk) -> None:
    say(desk, "Which spring?", quote="in spring")
    desk.save("The network is quiet in winter.", desk.author)
    assert [(one.is_orphan, one.first.words) for one in threads(desk)] == [(True, "Which spring?")]
    desk.save("The network is very quiet in spring.", desk.author)
    assert [one.is_orphan for one in threads(desk)] == [False]


def test_a_passage_that_is_not_there_cannot_be_commented_on(desk: Desk) -> None:
    with pytest.raises(Invalid) as problem:
        say(desk, "What?", quote="in autumn")
    assert problem.value.errors == {"quote": "These words do not stand in the newest text."}
    with pytest.raises(Invalid):
        say(desk, "  ", quote="in spring")


def test_answers_stay_in_their_thread_and_open_it_again(desk: Desk) -> None:
    first = say(desk, "Which spring?", quote="in spring")
    with transaction():
        services.resolve_comment(first, by=desk.author, at=clock.now())
    with pytest.raises(services.AlreadyResolved), transaction():
        services.resolve_comment(first, by=desk.author, at=clock.now())
    with transaction():
        answer = services.answer_comment(first, words="This one.", by=desk.author, at=clock.now())
        services.answer_comment(answer.id, words="Thanks.", by=desk.expert, at=clock.now())
    [thread] = threads(desk)
    assert [one.words for one in thread.answers] == ["This one.", "Thanks."]
    assert thread.first.resolved_at is None
    told = db.session.execute(select(Notice.person_id, Notice.kind, Notice.times).order_by(Notice.id)).all()
    assert sorted(map(tuple, told)) == sorted(
        [(desk.author.id, "review.commented", 2), (desk.expert.id, "review.commented", 1)]
    )


def test_a_suggestion_is_taken_over_as_a_revision_of_whoever_takes_it(
    client: FlaskClient, desk: Desk
) -> None:
    comment_id = say(desk, "", quote="quiet in spring", suggestion="loud in spring")
    sign_in(client, desk.author)
    answer = client.post(review(desk, f"/comments/{comment_id}/application"))
    assert answer.status_code == 303
    latest = desk.review.post.latest
    assert (latest.body, latest.saved_by_id, latest.number) == (
        "The network is loud in spring.",
        desk.author.id,
        2,
    )
    comment = read_again(PassageComment, comment_id)
    assert (comment.applied_revision_id, comment.resolved_by_id) == (latest.id, desk.author.id)


def test_a_suggestion_for_words_that_carry_formatting_is_left_to_hands(
    client: FlaskClient, desk: Desk
) -> None:
    desk.save("The network is **quiet** in spring.", desk.author)
    comment_id = say(desk, "", quote="is quiet in", suggestion="is loud in")
    sign_in(client, desk.author)
    client.post(review(desk, f"/comments/{comment_id}/application"))
    assert desk.review.post.latest.number == 2
    assert texts(client.get(review(desk)), ".notice--bad") == [
        "These words do not stand in the text exactly once, or carry formatting. Please change them by hand."
    ]


def test_a_suggestion_made_ready_from_an_older_text_is_not_saved_over_a_newer_one(desk: Desk) -> None:
    comment_id = say(desk, "", quote="quiet", suggestion="loud")
    latest = desk.review.post.latest
    content = services.suggested_content(read_again(PassageComment, comment_id), desk.review.post.latest)
    base = latest.id
    desk.save("The network is quiet in winter.", desk.chief)
    with pytest.raises(services.TextChanged), transaction():
        services.apply_suggestion(comment_id, content, base_revision_id=base, by=desk.author, at=clock.now())
    assert db.session.scalars(
        select(Revision.number).where(Revision.post_id == desk.post_id).order_by(Revision.number)
    ).all() == [1, 2]


def test_a_comment_is_written_answered_and_closed_on_the_page(client: FlaskClient, desk: Desk) -> None:
    desk.submit()
    sign_in(client, desk.expert)
    answer = client.post(
        review(desk, "/comments"), data={"quote": "in spring", "words": "Which?", "act": "comment"}
    )
    [thread] = threads(desk)
    assert (answer.status_code, answer.location) == (303, f"{review(desk)}#comment-{thread.first.id}")
    client.post(review(desk, f"/comments/{thread.first.id}/answers"), data={"words": "This one."})
    client.post(review(desk, f"/comments/{thread.first.id}/resolution"))
    assert [one.first.resolved_by_id for one in threads(desk)] == [desk.expert.id]
    client.post(review(desk, f"/comments/{thread.first.id}/resolution/removal"))
    assert texts(client.get(review(desk)), ".review-thread__words") == ["Which?", "This one."]
    assert client.post("/desk/posts/999/review/comments/1/answers").status_code == 404


def test_a_comment_that_cannot_be_kept_comes_back_as_typed(client: FlaskClient, desk: Desk) -> None:
    sign_in(client, desk.chief)
    answer = client.post(review(desk, "/comments"), data={"quote": "in autumn", "words": "Which?"})
    assert answer.status_code == 422
    assert texts(answer, "//textarea[@name='quote']") == ["in autumn"]
    assert texts(answer, ".field__error") == ["These words do not stand in the newest text."]


# Claims ---------------------------------------------------------------------------------------------------------


def mark(desk: Desk) -> int:
    with transaction():
        made = services.raise_claim(desk.post_id, quote="quiet in spring", by=desk.expert, at=clock.now())
        return made.id


def test_a_claim_waits_for_a_source_and_its_source_runs_out(desk: Desk) -> None:
    claim_id, today = mark(desk), clock.now().date()
    assert queries.count_holding_up(desk.post_id, at=clock.now()) == 1
    with transaction():
        services.source_claim(
            claim_id, source="Field report 12", expires_on=today, by=desk.author, at=clock.now()
        )
    assert queries.count_holding_up(desk.post_id, at=clock.now()) == 0
    tomorrow = clock.now() + timedelta(days=1)
    assert queries.count_holding_up(desk.post_id, at=tomorrow) == 1
    assert [one.id for one in queries.claims("expired", at=tomorrow)] == [claim_id]
    with transaction():
        services.source_claim(claim_id, source="Field report 13", by=desk.author, at=tomorrow)
    assert [one.source for one in queries.claims("sourced", at=tomorrow)] == ["Field report 13"]
    acts = db.session.scalars(select(AuditEntry.act)).all()
    assert acts.count("review.claim_settled") == 2


def test_a_source_needs_words_and_a_day_to_come(desk: Desk) -> None:
    claim_id, yesterday = mark(desk), (clock.now() - timedelta(days=1)).date()
    with pytest.raises(Invalid) as problem, transaction():
        services.source_claim(claim_id, source=" ", expires_on=yesterday, by=desk.author, at=clock.now())
    assert problem.value.errors == {
        "source": "Please say where this is from: an address, or where it is written.",
        "expires_on": "This day has passed. Please choose a later one, or none.",
    }


def test_a_withdrawn_claim_holds_nothing_up_and_stays_on_the_record(desk: Desk) -> None:
    claim_id = mark(desk)
    with transaction():
        services.withdraw_claim(claim_id, by=desk.author, at=clock.now())
    assert queries.count_holding_up(desk.post_id, at=clock.now()) == 0
    assert read_again(Claim, claim_id).settled_by_id == desk.author.id
    with pytest.raises(services.ClaimSettled), transaction():
        services.withdraw_claim(claim_id, by=desk.author, at=clock.now())


def test_rewording_a_sentence_does_not_settle_its_claim(desk: Desk) -> None:
    mark(desk)
    desk.save("The network is very quiet.", desk.author)
    assert queries.count_holding_up(desk.post_id, at=clock.now()) == 1


def test_claims_are_marked_and_settled_on_the_page_and_listed_in_the_register(
    client: FlaskClient, desk: Desk
) -> None:
    sign_in(client, desk.chief)
    client.post(review(desk, "/comments"), data={"quote": "quiet in spring", "act": "claim"})
    assert texts(client.get("/desk/reviews/claims"), ".table__title") == ["quiet in spring"]
    [claim] = queries.claims_of(desk.post_id)
    form = {"source": "Report 12", "expires_on": "2027-01-31"}
    assert client.post(review(desk, f"/claims/{claim.id}/source"), data=form).status_code == 303
    assert texts(client.get("/desk/reviews/claims"), ".table__title") == []
    assert texts(client.get("/desk/reviews/claims?state=sourced"), ".table__title") == ["quiet in spring"]
    client.post(review(desk, f"/claims/{claim.id}/removal"))
    assert read_again(Claim, claim.id).state == "withdrawn"
    assert client.post(review(desk, "/claims/999999/source"), data=form).status_code == 404
