"""A reader answers: once in a window, without cookie and token, from a page of ours; and the desk sees it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from campaigns.engagement.gate import Gate
from campaigns.engagement.lines import Line
from campaigns.plans.models import Campaign
from campaigns.polls import queries, services
from campaigns.polls.models import Poll, PollAnswer, PollChoice
from cms.core import clock
from cms.core.database import db, transaction
from tests.campaigns.engagement.conftest import FIREFOX
from tests.campaigns.links.making import make_campaign
from tests.factories import make_post, nadia, read_again, save, sign_in

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/605.1"
NPS = {"kind": "nps", "question_en": "Would you recommend us?", "question_zh": "您会推荐我们吗？"}


def make_poll(kind: str = "choice", **fields: object) -> Poll:
    """A question below a post that readers see."""
    if not {"campaign_id", "post_id"} & fields.keys():
        fields["post_id"] = make_post("Spring notes").id
    choices = [PollChoice(position=n, label={"en": one}) for n, one in enumerate(("Yes", "No"))]
    return save(
        Poll(
            kind=kind,
            question={"en": "Was this useful?", "zh": "这篇文章有用吗？"},
            choices=choices if kind == "choice" else [],
            created_at=clock.now(),
            **fields,
        )
    )


def first_choice(poll: Poll) -> str:
    return str(queries.get_poll(poll.id).choices[0].id)


def answers() -> list[tuple[int | None, int | None, str | None, str]]:
    rows = db.session.query(PollAnswer).order_by(PollAnswer.id)
    return [(one.choice_id, one.score, one.audience, one.verdict) for one in rows]


def give(client: FlaskClient, poll: Poll, answer: str, **more: str):
    return client.post(f"/en/polls/{poll.id}/answers", data={"answer": answer, **more})


def test_a_reader_answers_once_and_is_thanked(
    reader: FlaskClient, counting: Gate, lines: Callable[[], list[Line]]
) -> None:
    poll = make_poll(asks_audience=True)
    page = html.fromstring(reader.get("/en/posts/spring-notes").data)
    (form,) = page.xpath("//form[contains(@action, '/answers')]")
    assert form.get("action") == f"/en/polls/{poll.id}/answers"
    assert form.xpath(".//input[@type='hidden']") == []
    choice = first_choice(poll)
    answer = give(reader, poll, choice, audience="purchasers")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/en/polls/{poll.id}/thanks")
    assert "Set-Cookie" not in answer.headers
    thanks = reader.get(answer.headers["Location"])
    assert (thanks.status_code, "Set-Cookie" in thanks.headers, b"Your answer is counted." in thanks.data) == (
        200, False, True,
    )  # fmt: skip
    again = give(reader, poll, choice)
    assert again.headers["Location"] == f"/en/polls/{poll.id}/thanks?again=1"
    assert b"counted already" in reader.get(again.headers["Location"]).data
    assert answers() == [(int(choice), None, "purchasers", "human")]
    facts = [one for one in lines() if one.kind == "fact"]
    assert [(one.value, one.subject, one.view > 0) for one in facts] == [
        (f"answer:{poll.id}:{choice}", f"post:{poll.post_id}", True)
    ]


def test_two_readers_are_two_and_machines_and_ourselves_are_left_out(app: Flask, counting: Gate) -> None:
    poll = make_poll("nps")
    for agent in (FIREFOX, PHONE, "curl/8.5"):
        client = app.test_client()
        client.environ_base["HTTP_USER_AGENT"] = agent
        assert give(client, poll, "9").status_code == 303
    staff = app.test_client()
    staff.environ_base["HTTP_USER_AGENT"] = f"{FIREFOX} Desk"
    staff.set_cookie("parley_desk", "1")
    assert give(staff, poll, "0").status_code == 303
    assert [one[3] for one in answers()] == ["human", "human", "crawler", "staff"]
    told = queries.results_of(queries.get_poll(poll.id))
    assert (told.answers, told.left_out, told.parts[9].count, told.parts[0].count) == (2, 2, 2, 0)
    assert told.nps is not None
    assert (told.nps.promoters, told.nps.score) == (2, None)


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://other.example"}],
)
def test_a_form_of_another_site_is_refused(app: Flask, counting: Gate, headers: dict[str, str]) -> None:
    poll = make_poll("nps")
    answer = app.test_client().post(
        f"/polls/{poll.id}/answers", data={"answer": "9"}, headers={"User-Agent": FIREFOX, **headers}
    )
    assert (answer.status_code, answers()) == (403, [])


@pytest.mark.parametrize("said", ["", "11", "-1", "yes", "9" * 40])
def test_no_answer_gets_a_sentence_and_the_form_again(reader: FlaskClient, counting: Gate, said: str) -> None:
    poll = make_poll("nps", asks_audience=True)
    answer = give(reader, poll, said, audience="users")
    page = html.fromstring(answer.data)
    assert (answer.status_code, page.xpath("//p[@role='alert']/text()")) == (
        422,
        ["Please choose one of the answers."],
    )
    assert page.xpath("//input[@name='audience'][@checked]/@value") == ["users"]
    assert answers() == []


def test_a_choice_of_another_question_is_none(reader: FlaskClient, counting: Gate) -> None:
    poll, other = make_poll(), make_poll(campaign_id=make_campaign(is_public=True).id)
    assert give(reader, poll, first_choice(other)).status_code == 422
    assert answers() == []


def test_a_closed_question_says_so_and_leaves_its_page(reader: FlaskClient, counting: Gate) -> None:
    poll = make_poll("nps")
    assert b"poll__form" in reader.get("/en/posts/spring-notes").data
    with transaction():
        services.end_poll(poll.id, at=clock.now())
    assert b"poll__form" not in reader.get("/en/posts/spring-notes").data
    late = give(reader, poll, "9")
    assert (late.status_code, b"This question is closed, so your answer was not counted." in late.data) == (
        409,
        True,
    )
    assert answers() == []


def test_a_question_on_a_page_that_readers_cannot_see_is_not_there(
    reader: FlaskClient, counting: Gate
) -> None:
    campaign = make_campaign(is_public=True)
    poll = make_poll("nps", campaign_id=campaign.id)
    assert b"poll__form" in reader.get(f"/en/campaigns/{campaign.slug}").data
    assert reader.get(f"/en/polls/{poll.id}").status_code == 200
    with transaction():
        read_again(Campaign, campaign.id).is_public = False
        services.touch(f"campaign:{campaign.id}")
    assert (give(reader, poll, "9").status_code, reader.get(f"/en/polls/{poll.id}").status_code) == (404, 404)


def test_while_the_salt_is_unknown_nobody_is_told_apart_so_nothing_is_counted(
    reader: FlaskClient, counting: Gate
) -> None:
    poll = make_poll("nps")
    counting.clients.salts.known = {}
    answer = give(reader, poll, "9")
    assert (answer.status_code, b"Answers cannot be counted just now." in answer.data) == (409, True)
    assert answers() == []


def test_many_answers_from_one_network_are_too_many(app: Flask, counting: Gate) -> None:
    poll, client = make_poll("nps"), app.test_client()
    told = []
    for number in range(61):
        client.environ_base["HTTP_USER_AGENT"] = f"{FIREFOX} {number}"
        told.append(give(client, poll, "9").status_code)
    assert told == [303] * 60 + [429]


def test_results_are_shown_to_who_answered_when_the_editor_wants(reader: FlaskClient, counting: Gate) -> None:
    poll = make_poll(shows_results=True)
    give(reader, poll, first_choice(poll))
    page = html.fromstring(reader.get(f"/en/polls/{poll.id}/thanks").data)
    rows = [[cell.text_content().strip() for cell in row] for row in page.xpath("//tbody/tr")]
    assert rows == [["Yes", "1", "–"], ["No", "0", "–"]]


def test_when_the_window_is_over_nobody_can_be_told_to_have_answered(
    counting: Gate, reader: FlaskClient
) -> None:
    poll = make_poll("nps")
    give(reader, poll, "9")
    with transaction():
        assert services.forget_who_answered(at=datetime(2026, 11, 30, tzinfo=UTC), length="month") == 0
    with transaction():
        assert services.forget_who_answered(at=datetime(2026, 12, 5, tzinfo=UTC), length="month") == 1
    assert [one.once for one in db.session.query(PollAnswer)] == [None]


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    """Nadia's browser."""
    sign_in(client, nadia())
    return client


def test_an_editor_asks_changes_closes_and_takes_the_answers(
    desk: FlaskClient, reader: FlaskClient, counting: Gate
) -> None:
    post = make_post("Spring notes")
    typed = {"post": str(post.id), "kind": "choice", "question_en": "Useful?", "choices": "Yes | 是\n=No\n"}
    assert desk.post("/en/desk/polls", data=typed).status_code == 303
    poll = db.session.query(Poll).one()
    assert [one.label for one in queries.get_poll(poll.id).choices] == [
        {"en": "Yes", "zh": "是"},
        {"en": "=No"},
    ]
    assert b"Useful?" in desk.get(f"/en/desk/posts/{post.id}").data
    where = f"/en/desk/polls/{poll.id}"
    assert desk.post(where, data={**typed, "question_en": "Was it useful?"}).status_code == 303
    choices = queries.get_poll(poll.id).choices
    give(reader, poll, str(choices[1].id))
    refused = desk.post(where, data={**typed, "question_en": "Was it bad?"})
    assert (refused.status_code, b"People answered this question already" in refused.data) == (409, True)
    shown = {**typed, "question_en": "Was it useful?", "shows_results": "y"}
    assert desk.post(where, data=shown).status_code == 303
    assert queries.get_poll(poll.id).shows_results
    export = desk.get(f"{where}/answers.csv")
    assert export.text == "\ufeffat,answer,audience,taken_for\r\n2026-11-21T12:00:00+00:00,'=No,,human\r\n"
    for path, is_over in (("/end", True), ("/end/removal", False)):
        desk.post(where + path)
        assert (queries.get_poll(poll.id).ended_at is not None) == is_over


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({**NPS, "question_en": "", "question_zh": " "}, "Please ask something, in at most 200 characters."),
        ({**NPS, "kind": "essay"}, "Please choose what kind of question it is."),
        (
            {**NPS, "kind": "choice", "choices": "Yes"},
            "Please give from two to ten answers to choose from, each on a line of its own.",
        ),
        (
            {**NPS, "kind": "choice", "choices": "Yes\n" + "N" * 81},
            "An answer is at most 80 characters long.",
        ),
        ({**NPS, "post": "999999"}, "Please open this form from a post or a campaign."),
    ],
)
def test_what_makes_no_question_is_said(
    desk: FlaskClient, counting: Gate, typed: dict[str, str], sentence: str
) -> None:
    answer = desk.post("/en/desk/polls", data={"post": str(make_post("Spring notes").id), **typed})
    said = html.fromstring(answer.data).xpath("//p[@class='field__error']")
    assert (answer.status_code, [" ".join(one.text_content().split()) for one in said]) == (422, [sentence])
    assert db.session.query(Poll).count() == 0


def test_three_questions_stand_on_a_page_at_most(desk: FlaskClient, counting: Gate) -> None:
    post = make_post("Spring notes")
    told = [desk.post("/en/desk/polls", data={**NPS, "post": str(post.id)}).status_code for _ in range(4)]
    assert told == [303, 303, 303, 422]


def test_the_score_of_a_question_is_told_in_both_languages(client: FlaskClient) -> None:
    poll = make_poll("nps")
    for number, score in enumerate((10, 9, 9, 8, 8, 7, 7, 6, 3, 10, 9, 2)):
        said = {"visitor": number + 1, "window": 202611, "verdict": "human", "at": clock.now()}
        with transaction():
            services.answer_poll(poll.id, str(score), "", **said)  # type: ignore[arg-type]
    sign_in(client, nadia())
    for language, words in (("en", "95 times of 100 it lies between"), ("zh", "95% 区间")):
        answer = client.get(f"/{language}/desk/polls/{poll.id}")
        assert answer.status_code == 200
        assert f"<dt>{words}</dt>" in answer.text
