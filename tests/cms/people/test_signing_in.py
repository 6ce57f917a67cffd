import re
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.models import Attempt
from cms.people import identity, passwords, services
from cms.people.models import Person, SignIn
from tests.conftest import NOW
from tests.factories import PASSWORD, make_person, password_hash, read_again, sign_in


@pytest.fixture
def nadia(app: Flask) -> Person:
    return make_person("Nadia Rahimi", "editor", password_hash=password_hash())


def give(client: FlaskClient, email: str = "nadia@example.com", password: str = PASSWORD, **more: str):
    return client.post("/sign-in", data={"email": email, "password": password, **more})


def test_the_right_password_lets_in_and_leads_staff_to_their_desk(client: FlaskClient, nadia: Person) -> None:
    answer = give(client, "  NADIA@Example.com ")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk")
    assert client.get("/me").status_code == 200
    cookies = answer.headers.getlist("Set-Cookie")
    session = next(one for one in cookies if one.startswith("parley="))
    hint = next(one for one in cookies if one.startswith("parley_in=1"))
    assert "HttpOnly" in session
    assert "SameSite=Lax" in session
    assert "HttpOnly" not in hint
    assert PASSWORD not in str(cookies)


def test_a_member_is_led_to_their_own_page(client: FlaskClient) -> None:
    make_person("Rae Sato", "member", password_hash=password_hash())
    assert give(client, "rae@example.com").headers["Location"] == "/me"


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer_for_the_same_work(
    client: FlaskClient, nadia: Person
) -> None:
    passwords.matches(None, "warm up")
    answers, work = [], []
    for email in ("nadia@example.com", "nobody@example.com", "not an address"):
        before = passwords.work_done[0]
        answer = give(client, email, "wrong password")
        work.append(passwords.work_done[0] - before)
        answers.append((answer.status_code, answer.text.replace(email, "")))
    assert work == [1, 1, 1]
    assert answers[0][0] == 422
    assert answers[0] == answers[1] == answers[2]
    assert "E-mail and password do not fit together." in answers[0][1]


def test_what_was_typed_is_shown_again_but_not_the_password(client: FlaskClient, nadia: Person) -> None:
    text = give(client, "nadia@example.com", "wrong password").text
    assert "nadia@example.com" in text
    assert "wrong password" not in text


@pytest.mark.parametrize("state", [{"disabled_at": NOW}, {"password_hash": None}])
def test_a_closed_account_and_one_without_password_stay_out(client: FlaskClient, state: dict) -> None:
    make_person("Nadia Rahimi", "editor", **{"password_hash": password_hash(), **state})
    assert give(client).status_code == 422
    assert client.get("/me").status_code == 303


def test_the_eleventh_try_is_refused_even_with_the_right_password(client: FlaskClient, nadia: Person) -> None:
    for _ in range(10):
        assert give(client, password="wrong password").status_code == 422
    answer = client.post(
        "/sign-in",
        data={"email": "nadia@example.com", "password": PASSWORD},
        headers={"X-Forwarded-For": "203.0.113.9"},
    )
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "300"
    with clock.stopped(NOW + timedelta(minutes=5, seconds=1)):
        assert give(client).status_code == 303


def test_unknown_accounts_are_throttled_too(client: FlaskClient, app: Flask) -> None:
    codes = [give(client, "nobody@example.com", "wrong password").status_code for _ in range(11)]
    assert codes == [422] * 10 + [429]


def test_one_network_cannot_try_many_accounts(client: FlaskClient, app: Flask) -> None:
    codes = [
        client.post(
            "/sign-in",
            data={"email": f"a{n}@example.com", "password": "wrong password"},
            environ_base={"REMOTE_ADDR": f"198.51.100.{n}"},
        ).status_code
        for n in range(51)
    ]
    assert codes[49:] == [422, 429]


def test_success_forgives_the_tries_before_it(client: FlaskClient, nadia: Person) -> None:
    for _ in range(9):
        give(client, password="wrong password")
    assert give(client).status_code == 303
    client.delete_cookie("parley")
    assert [give(client, password="wrong password").status_code for _ in range(10)] == [422] * 10


def test_an_office_behind_one_address_signs_in_and_wrong_passwords_from_it_stay_bounded(
    client: FlaskClient, nadia: Person
) -> None:
    for n in range(49):
        give(client, f"a{n}@example.com", "wrong password")
    for _ in range(3):  # the right ones take no room
        assert give(client).status_code == 303
        client.delete_cookie("parley")
    assert give(client, "b@example.com", "wrong password").status_code == 422
    assert give(client).status_code == 429


def test_tries_are_kept_without_address_or_e_mail(client: FlaskClient, nadia: Person) -> None:
    give(client, password="wrong password")
    keys = db.session.scalars(select(Attempt.key)).all()
    assert len(keys) == 2
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)


def test_a_hash_with_older_parameters_is_renewed(client: FlaskClient) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    who = make_person("Nadia Rahimi", "editor", password_hash=old)
    give(client)
    renewed = read_again(Person, who.id).password_hash
    assert renewed
    assert renewed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(renewed, PASSWORD)


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/desk/people", "/desk/people"),
        ("/zh/posts/x?y=1#z", "/zh/posts/x?y=1#z"),
        ("//evil.example", "/desk"),
        ("/\\evil.example", "/desk"),
        ("\\\\evil.example", "/desk"),
        ("/\t/evil.example", "/desk"),
        ("/\n/evil.example", "/desk"),
        ("https://evil.example/", "/desk"),
        ("javascript:alert(1)", "/desk"),
        ("evil.example", "/desk"),
        (" //evil.example", "/desk"),
        ("", "/desk"),
    ],
)
def test_after_signing_in_one_is_led_only_to_our_own_pages(
    client: FlaskClient, nadia: Person, asked: str, led_to: str
) -> None:
    assert give(client, next=asked).headers["Location"] == led_to


def test_a_desk_page_sends_a_visitor_to_sign_in_and_back(client: FlaskClient, nadia: Person) -> None:
    answer = client.get("/desk/people?role=admin")
    assert answer.headers["Location"] == "/sign-in?next=/desk/people%3Frole%3Dadmin"
    page = client.get(answer.headers["Location"]).text
    assert 'value="/desk/people?role=admin"' in page


def test_a_session_from_before_signing_in_is_dead_after(client: FlaskClient, nadia: Person) -> None:
    client.get("/sign-in")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    give(client)
    with client.session_transaction() as session:
        assert "planted" not in session


def test_only_the_hash_of_a_session_is_stored(client: FlaskClient, nadia: Person) -> None:
    give(client)
    with client.session_transaction() as session:
        token = session[identity.SESSION_KEY]
    row = db.session.scalars(select(SignIn)).one()
    assert token != row.token_hash
    assert len(row.token_hash) == 64


def test_signing_out_ends_a_stolen_copy_of_the_cookie_too(app: Flask, nadia: Person) -> None:
    client, thief = app.test_client(), app.test_client()
    sign_in(client, nadia)
    cookie = client.get_cookie("parley")
    assert cookie is not None
    thief.set_cookie("parley", cookie.value)
    assert thief.get("/me").status_code == 200
    answer = client.post("/sign-out")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert any(one.startswith("parley_in=;") for one in answer.headers.getlist("Set-Cookie"))
    assert thief.get("/me").status_code == 303


def test_signing_out_everywhere_ends_every_browser(app: Flask, nadia: Person) -> None:
    here, there = app.test_client(), app.test_client()
    sign_in(here, nadia)
    sign_in(there, nadia)
    here.post("/me/sign-ins/removal")
    assert [one.get("/me").status_code for one in (here, there)] == [303, 303]


def test_one_browser_can_be_signed_out_but_not_somebody_elses(app: Flask, nadia: Person) -> None:
    here, there, other = app.test_client(), app.test_client(), app.test_client()
    sign_in(here, nadia)
    sign_in(there, nadia)
    sign_in(other, make_person("Ivy Lindqvist", "member"))
    ids = db.session.scalars(select(SignIn.id).order_by(SignIn.id)).all()
    page = here.get("/me/security").text
    assert f"/me/sign-ins/{ids[1]}/removal" in page
    assert f"/me/sign-ins/{ids[2]}/removal" not in page
    for sign_in_id in ids[1:]:
        here.post(f"/me/sign-ins/{sign_in_id}/removal")
    assert [one.get("/me").status_code for one in (here, there, other)] == [200, 303, 200]


def test_a_browser_not_seen_for_two_weeks_is_signed_out(app: Flask, nadia: Person) -> None:
    client = app.test_client()
    sign_in(client, nadia)
    with clock.stopped(NOW + timedelta(days=13)):
        assert client.get("/me").status_code == 200
    with clock.stopped(NOW + timedelta(days=26)):
        assert client.get("/me").status_code == 200
    with clock.stopped(NOW + timedelta(days=40, minutes=1)):
        assert client.get("/me").status_code == 303


def test_no_browser_stays_signed_in_for_more_than_ninety_days(app: Flask, nadia: Person) -> None:
    client = app.test_client()
    sign_in(client, nadia)
    for days in range(10, 91, 10):
        with clock.stopped(NOW + timedelta(days=days, seconds=-1)):
            assert client.get("/me").status_code == 200
    with clock.stopped(NOW + timedelta(days=90)):
        assert client.get("/me").status_code == 303


def test_closing_an_account_ends_its_browsers_at_once(app: Flask, nadia: Person) -> None:
    client = app.test_client()
    sign_in(client, nadia)
    with transaction():
        services.disable_account(nadia.id, by=None, at=clock.now())
    assert client.get("/me").status_code == 303


def test_changing_the_password_ends_every_other_browser(app: Flask, nadia: Person) -> None:
    here, there = app.test_client(), app.test_client()
    sign_in(here, nadia)
    sign_in(there, nadia)
    wrong = here.post("/me/password", data={"current": "wrong password", "password": "a brand new secret"})
    assert wrong.status_code == 422
    assert there.get("/me").status_code == 200
    right = here.post("/me/password", data={"current": PASSWORD, "password": "a brand new secret"})
    assert right.status_code == 303
    assert [one.get("/me").status_code for one in (here, there)] == [200, 303]
    assert passwords.matches(read_again(Person, nadia.id).password_hash, "a brand new secret")


def test_the_bar_is_private_and_knows_who_is_there(app: Flask, nadia: Person) -> None:
    visitor, client = app.test_client(), app.test_client()
    visitor.set_cookie("parley_in", "1")
    empty = visitor.get("/me/bar")
    assert "/sign-in" in empty.text
    assert any(one.startswith("parley_in=;") for one in empty.headers.getlist("Set-Cookie"))
    sign_in(client, nadia)
    bar = client.get("/me/bar")
    assert bar.headers["Cache-Control"] == "private, no-store"
    assert "Nadia Rahimi" in bar.text
    assert "/desk" in bar.text
    member = app.test_client()
    sign_in(member, make_person("Rae Sato", "member"))
    assert "/desk" not in member.get("/me/bar").text


def test_a_public_page_carries_no_byte_about_the_visitor(app: Flask, nadia: Person) -> None:
    client = app.test_client()
    sign_in(client, nadia)
    answer = client.get("/health/live")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
