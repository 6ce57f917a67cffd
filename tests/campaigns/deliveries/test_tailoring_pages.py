"""Tailoring: one original, a version for each account, counted by the network's own rule and never lost."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.channels.messages import Limits
from campaigns.deliveries.composing import prepare_body, tailored
from campaigns.deliveries.models import Variant
from campaigns.deliveries.previews import count, pieces
from campaigns.deliveries.services.tailoring import save_variant
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid
from cms.people.models import Person
from tests.campaigns.deliveries.made import make_account
from tests.campaigns.deliveries.test_pages import text_of
from tests.factories import make_media, make_note, make_person, make_post, nadia, revise, sign_in

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    """Nadia's browser."""
    sign_in(client, nadia())
    return client


def texts(page: str) -> list[str]:
    """The parts as they stand in the form."""
    return [one.strip("\n") for one in re.findall(r"<textarea[^>]+data-text>([^<]*)</textarea>", page)]


def test_every_account_stands_beside_the_others_as_the_original(desk: FlaskClient) -> None:
    post = make_post("Salt", summary="It eats copper.")
    make_account("Channel", "telegram")
    make_account("渠道", "telegram", language="zh")
    page = desk.get(f"/desk/posts/{post.id}/variants").text
    assert re.findall(r'id="version-\d+"><a[^>]+>([^<]+)<', page) == ["Channel", "渠道"]
    assert "As the original" in page
    assert "Accounts for other languages" in page


def test_the_overview_takes_the_same_queries_for_one_account_and_for_three(
    desk: FlaskClient, count_queries: list[str]
) -> None:
    address = f"/desk/posts/{make_post('Salt').id}/variants"

    def counted() -> int:
        count_queries.clear()
        assert desk.get(address).status_code == 200
        return len(count_queries)

    make_account("A", "telegram")
    counted()
    first = counted()
    make_account("B", "telegram")
    make_account("C", "webhook")
    assert counted() == first


def test_what_is_changed_is_kept_and_what_is_not_follows_the_post(desk: FlaskClient) -> None:
    post, account = make_post("Salt", summary="It eats copper."), make_account("Channel", "telegram")
    address = f"/desk/posts/{post.id}/variants/{account.id}"
    before = texts(desk.get(address).text)
    assert desk.post(address, data={"text": before, "version": ""}).status_code == 303
    assert db.session.scalars(select(Variant)).all() == []
    desk.post(address, data={"text": ["Salt eats copper. Read on."], "version": ""})
    assert texts(desk.get(address).text) == ["Salt eats copper. Read on."]
    words = text_of(desk.get(address).text)
    assert "The text: changed by Nadia Rahimi" in words
    assert "The link was taken out" in words
    desk.post(f"{address}/original")
    assert texts(desk.get(address).text) == before


def test_a_version_that_was_written_before_the_post_changed_says_so(desk: FlaskClient) -> None:
    post, account = make_post("Salt"), make_account("Channel", "telegram")
    address = f"/desk/posts/{post.id}/variants/{account.id}"
    desk.post(address, data={"text": ["Mine."], "version": ""})
    revise(post, title="Salt and sun")
    assert "The post was changed after this version was written" in text_of(desk.get(address).text)


def test_a_text_that_is_too_long_is_refused_with_its_part_and_nothing_lost(desk: FlaskClient) -> None:
    post, account = make_post("Salt"), make_account("Channel", "telegram")
    address, long = f"/desk/posts/{post.id}/variants/{account.id}", "x" * 4100
    answer = desk.post(address, data={"text": [long], "version": ""})
    assert answer.status_code == 422
    assert texts(answer.text) == [long]
    assert "too long for the network, by 4" in text_of(answer.text)
    assert "4100 of 4096 characters · 4 too many" in text_of(answer.text)


def test_when_another_editor_saved_first_both_texts_are_shown(client: FlaskClient) -> None:
    post, account = make_post("Salt"), make_account("Channel", "telegram")
    address = f"/desk/posts/{post.id}/variants/{account.id}"
    sign_in(client, make_person("Ola Brandt", "editor"))
    client.post(address, data={"text": ["Theirs."], "version": ""})
    sign_in(client, nadia())
    answer = client.post(address, data={"text": ["Mine."], "version": ""})
    assert answer.status_code == 409
    assert "Saved meanwhile by Ola Brandt" in text_of(answer.text)
    assert "Theirs.</textarea>" in answer.text
    assert texts(answer.text) == ["Mine."]
    version = re.search(r'name="version" value="(\d+)"', answer.text)
    assert version
    assert client.post(address, data={"text": ["Mine."], "version": version[1]}).status_code == 303
    assert texts(client.get(address).text) == ["Mine."]


def test_while_one_types_the_server_counts_and_draws_and_keeps_nothing(desk: FlaskClient) -> None:
    post, account = make_post("Salt"), make_account("Channel", "telegram")
    answer = desk.post(
        f"/desk/posts/{post.id}/variants/{account.id}/preview",
        data={"text": ["Salt #sea <b>&amp;</b> https://example.com/a"]},
    )
    assert answer.json["counts"] == [{"words": "44 of 4096 characters", "state": "", "share": 1}]
    assert '<span class="look__tag">#sea</span>' in answer.json["html"]
    assert '<span class="look__link">example.com/a</span>' in answer.json["html"]
    assert "<b>" not in answer.json["html"]
    assert db.session.scalars(select(Variant)).all() == []


def test_pictures_are_chosen_with_words_for_those_who_do_not_see_them(desk: FlaskClient) -> None:
    picture = make_media()
    post = make_post("Salt", cover_id=picture.id, cover_alt="A mast")
    account = make_account("Hook", "discord")
    address = f"/desk/posts/{post.id}/variants/{account.id}"
    assert f'name="picture-0" value="{picture.id}" checked' in desk.get(address).text
    data = {
        "text": ["Salt."],
        "version": "",
        "picture-0": [picture.id],
        f"alt-0-{picture.id}": "A mast in rain",
    }
    desk.post(address, data=data)
    kept = db.session.scalars(select(Variant)).one()
    assert kept.parts == [{"text": "Salt.", "media": [[picture.id, "A mast in rain"]]}]
    desk.post(address, data={"text": ["Salt."], "version": "1"})
    assert f'name="picture-0" value="{picture.id}" checked' not in desk.get(address).text


def test_pieces_put_together_are_the_text_and_links_are_shown_short() -> None:
    text = "Salt #海风 @nadia@example.com（https://example.com/l/abc12）。C# & a/#b"
    found = pieces(text)
    assert "".join(one.text for one in found) == text
    assert [(one.kind, one.shown or one.text) for one in found if one.kind != "text"] == [
        ("tag", "#海风"),
        ("tag", "@nadia@example.com"),
        ("link", "example.com/l/abc12"),
    ]


@pytest.mark.parametrize(
    ("text", "limits", "words", "state"),
    [
        ("👩‍👩‍👧 hi", Limits(text=300), "4 of 300 characters", ""),
        ("x" * 280, Limits(text=300), "280 of 300 characters", "near"),
        ("x" * 301, Limits(text=300), "301 of 300 characters · 1 too many", "over"),
        ("字字a", Limits(text=140, counter="weibo"), "3 of 140 Han characters, others count half", ""),
        ("free", Limits(), "4 characters", ""),
        ("éé", Limits(text=300, also=(("bytes", 3),)), "2 of 300 characters · 1 too many", "over"),
    ],
)
def test_length_is_said_by_the_networks_own_rule(text: str, limits: Limits, words: str, state: str) -> None:
    found = count(text, limits)
    assert (found.words, found.state) == (words, state)


def test_a_part_is_split_where_the_cursor_stands_and_joined_again(
    desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from campaigns.channels.telegram.adapter import Telegram

    monkeypatch.setattr(Telegram, "base_limits", Limits(text=60, parts=10))
    post, account = make_note("Word."), make_account("Channel", "telegram")
    address = f"/desk/posts/{post.id}/variants/{account.id}"
    data = {"text": ["One sentence. Another one."], "version": ""}
    cut = desk.post(address, data={**data, "split": "0", "caret-0": "13"})
    assert texts(cut.text) == ["One sentence.", "Another one."]
    joined = desk.post(address, data={"text": texts(cut.text), "version": "", "join": "0"})
    assert texts(joined.text) == ["One sentence.\n\nAnother one."]
    ruled = desk.post(
        address, data={"text": ["A sentence of some words here. " * 4], "version": "", "split": "0"}
    )
    assert all(len(one) <= 60 for one in texts(ruled.text))
    assert len(texts(ruled.text)) == 4
    assert db.session.scalars(select(Variant)).all() == []
    kept = desk.post(address, data={"text": texts(cut.text), "version": ""})
    assert kept.status_code == 303
    assert texts(desk.get(address).text) == ["One sentence.", "Another one."]


def test_an_article_says_something_else_on_one_network_and_follows_the_post_on_the_others(
    desk: FlaskClient,
) -> None:
    post = make_post("Salt", body="Salt **eats** copper.", summary="It eats copper.")
    ours, others = make_account("Ours", "wordpress"), make_account("Others", "wordpress", remote_key="other")
    address = f"/desk/posts/{post.id}/variants/{ours.id}"
    said = {"title": "Salt", "summary": "It eats copper."}

    def body_of(page: str) -> str:
        return re.search(r'<textarea[^>]+name="body"[^>]*>\s*([^<]*)</textarea>', page)[1].strip()  # type: ignore[index]

    assert body_of(desk.get(address).text) == "Salt **eats** copper."
    assert (
        desk.post(address, data={**said, "body": "Salt **eats** copper.\r\n", "version": ""}).status_code
        == 303
    )
    assert db.session.scalars(select(Variant)).all() == []  # nothing was changed

    preview = desk.post(f"{address}/preview", data={**said, "body": "Zinc *stays*.", "version": ""})
    assert "Zinc stays." in preview.get_json()["html"]
    desk.post(address, data={**said, "body": "Zinc *stays*. <script>alert(1)</script>", "version": ""})
    assert body_of(desk.get(address).text).startswith("Zinc *stays*.")
    assert "The text: changed by Nadia Rahimi" in text_of(desk.get(address).text)
    mine, theirs = (tailored(post.id, one.id) for one in (ours, others))
    assert mine.draft.html.startswith("<p>Zinc <em>stays</em>.")
    assert "script" not in mine.draft.html
    assert mine.draft.parts[0].text.startswith("Zinc stays.")
    assert theirs.draft.html == "<p>Salt <strong>eats</strong> copper.</p>"

    revise(post, body="Salt eats **iron**.")
    assert "The post was changed after this version was written." in text_of(desk.get(address).text)
    assert tailored(post.id, others.id).draft.html == "<p>Salt eats <strong>iron</strong>.</p>"
    desk.post(f"{address}/original")
    assert tailored(post.id, ours.id).draft.html == "<p>Salt eats <strong>iron</strong>.</p>"


def test_an_empty_body_is_refused_and_a_short_text_has_none(desk: FlaskClient) -> None:
    post = make_post("Salt", body="Salt eats copper.", summary="It eats copper.")
    account, short = make_account("Ours", "wordpress"), make_account("Channel", "telegram")
    said = {"title": "Another title", "summary": "It eats copper.", "body": " ", "version": ""}
    answer = desk.post(f"/desk/posts/{post.id}/variants/{account.id}", data=said)
    assert answer.status_code == 422
    assert "Please write something, or go back to the original." in answer.text
    assert "Another title" in answer.text
    assert 'name="body"' not in desk.get(f"/desk/posts/{post.id}/variants/{short.id}").text
    with pytest.raises(Invalid, match="correct what is marked"), transaction():
        save_variant(
            post.id, short.id, parts=None, title=None, summary=None, body=prepare_body("Zinc."),
            expected_version=None, by=nadia_again(), at=clock.now(),
        )  # fmt: skip


def nadia_again() -> Person:
    return db.session.scalars(select(Person).where(Person.role == "editor")).one()
