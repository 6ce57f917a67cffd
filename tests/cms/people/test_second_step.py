import re
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.core import clock
from cms.core.database import db, transaction
from cms.people import services
from cms.people.models import Person, RecoveryCode, SecondStep
from cms.people.services.second_step import secret_of
from tests.cms.people.letters import letters_to, link_in
from tests.conftest import NOW
from tests.factories import PASSWORD, ivy, make_person, password_hash, sign_in


@pytest.fixture
def nadia(app: Flask) -> Person:
    return make_person("Nadia Rahimi", "editor", password_hash=password_hash())


def code(person: Person, seconds: int = 0) -> str:
    step = db.session.get(SecondStep, person.id)
    assert step is not None
    return pyotp.TOTP(secret_of(step)).at(NOW + timedelta(seconds=seconds))


def turn_on(person: Person) -> list[str]:
    """Set the second step up with the code of a minute ago, so that today's code is unused."""
    before = NOW - timedelta(minutes=5)
    with transaction():
        services.begin_second_step(person.id, at=before)
    with transaction():
        codes = services.confirm_second_step(person.id, code=code(person, -300), at=before)
    assert codes is not None
    return codes


def first_step(client: FlaskClient) -> None:
    answer = client.post(
        "/sign-in", data={"email": "nadia@example.com", "password": PASSWORD, "next": "/desk/people"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in/code")


def test_it_is_set_up_with_a_picture_and_a_first_code(app: Flask, nadia: Person) -> None:
    client = app.test_client()
    sign_in(client, nadia)
    assert client.get("/me/second-step/code.svg").status_code == 404
    client.post("/me/second-step/secret")
    picture = client.get("/me/second-step/code.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.data.startswith(b"<?xml")
    assert "style=" not in client.get("/me/second-step").text
    assert client.post("/me/second-step", data={"code": "000000"}).status_code == 422
    done = client.post("/me/second-step", data={"code": code(nadia)})
    codes = re.findall(r"<code>(\S{4}-\S{4}-\S{4})</code>", done.text)
    assert len(set(codes)) == 10
    assert client.get("/me/second-step/code.svg").status_code == 404


def test_without_the_code_nobody_is_in(client: FlaskClient, nadia: Person) -> None:
    turn_on(nadia)
    first_step(client)
    assert client.get("/me").status_code == 303
    assert client.post("/sign-in/code", data={"code": "000000"}).status_code == 422
    answer = client.post("/sign-in/code", data={"code": code(nadia)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/people")
    assert client.get("/me").status_code == 200


@pytest.mark.parametrize(
    ("seconds", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_clock_may_be_half_a_minute_off(
    client: FlaskClient, nadia: Person, seconds: int, taken: bool
) -> None:
    turn_on(nadia)
    first_step(client)
    answer = client.post("/sign-in/code", data={"code": code(nadia, seconds)})
    assert (answer.status_code == 303) is taken


def test_a_code_works_once_in_any_browser(app: Flask, nadia: Person) -> None:
    turn_on(nadia)
    one, other = app.test_client(), app.test_client()
    first_step(one)
    first_step(other)
    used = code(nadia)
    assert one.post("/sign-in/code", data={"code": used}).status_code == 303
    assert other.post("/sign-in/code", data={"code": used}).status_code == 422
    assert (
        other.post("/sign-in/code", data={"code": code(nadia, -30)}).status_code == 422
    )  # older than the used one
    assert other.post("/sign-in/code", data={"code": code(nadia, 30)}).status_code == 303


def test_a_recovery_code_works_once_however_it_is_typed(app: Flask, nadia: Person) -> None:
    codes = turn_on(nadia)
    one, other = app.test_client(), app.test_client()
    first_step(one)
    first_step(other)
    assert one.post("/sign-in/code", data={"code": codes[3].upper().replace("-", " ")}).status_code == 303
    assert other.post("/sign-in/code", data={"code": codes[3]}).status_code == 422
    assert other.post("/sign-in/code", data={"code": codes[4]}).status_code == 303


def test_codes_cannot_be_guessed_at_leisure(client: FlaskClient, nadia: Person) -> None:
    turn_on(nadia)
    first_step(client)
    answers = [client.post("/sign-in/code", data={"code": "000000"}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert client.post("/sign-in/code", data={"code": code(nadia)}).status_code == 429


def test_the_wait_for_the_code_ends_after_ten_minutes(client: FlaskClient, nadia: Person) -> None:
    turn_on(nadia)
    first_step(client)
    with clock.stopped(NOW + timedelta(minutes=10, seconds=1)):
        answer = client.post("/sign-in/code", data={"code": code(nadia, 601)})
    assert answer.headers["Location"] == "/sign-in"


def test_a_new_password_by_mail_does_not_skip_it(client: FlaskClient, nadia: Person) -> None:
    turn_on(nadia)
    client.post("/password", data={"email": "nadia@example.com"})
    client.post(link_in(letters_to("nadia@example.com")[0]), data={"password": "a brand new secret"})
    answer = client.post("/sign-in", data={"email": "nadia@example.com", "password": "a brand new secret"})
    assert answer.headers["Location"] == "/sign-in/code"


def test_turning_it_off_wants_the_password(app: Flask, nadia: Person) -> None:
    turn_on(nadia)
    client = app.test_client()
    sign_in(client, nadia)
    assert client.post("/me/second-step/removal", data={"current": "wrong"}).status_code == 422
    assert db.session.get(SecondStep, nadia.id) is not None
    assert client.post("/me/second-step/removal", data={"current": PASSWORD}).status_code == 303
    db.session.expire_all()
    assert db.session.get(SecondStep, nadia.id) is None
    assert db.session.scalars(select(RecoveryCode)).all() == []


def test_new_recovery_codes_end_the_old_ones(app: Flask, nadia: Person) -> None:
    old = turn_on(nadia)
    client = app.test_client()
    sign_in(client, nadia)
    shown = client.post("/me/recovery-codes", data={"current": PASSWORD}).text
    fresh = re.findall(r"<code>(\S{4}-\S{4}-\S{4})</code>", shown)
    assert len(fresh) == 10
    with transaction():
        assert not services.take_code(nadia.id, code=old[0], at=NOW)
        assert services.take_code(nadia.id, code=fresh[0], at=NOW)


def test_neither_secret_nor_recovery_codes_are_stored_in_clear(app: Flask, nadia: Person) -> None:
    codes = turn_on(nadia)
    step = db.session.get(SecondStep, nadia.id)
    assert step is not None
    assert secret_of(step) not in step.secret
    stored = set(db.session.scalars(select(RecoveryCode.code_hash)).all())
    assert not stored & set(codes)


def test_a_secret_copied_to_somebody_else_opens_nothing(app: Flask, nadia: Person) -> None:
    turn_on(nadia)
    other = ivy()
    step = db.session.get(SecondStep, nadia.id)
    assert step is not None
    stolen, known = step.secret, code(nadia)
    with transaction():
        db.session.add(SecondStep(person_id=other.id, secret=stolen, created_at=NOW, confirmed_at=NOW))
    with transaction():
        assert not services.take_code(other.id, code=known, at=NOW)
