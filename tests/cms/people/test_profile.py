import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.core.database import db
from cms.core.models import PageChange
from cms.people.models import Person
from tests.factories import ivy, rae, read_again, sign_in

PROFILE = {
    "name": "Rae Sato",
    "handle": "rae",
    "headline_en": "Reads",
    "headline_zh": "爱读书",
    "bio_en": "Line one.\nLine two.",
    "bio_zh": "",
    "locale": "zh",
    "timezone": "Asia/Tokyo",
}


@pytest.fixture
def somebody(app: Flask) -> Person:
    return rae()


@pytest.fixture
def client(app: Flask, somebody: Person) -> FlaskClient:
    client = app.test_client()
    sign_in(client, somebody)
    return client


def test_a_profile_is_saved_in_both_languages(client: FlaskClient, somebody: Person) -> None:
    assert client.post("/me", data={**PROFILE, "handle": "Sato", "name": "  Rae   Sato "}).status_code == 303
    saved = read_again(Person, somebody.id)
    assert (saved.name, saved.handle, saved.headline) == ("Rae Sato", "sato", {"en": "Reads", "zh": "爱读书"})
    assert (saved.bio, saved.locale, saved.timezone) == ({"en": "Line one.\nLine two."}, "zh", "Asia/Tokyo")
    assert f"person:{somebody.id}" in db.session.scalars(select(PageChange.tag)).all()
    page = client.get("/me").text
    assert 'value="sato"' in page
    assert 'value="爱读书"' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 81),
        ("handle", "admin"),
        ("handle", "ivy"),
        ("handle", "a b"),
        ("handle", "раypal"),
        ("headline_en", "x" * 121),
        ("bio_zh", "字" * 2001),
        ("timezone", "Mars/Olympus"),
        ("timezone", "../../etc/passwd"),
        ("locale", "tlh"),
    ],
)
def test_what_makes_no_sense_comes_back_with_what_was_typed(
    client: FlaskClient, somebody: Person, field: str, value: str
) -> None:
    ivy()
    answer = client.post("/me", data={**PROFILE, "headline_en": "Typed with care", field: value})
    assert answer.status_code == 422
    if field != "headline_en":
        assert "Typed with care" in answer.text
    assert read_again(Person, somebody.id).headline == {}


def test_extra_fields_change_nothing(client: FlaskClient, somebody: Person) -> None:
    extra = {
        "role": "admin",
        "email": "x@evil.example",
        "password_hash": "x",
        "id": "1",
        "is_staff": "1",
        "source": "x",
    }
    assert client.post("/me", data={**PROFILE, **extra}).status_code == 303
    saved = read_again(Person, somebody.id)
    assert (saved.role, saved.email, saved.password_hash, saved.source) == (
        "member",
        "rae@example.com",
        None,
        None,
    )


def test_html_in_a_name_is_only_text(client: FlaskClient) -> None:
    client.post("/me", data={**PROFILE, "name": "<img src=x onerror=alert(1)>"})
    assert "<img src=x" not in client.get("/me").text
    assert "<img src=x" not in client.get("/me/bar").text
