from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from cms.core import clock
from cms.core.database import db
from cms.people import passwords, queries
from cms.people.models import OneTimeLink, Person
from tests.cms.people.letters import letters_to, link_in
from tests.conftest import NOW
from tests.factories import PASSWORD, make_person, password_hash, read_again, sign_in

NEW = {"name": "Mei Lin", "email": "Mei@Example.com"}


def people() -> int:
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


def test_signing_up_confirms_the_address_before_there_is_an_account(client: FlaskClient) -> None:
    answer = client.post("/sign-up", data=NEW)
    assert answer.status_code == 200
    assert "mei@example.com" in answer.text
    assert people() == 0
    path = link_in(letters_to("mei@example.com")[0])
    assert client.get(path).status_code == 200
    assert people() == 0
    done = client.post(path, data={"password": PASSWORD})
    assert (done.status_code, done.headers["Location"]) == (303, "/me")
    account = queries.find_account("mei@example.com")
    assert account is not None
    assert (account.name, account.role, account.handle) == ("Mei Lin", "member", "mei-lin")
    assert account.email_confirmed_at == NOW
    assert client.get("/me").status_code == 200


def test_the_link_works_once_and_for_two_days(client: FlaskClient) -> None:
    client.post("/sign-up", data=NEW)
    path = link_in(letters_to("mei@example.com")[0])
    with clock.stopped(NOW + timedelta(days=2)):
        assert client.get(path).status_code == 404
        assert client.post(path, data={"password": PASSWORD}).status_code == 404
    assert client.post(path, data={"password": PASSWORD}).status_code == 303
    again = client.post(path, data={"password": PASSWORD})
    assert again.status_code == 404
    assert "This link is used up or too old." in again.text
    assert people() == 1


def test_a_weak_password_leaves_the_link_usable(client: FlaskClient) -> None:
    client.post("/sign-up", data=NEW)
    path = link_in(letters_to("mei@example.com")[0])
    answer = client.post(path, data={"password": "password1"})
    assert answer.status_code == 422
    assert "first that anybody would try" in answer.text
    assert client.post(path, data={"password": PASSWORD}).status_code == 303


def test_an_address_that_has_an_account_gets_the_same_answer_and_another_letter(client: FlaskClient) -> None:
    make_person("Mei Lin", "member", email="mei@example.com")
    known = client.post("/sign-up", data=NEW)
    unknown = client.post("/sign-up", data={**NEW, "email": "other@example.com"})
    assert known.status_code == unknown.status_code == 200
    assert known.text == unknown.text.replace("other@example.com", "mei@example.com")
    letter = letters_to("mei@example.com")[0]
    assert letter.subject == "You already have an account at localhost"
    assert "/sign-up/" not in letter.text


def test_letters_speak_the_language_of_the_page(app: Flask) -> None:
    app.test_client().post("/zh/sign-up", data=NEW)
    letter = letters_to("mei@example.com")[0]
    assert letter.subject == "完成在 localhost 的注册"
    assert "http://localhost/zh/sign-up/" in letter.text
    assert 'lang="zh-Hans"' in (letter.html or "")


def test_a_name_cannot_write_html_or_turn_a_letter_around(client: FlaskClient) -> None:
    client.post("/sign-up", data={"name": "<b>\u202eMei</b>\r\nBcc: x@y", "email": "mei@example.com"})
    letter = letters_to("mei@example.com")[0]
    assert "<b>" not in (letter.html or "")
    assert "&lt;b&gt;Mei" in (letter.html or "")
    assert "\u202e" not in letter.text
    assert "\nBcc" not in letter.text


@pytest.mark.parametrize(
    "bad",
    [{"name": "", "email": "mei@example.com"}, {"name": "Mei", "email": "mei"}, {"name": "x" * 81, "email": "m@e.com"},
     {"name": "Mei", "email": "mei@example.com\r\nBcc: x@y.com"}, {}],
)  # fmt: skip
def test_what_is_not_well_formed_comes_back_with_a_sentence(client: FlaskClient, bad: dict[str, str]) -> None:
    answer = client.post("/sign-up", data=bad)
    assert answer.status_code == 422
    assert db.session.scalars(select(OneTimeLink)).all() == []


def test_one_address_is_not_flooded_with_letters(client: FlaskClient) -> None:
    codes = [client.post("/sign-up", data=NEW).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    assert len(letters_to("mei@example.com")) == 3


def test_a_newer_link_ends_the_older_one(client: FlaskClient) -> None:
    client.post("/sign-up", data=NEW)
    client.post("/sign-up", data=NEW)
    older, newer = (link_in(one) for one in letters_to("mei@example.com"))
    assert [client.get(one).status_code for one in (older, newer)] == [404, 200]


def test_a_link_is_stored_as_a_hash(client: FlaskClient) -> None:
    client.post("/sign-up", data=NEW)
    token = link_in(letters_to("mei@example.com")[0]).rsplit("/", 1)[1]
    assert token != db.session.scalars(select(OneTimeLink.token_hash)).one()


# A forgotten password -------------------------------------------------------------------------------------------


def test_a_new_password_is_set_by_mail_and_ends_every_session(app: Flask) -> None:
    who = make_person("Nadia Rahimi", "editor", password_hash=password_hash())
    client, elsewhere = app.test_client(), app.test_client()
    sign_in(elsewhere, who)
    client.post("/password", data={"email": "nadia@example.com"})
    path = link_in(letters_to("nadia@example.com")[0])
    assert client.get(path).status_code == 200
    done = client.post(path, data={"password": "a brand new secret"})
    assert (done.status_code, done.headers["Location"]) == (303, "/sign-in")
    assert elsewhere.get("/me").status_code == 303
    assert passwords.matches(read_again(Person, who.id).password_hash, "a brand new secret")
    assert client.post(path, data={"password": "another new secret"}).status_code == 404
    assert letters_to("nadia@example.com")[-1].subject == "Your password at localhost was changed"


def test_a_reset_link_works_for_an_hour(client: FlaskClient) -> None:
    make_person("Nadia Rahimi", "editor")
    client.post("/password", data={"email": "nadia@example.com"})
    path = link_in(letters_to("nadia@example.com")[0])
    with clock.stopped(NOW + timedelta(hours=1)):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("email", ["nobody@example.com", "closed@example.com"])
def test_asking_for_an_account_that_is_not_there_says_the_same_and_sends_nothing(
    client: FlaskClient, email: str
) -> None:
    make_person("Nadia Rahimi", "editor")
    make_person("Cleo Closed", "member", email="closed@example.com", disabled_at=NOW)
    known = client.post("/password", data={"email": "nadia@example.com"})
    unknown = client.post("/password", data={"email": email})
    assert known.text == unknown.text.replace(email, "nadia@example.com")
    assert known.status_code == unknown.status_code == 200
    assert letters_to(email) == []
    assert len(letters_to("nadia@example.com")) == 1


def test_letters_never_name_the_host_that_a_request_claims(client: FlaskClient) -> None:
    make_person("Nadia Rahimi", "editor")
    client.post("/password", data={"email": "nadia@example.com"}, headers={"Host": "evil.example"})
    assert all("evil.example" not in one.text for one in letters_to("nadia@example.com"))


# Another address ------------------------------------------------------------------------------------------------


def test_a_new_address_counts_once_it_is_confirmed(app: Flask) -> None:
    who = make_person("Nadia Rahimi", "editor", password_hash=password_hash())
    client = app.test_client()
    sign_in(client, who)
    assert client.post("/me/email", data={"current": "wrong", "email": "n@new.example"}).status_code == 422
    client.post("/me/email", data={"current": PASSWORD, "email": "n@new.example"})
    assert read_again(Person, who.id).email == "nadia@example.com"
    path = link_in(letters_to("n@new.example")[0])
    assert client.get(path).status_code == 200
    client.post(path)
    assert read_again(Person, who.id).email == "n@new.example"
    assert letters_to("nadia@example.com")[0].subject == "Your e-mail at localhost was changed"


def test_a_taken_address_is_refused_only_by_mail(app: Flask) -> None:
    who = make_person("Nadia Rahimi", "editor", password_hash=password_hash())
    make_person("Ivy Lindqvist", "member")
    client = app.test_client()
    sign_in(client, who)
    assert client.post("/me/email", data={"current": PASSWORD, "email": "ivy@example.com"}).status_code == 303
    assert letters_to("ivy@example.com")[0].subject == "You already have an account at localhost"
