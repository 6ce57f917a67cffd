"""The page by link: what it answers, what it tells nobody, and what stays when something goes wrong."""

import re

from flask.testing import FlaskClient

from cms.contributions import services
from cms.core import clock
from cms.core.database import transaction
from cms.core.markup import content_hash
from cms.core.throttle import TooOften
from cms.posts.queries import get_post
from tests.cms.contributions.invited import (
    LATER,
    RIGHTS,
    again,
    agree,
    ask,
    asked_to_approve,
    hand_in,
    latest_hash,
)
from tests.conftest import NOW
from tests.factories import make_post, nadia, revise


def test_the_page_says_what_is_asked_for_and_asks_for_consent_first(client: FlaskClient) -> None:
    one, token = ask(brief="About *salt*.", brief_html="<p>About <em>salt</em>.</p>", word_target=800)
    html = client.get(f"/en/contribute/{token}").text
    for said in (
        "Salt and signal",
        "About <em>salt</em>.",
        "about 800 words",
        "in 10 days",
        RIGHTS,
        "Nadia Rahimi",
    ):
        assert said in html, said
    assert 'name="body"' not in html
    agree(one)
    assert 'name="body"' in client.get(f"/en/contribute/{token}").text


def test_the_page_is_private(client: FlaskClient) -> None:
    answer = client.get(f"/contribute/{ask()[1]}")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*', answer.text) == []


def test_opening_is_counted_once_a_minute(client: FlaskClient) -> None:
    one, token = ask()
    client.get(f"/contribute/{token}")
    client.get(f"/contribute/{token}")
    assert (again(one.id).times_seen, again(one.id).seen_at) == (1, NOW)


def test_every_dead_link_looks_the_same(client: FlaskClient) -> None:
    editor = nadia()
    one, revoked = ask(by=editor)
    with transaction():
        services.revoke(one.id, by=editor, at=NOW)
    _, expired = ask(make_post("Two"), name="Bo", by=editor)
    with clock.stopped(LATER):
        pages = [client.get(f"/en/contribute/{token}") for token in (revoked, expired, "never-was-one")]
    assert [page.status_code for page in pages] == [404, 404, 404]
    texts = {re.sub(r"/contribute/[\w-]+", "", page.text) for page in pages}
    assert len(texts) == 1
    assert "This link no longer works" in texts.pop()


def test_trying_many_links_ends_in_a_pause(client: FlaskClient) -> None:
    codes = [client.get(f"/contribute/guess-{number}").status_code for number in range(31)]
    assert codes == [404] * 30 + [TooOften.status]
    assert client.get(f"/contribute/{ask()[1]}").status_code == 200


def test_consent_text_and_handing_in_go_through_the_page(client: FlaskClient) -> None:
    one, token = ask()
    agreed = client.post(f"/contribute/{token}/consent", data={"about": content_hash(RIGHTS)})
    assert (agreed.status_code, agreed.headers["Location"]) == (303, f"/contribute/{token}")
    base = get_post(one.post_id).latest_revision_id
    text = {
        "version": base,
        "title": "Salt and signal",
        "summary": "",
        "body": "Salt eats copper.",
        "hand_in": "1",
    }
    assert client.post(f"/contribute/{token}", data=text).status_code == 303
    assert again(one.id).handed_in_at == NOW
    assert "Handed in" in client.get(f"/en/contribute/{token}").text


def test_what_was_typed_stands_on_the_page_when_the_link_was_withdrawn_meanwhile(client: FlaskClient) -> None:
    editor = nadia()
    one, token = ask(by=editor)
    agree(one)
    with transaction():
        services.revoke(one.id, by=editor, at=NOW)
    answer = client.post(f"/en/contribute/{token}", data={"title": "Salt", "body": "My <only> copy."})
    assert answer.status_code == 404
    assert "My &lt;only&gt; copy." in answer.text
    assert "What you just wrote was not saved here. Please copy it:" in answer.text


def test_a_program_is_told_in_a_sentence(client: FlaskClient) -> None:
    answer = client.post("/en/contribute/never-was", json={}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["detail"]) == (  # type: ignore[index]
        404,
        "This link no longer works. Please ask the person who sent it to you for a new one.",
    )


def test_two_devices_that_save_at_once_both_keep_their_text(client: FlaskClient) -> None:
    one, token = ask()
    agree(one)
    base = get_post(one.post_id).latest_revision_id
    text = {"version": base, "title": "Salt and signal", "summary": ""}
    assert client.post(f"/contribute/{token}", data={**text, "body": "From the desk."}).status_code == 303
    late = client.post(f"/en/contribute/{token}", data={**text, "body": "From the phone."})
    assert late.status_code == 409
    assert "From the desk." in late.text
    assert "From the phone." in late.text


def test_a_text_without_title_comes_back_with_a_sentence(client: FlaskClient) -> None:
    one, token = ask()
    agree(one)
    base = get_post(one.post_id).latest_revision_id
    answer = client.post(f"/en/contribute/{token}", data={"version": base, "title": "", "body": "Salt."})
    assert answer.status_code == 422
    assert "Please give it a title." in answer.text
    assert ">Salt.</textarea>" in answer.text.replace("\r\n", "").replace("\n", "")


def test_hostile_words_are_shown_as_words(client: FlaskClient) -> None:
    _, token = ask()
    client.post(f"/contribute/{token}/messages", data={"words": "<script>alert(1)</script>"})
    html = client.get(f"/contribute/{token}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert" not in html


def test_a_partner_approves_without_an_account(client: FlaskClient) -> None:
    one, token = ask(purpose="approve", name="Bo Lawyer")
    html = client.get(f"/en/contribute/{token}").text
    assert "I approve this text" in html
    assert 'name="body"' not in html
    about = latest_hash(one.post_id)
    client.post(f"/contribute/{token}/decision", data={"decision": "approved", "about": about, "words": ""})
    assert (again(one.id).decision, again(one.id).decided_hash) == ("approved", about)


def test_deciding_about_a_text_that_changed_is_a_conflict_that_says_so(client: FlaskClient) -> None:
    one, token = ask(purpose="approve", name="Bo Lawyer")
    about = latest_hash(one.post_id)
    revise(get_post(one.post_id), publish=False, title="Salt and signal", body="Changed.")
    answer = client.post(f"/en/contribute/{token}/decision", data={"decision": "approved", "about": about})
    assert answer.status_code == 409
    assert "The text was changed while you read it." in answer.text
    assert again(one.id).decision is None


def test_the_real_page_is_shown_and_never_indexed(client: FlaskClient) -> None:
    _, token = ask()
    answer = client.get(f"/contribute/{token}/preview")
    assert answer.status_code == 200
    assert "An outline." in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_reminders_stop_with_one_press_and_not_by_looking(client: FlaskClient) -> None:
    one, token = ask()
    client.get(f"/contribute/{token}/reminders")
    assert again(one.id).reminders_stopped_at is None
    client.post(f"/contribute/{token}/reminders")
    assert again(one.id).reminders_stopped_at == NOW


def test_the_page_asks_the_database_the_same_however_much_was_said(
    client: FlaskClient, count_queries: list[str]
) -> None:
    editor = nadia()
    one, token = ask(by=editor)
    asked_to_approve(one, editor)
    client.get(f"/contribute/{token}")

    def queries() -> int:
        count_queries.clear()
        assert client.get(f"/contribute/{token}").status_code == 200
        return len(count_queries)

    first = queries()
    for number in range(3):
        client.post(f"/contribute/{token}/messages", data={"words": f"Word {number}"})
    assert queries() == first


def test_what_was_handed_back_can_be_written_again(client: FlaskClient) -> None:
    editor = nadia()
    one, token = ask(by=editor)
    hand_in(one)
    with transaction():
        services.hand_back(one.id, words="Shorter, please.", by=editor, at=NOW)
    html = client.get(f"/en/contribute/{token}").text
    assert "Nadia Rahimi asks you for changes:" in html
    assert "Shorter, please." in html
    assert 'name="body"' in html
