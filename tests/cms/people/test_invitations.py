from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.core import clock
from cms.core.database import db
from cms.people import queries
from cms.people.models import AuditEntry, Invitation, Person
from tests.cms.people.letters import letters_to, link_in
from tests.conftest import NOW
from tests.factories import PASSWORD, ivy, make_person, nadia, read_again, sign_in

OFFER = {"email": "Ada@Example.com", "name": "Ada Byron", "role": "expert", "guest_id": "0", "locale": "en"}


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    client = app.test_client()
    sign_in(client, nadia())
    return client


def test_an_expert_comes_in_by_a_link(app: Flask, editor: FlaskClient) -> None:
    assert editor.post("/desk/invitations", data=OFFER).status_code == 303
    letter = letters_to("ada@example.com")[0]
    assert letter.subject == "Nadia Rahimi invites you to localhost"
    path, newcomer = link_in(letter), app.test_client()
    assert "Ada Byron" in newcomer.get(path).text
    assert newcomer.post(path, data={"name": "Ada King", "password": "short"}).status_code == 422
    assert newcomer.post(path, data={"name": "Ada King", "password": PASSWORD}).status_code == 303
    account = queries.find_account("ada@example.com")
    assert account is not None
    assert (account.name, account.role, account.handle) == ("Ada King", "expert", "ada-king")
    assert newcomer.get("/me").status_code == 200
    assert app.test_client().get(path).status_code == 404
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["invitation.sent", "account.added", "invitation.accepted"]


def test_a_guest_becomes_an_account_and_keeps_handle_and_credits(app: Flask, editor: FlaskClient) -> None:
    guest = make_person("Ada Byron", "guest", handle="countess")
    editor.post("/desk/invitations", data={**OFFER, "guest_id": str(guest.id)})
    app.test_client().post(
        link_in(letters_to("ada@example.com")[0]), data={"name": "Ada Byron", "password": PASSWORD}
    )
    account = read_again(Person, guest.id)
    assert (account.role, account.handle, account.email) == ("expert", "countess", "ada@example.com")


def test_an_account_is_nobodys_guest(app: Flask, editor: FlaskClient) -> None:
    somebody = ivy()
    answer = editor.post("/desk/invitations", data={**OFFER, "guest_id": str(somebody.id)})
    assert answer.status_code == 422
    assert letters_to("ada@example.com") == []


def test_an_invitation_can_be_withdrawn(app: Flask, editor: FlaskClient) -> None:
    editor.post("/desk/invitations", data=OFFER)
    path = link_in(letters_to("ada@example.com")[0])
    invitation_id = db.session.scalars(select(Invitation.id)).one()
    assert f"/desk/invitations/{invitation_id}/revocation" in editor.get("/desk/invitations").text
    editor.post(f"/desk/invitations/{invitation_id}/revocation")
    assert app.test_client().get(path).status_code == 404
    assert app.test_client().post(path, data={"name": "Ada", "password": PASSWORD}).status_code == 404


def test_an_invitation_holds_for_two_weeks(app: Flask, editor: FlaskClient) -> None:
    editor.post("/desk/invitations", data=OFFER)
    path = link_in(letters_to("ada@example.com")[0])
    with clock.stopped(NOW + timedelta(days=14)):
        assert app.test_client().get(path).status_code == 404


def test_a_second_offer_replaces_the_first(app: Flask, editor: FlaskClient) -> None:
    editor.post("/desk/invitations", data=OFFER)
    editor.post("/desk/invitations", data={**OFFER, "role": "author"})
    older, newer = (link_in(one) for one in letters_to("ada@example.com"))
    assert [app.test_client().get(one).status_code for one in (older, newer)] == [404, 200]


@pytest.mark.parametrize("role", ["editor", "manager", "admin", "member", "guest", "emperor", ""])
def test_an_editor_gives_away_only_the_roles_of_writers(editor: FlaskClient, role: str) -> None:
    assert editor.post("/desk/invitations", data={**OFFER, "role": role}).status_code in (403, 422)
    assert db.session.scalars(select(Invitation)).all() == []


@pytest.mark.parametrize("role", ["member", "expert", "author", "editor", "manager", "admin"])
def test_an_admin_gives_away_any_role(app: Flask, role: str) -> None:
    client = app.test_client()
    sign_in(client, make_person("Root Admin", "admin", handle="boss"))
    assert client.post("/desk/invitations", data={**OFFER, "role": role}).status_code == 303
    assert db.session.scalars(select(Invitation.role)).one() == role


def test_somebody_with_an_account_is_not_invited_again(editor: FlaskClient) -> None:
    ivy()
    answer = editor.post("/desk/invitations", data={**OFFER, "email": "ivy@example.com"})
    assert answer.status_code == 422
    assert "There is an account with this e-mail already." in answer.text


def test_the_list_makes_as_many_queries_for_three_as_for_one(
    editor: FlaskClient, count_queries: list[str]
) -> None:
    counts: list[int] = []
    editor.get("/desk/invitations")
    for email in ("a@example.com", "b@example.com", "c@example.com"):
        editor.post("/desk/invitations", data={**OFFER, "email": email})
        db.session.remove()
        count_queries.clear()
        assert editor.get("/desk/invitations").text.count("/revocation") == len(counts) + 1
        counts.append(len(count_queries))
    assert len(set(counts)) == 1
