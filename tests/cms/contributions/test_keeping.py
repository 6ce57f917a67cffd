"""What somebody from outside types is kept, seen by editors as being written, and never lost."""

import pytest
from flask.testing import FlaskClient

from cms.contributions import services
from cms.core.database import db, transaction
from cms.drafts.models import Draft
from cms.posts import services as posts
from cms.posts.queries import get_post
from tests.cms.contributions.invited import agree, ask
from tests.conftest import NOW
from tests.factories import make_person, nadia, revise, sign_in

TAB = "tab-of-ana-1"


@pytest.fixture
def asked(client: FlaskClient) -> tuple[int, str]:
    """The post and the token of somebody who agreed."""
    one, token = ask()
    agree(one)
    return one.post_id, token


def keep(client: FlaskClient, token: str, body: str, *, sequence: int = 1) -> dict:  # type: ignore[type-arg]
    sent = {"tab": TAB, "base": 1, "sequence": sequence, "fields": {"title": "Salt", "body": body}}
    answer = client.post(f"/contribute/{token}/drafts/1", json=sent)
    assert answer.status_code == 200, answer.text
    return answer.json  # type: ignore[return-value]


def test_what_is_typed_is_kept_and_comes_back_into_the_form(
    client: FlaskClient, asked: tuple[int, str]
) -> None:
    _, token = asked
    kept = keep(client, token, "Half a sentence")
    page = client.get(f"/en/contribute/{token}?draft={kept['id']}").text
    assert "Half a sentence</textarea>" in page
    assert "that was not saved is back in the form." in page


def test_an_older_text_never_covers_a_newer_one(client: FlaskClient, asked: tuple[int, str]) -> None:
    _, token = asked
    keep(client, token, "Newer", sequence=5)
    answer = keep(client, token, "Older", sequence=4)
    assert answer["sequence"] == 5
    assert db.session.get(Draft, answer["id"]).fields["body"] == "Newer"  # type: ignore[union-attr, index]


def test_saving_clears_what_was_kept(client: FlaskClient, asked: tuple[int, str]) -> None:
    post_id, token = asked
    kept = keep(client, token, "Whole.")
    version = get_post(post_id).latest_revision_id
    form = {"version": version, "title": "Salt", "summary": "", "body": "Whole.", "tab": f"{TAB}.2"}
    assert client.post(f"/contribute/{token}", data=form).status_code == 303
    db.session.expire_all()
    assert db.session.get(Draft, kept["id"]).fields is None  # type: ignore[union-attr]


def test_a_restored_text_that_was_written_on_an_older_one_is_a_conflict(
    client: FlaskClient, asked: tuple[int, str]
) -> None:
    post_id, token = asked
    first = get_post(post_id).latest_revision_id or 0
    sent = {
        "tab": TAB,
        "base": 1_000_000_000 + first,
        "sequence": 1,
        "fields": {"title": "Salt", "body": "Mine."},
    }
    kept = client.post(f"/contribute/{token}/drafts/1", json=sent).json
    revise(get_post(post_id), publish=False, title="Salt", body="Theirs.")
    page = client.get(f"/en/contribute/{token}?draft={kept['id']}").text  # type: ignore[index]
    assert f'name="version" type="hidden" value="{first}"' in page
    form = {"version": first, "title": "Salt", "summary": "", "body": "Mine."}
    assert client.post(f"/contribute/{token}", data=form).status_code == 409


def test_editors_see_that_somebody_writes_and_they_see_editors(client: FlaskClient) -> None:
    editor = nadia()
    one, token = ask(by=editor)
    agree(one)
    keep(client, token, "Writing.")
    sign_in(client, editor)
    at_desk = {"tab": "tab-of-nadia", "base": 1, "sequence": 0}
    seen = client.post(f"/desk/posts/{one.post_id}/draft", json=at_desk).json
    assert [(each["name"], each["state"]) for each in seen["here"]] == [("Ana Writer", "writing")]  # type: ignore[index]
    back = keep(client, token, "Writing.", sequence=2)["here"]
    assert [(each["name"], each["url"]) for each in back] == [("Nadia Rahimi", None)]


def test_a_newer_text_of_an_editor_is_told_and_other_changes_are_not(
    client: FlaskClient, asked: tuple[int, str]
) -> None:
    post_id, token = asked
    with transaction():
        posts.set_details(post_id, tags=["salt"], by=None, at=NOW)
    assert keep(client, token, "x")["latest"] is None
    revise(get_post(post_id), publish=False, title="Salt", body="Theirs.")
    latest = keep(client, token, "x", sequence=2)["latest"]
    assert (latest["number"], latest["is_mine"]) == (2, False)


def test_a_link_of_one_person_does_not_open_what_another_typed(
    client: FlaskClient, asked: tuple[int, str]
) -> None:
    _, token = asked
    kept = keep(client, token, "Private words")
    _, other = ask(name="Bo Lawyer", by=make_person("Ed Brandt", "editor", handle="edb"))
    assert "Private words" not in client.get(f"/contribute/{other}?draft={kept['id']}").text
    assert client.post(f"/contribute/{other}/drafts/{kept['id']}/removal").status_code == 404


def test_a_withdrawn_link_is_told_so_in_json(client: FlaskClient) -> None:
    editor = nadia()
    one, token = ask(by=editor)
    with transaction():
        services.revoke(one.id, by=editor, at=NOW)
    sent = {"tab": TAB, "base": 1, "sequence": 1, "fields": {"body": "Only copy"}}
    answer = client.post(
        f"/en/contribute/{token}/drafts/1", json=sent, headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.json["detail"]) == (  # type: ignore[index]
        404,
        "This link no longer works. Please ask the person who sent it to you for a new one.",
    )
