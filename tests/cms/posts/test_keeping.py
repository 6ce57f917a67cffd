"""The form of a post loses nothing: what its page sends while somebody types, and what it gets back."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select

from cms.core.database import db, transaction
from cms.drafts.models import Draft
from cms.people.models import Person
from cms.posts.models import Post, Revision
from tests.factories import make_person, make_post, nadia, read_again, revise, sign_in, tom

TAB = "tab-one-1"


@pytest.fixture
def editor(client: FlaskClient) -> Person:
    """Nadia, signed in."""
    person = nadia()
    sign_in(client, person)
    return person


def send(client: FlaskClient, post: Post | None, **message: object):  # type: ignore[no-untyped-def]
    address = f"/desk/posts/{post.id if post else 'new'}/draft"
    return client.post(address, json={"tab": TAB, **message}, headers={"Accept": "application/json"})


def keep(client: FlaskClient, post: Post | None, sequence: int = 1, **fields: str):  # type: ignore[no-untyped-def]
    return send(client, post, sequence=sequence, base=post.version if post else 0, fields=fields)


def only_draft() -> Draft:
    db.session.expire_all()
    return db.session.scalars(select(Draft)).one()


def saved_form(client: FlaskClient, address: str) -> dict[str, str]:
    return dict(html.fromstring(client.get(address).text).get_element_by_id("post-form").form_values())


def test_what_is_typed_is_kept_and_makes_no_revision(client: FlaskClient, editor: Person) -> None:
    post = make_post()
    answer = keep(client, post, body="Typed", title="Spring")
    assert (answer.status_code, answer.json["sequence"], answer.json["kept_at"]) == (
        200,
        1,
        "2026-11-21T12:00:00Z",
    )
    assert only_draft().fields == {"body": "Typed", "title": "Spring"}
    assert db.session.scalar(select(func.count()).select_from(Revision)) == 1
    assert read_again(Post, post.id).version == post.version


def test_the_answer_says_who_else_is_here_and_what_is_saved(
    client: FlaskClient, editor: Person, app: Flask
) -> None:
    post, other = make_post(), app.test_client()
    colleague = tom()
    sign_in(other, colleague)
    keep(other, post, body="Tom's words")
    answer = send(client, post, tab="tab-two-2").json
    assert answer["here"] == [
        {
            "name": "Tom Okafor",
            "state": "writing",
            "since": "2026-11-21T12:00:00Z",
            "has_unsaved": True,
            "is_me": False,
            "url": f"/desk/posts/{post.id}/drafts/{only_draft_of(colleague).id}",
        }
    ]
    before = post.version
    revise(post, by=colleague)
    latest = send(client, post, tab="tab-two-2").json["latest"]
    assert (latest["number"], latest["by"], latest["is_mine"]) == (2, "Tom Okafor", False)
    assert latest["version"] > before


def only_draft_of(person: Person) -> Draft:
    return db.session.scalars(select(Draft).where(Draft.person_id == person.id)).one()


def test_ones_own_other_tab_is_told_from_this_one(client: FlaskClient, editor: Person) -> None:
    post = make_post()
    keep(client, post, body="Here")
    answer = send(client, post, tab="tab-two-2")
    assert [(one["is_me"], one["has_unsaved"]) for one in answer.json["here"]] == [(True, True)]


def test_signed_out_is_401_and_says_so_to_a_script(client: FlaskClient) -> None:
    answer = keep(client, make_post(), body="Typed")
    assert (answer.status_code, answer.json["detail"]) == (401, "Please sign in first.")


def test_a_page_that_outlived_its_sign_in_gets_a_fresh_proof(
    client: FlaskClient, editor: Person, app: Flask
) -> None:
    post = make_post()
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert keep(client, post, body="Typed").status_code == 400
        known = client.get(f"/desk/posts/{post.id}/draft").json
        answer = client.post(
            f"/desk/posts/{post.id}/draft",
            json={"tab": TAB, "sequence": 1, "fields": {"body": "Typed"}},
            headers={"X-CSRFToken": known["csrf"]},
        )
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert (known["me"], answer.status_code) == (editor.id, 200)


def test_whoever_lost_the_right_is_refused_and_an_editor_finds_the_text(
    client: FlaskClient, editor: Person, app: Flask
) -> None:
    author, other = make_person("Ana Author", "author"), app.test_client()
    post = make_post(publish=False, bylines=[author])
    sign_in(other, author)
    assert keep(other, post, body="Ana's words").status_code == 200
    with transaction():
        read_again(Person, author.id).role = "member"
    assert keep(other, post, 2, body="More").status_code == 404
    page = client.get(f"/desk/posts/{post.id}/drafts/{only_draft().id}")
    assert "Ana&#39;s words" in page.text
    assert (
        saved_form(client, f"/desk/posts/{post.id}?draft={only_draft().id}")["body"].strip() == "Ana's words"
    )


def test_five_million_characters_are_refused_in_words(client: FlaskClient, editor: Person) -> None:
    answer = keep(client, make_post(), body="字" * 1_700_000)
    assert (answer.status_code, answer.json["detail"]) == (413, "What you sent is too large.")
    answer = keep(client, make_post("Other"), body="x" * 400_001)
    assert answer.status_code == 422
    assert answer.json["detail"] == "This text is too long to be kept here: 400000 characters at most."


def test_an_unsaved_text_comes_back_into_the_form_with_its_base(client: FlaskClient, editor: Person) -> None:
    post = make_post(tags=["5g"])
    keep(client, post, body="Typed for hours", title="Spring", tags="5g, rain")
    opened = post.version
    revise(post, by=tom())
    shown = saved_form(client, f"/desk/posts/{post.id}?draft={only_draft().id}")
    assert (shown["body"].strip(), shown["title"], shown["tags"]) == ("Typed for hours", "Spring", "5g, rain")
    assert shown["version"] == str(opened)  # so that saving it finds the newer text and shows both


def test_saving_clears_the_tab_in_the_same_act(client: FlaskClient, editor: Person) -> None:
    post = make_post()
    keep(client, post, body="Typed", title="Spring notes")
    sent = saved_form(client, f"/desk/posts/{post.id}") | {"body": "Typed", "tab": f"{TAB}.2"}
    assert client.post(f"/desk/posts/{post.id}", data=sent).status_code == 303
    draft = only_draft()
    assert (draft.has_text, draft.sequence) == (False, 2)
    assert keep(client, read_again(Post, post.id), 2, body="Typed, late").json["kept_at"] is None


def test_a_save_that_fails_clears_nothing(client: FlaskClient, editor: Person) -> None:
    post = make_post()
    keep(client, post, body="Typed")
    sent = saved_form(client, f"/desk/posts/{post.id}") | {"title": "", "body": "Typed", "tab": f"{TAB}.2"}
    assert client.post(f"/desk/posts/{post.id}", data=sent).status_code == 422
    assert only_draft().fields == {"body": "Typed"}


def test_a_new_post_is_kept_before_it_is_one(client: FlaskClient, editor: Person) -> None:
    keep(client, None, title="Beginning", body="Once", language="en", kind="note")
    shown = saved_form(client, f"/desk/posts/new?draft={only_draft().id}")
    assert (shown["title"], shown["body"].strip(), shown["kind"]) == ("Beginning", "Once", "note")
    assert client.post("/desk/posts", data=shown | {"tab": f"{TAB}.2"}).status_code == 303
    assert only_draft().has_text is False


def test_nobody_elses_beginning_comes_into_the_form(client: FlaskClient, editor: Person, app: Flask) -> None:
    other = app.test_client()
    sign_in(other, tom())
    keep(other, None, title="Tom's beginning")
    assert saved_form(client, f"/desk/posts/new?draft={only_draft().id}")["title"] == ""
    assert client.get("/desk/posts/new/draft").json["mine"] == []


@pytest.mark.parametrize("number", ["0", "999", "x", "-1", "9" * 30])
def test_a_draft_that_is_not_there_leaves_the_form_as_saved(
    client: FlaskClient, editor: Person, number: str
) -> None:
    post = make_post("As saved")
    assert saved_form(client, f"/desk/posts/{post.id}?draft={number}")["title"] == "As saved"


def test_a_discard_is_offered_back(client: FlaskClient, editor: Person) -> None:
    post = make_post()
    keep(client, post, body="Typed")
    answer = client.post(f"/desk/posts/drafts/{only_draft().id}/removal")
    assert (answer.status_code, answer.location) == (
        303,
        f"/desk/posts/{post.id}?discarded={only_draft().id}",
    )
    assert f"/desk/posts/drafts/{only_draft().id}/restoration" in client.get(answer.location).text
    answer = client.post(f"/desk/posts/drafts/{only_draft().id}/restoration")
    assert answer.location == f"/desk/posts/{post.id}?draft={only_draft().id}"
    assert only_draft().has_text


def test_keeping_asks_the_database_a_fixed_number_of_times(
    client: FlaskClient, editor: Person, app: Flask, count_queries: list[str]
) -> None:
    post = make_post(tags=["5g"])
    address, sequence = f"/desk/posts/{post.id}/draft", 0

    def asked() -> int:
        nonlocal sequence
        sequence += 1
        db.session.expire_all()
        count_queries.clear()
        sent = {"tab": TAB, "sequence": sequence, "fields": {"body": "Typed"}}
        assert client.post(address, json=sent).json["sequence"] == sequence
        return len(count_queries)

    asked()
    alone = asked()
    for name in ("Ana", "Ben", "Cem"):
        other = app.test_client()
        sign_in(other, make_person(name, "editor"))
        send(other, post, tab=f"tab-{name}-1")
    asked()
    assert asked() == alone == 6
