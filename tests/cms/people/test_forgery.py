"""The proof that a form was opened here, as browsers really carry it."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import PASSWORD, ivy, make_person, password_hash, sign_in


@pytest.fixture(autouse=True)
def guarded(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


def proof(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def test_signing_in_and_out_works_with_the_proof_of_its_own_page(app: Flask) -> None:
    make_person("Nadia Rahimi", "editor", password_hash=password_hash())
    client = app.test_client()
    given = {"email": "nadia@example.com", "password": PASSWORD}
    assert client.post("/sign-in", data=given).status_code == 400
    done = client.post("/sign-in", data={**given, "csrf_token": proof(client, "/sign-in")})
    assert done.status_code == 303
    assert client.post("/sign-out").status_code == 400
    assert client.get("/me").status_code == 200
    assert client.post("/sign-out", data={"csrf_token": proof(client, "/me/bar")}).status_code == 303
    assert client.get("/me").status_code == 303


def test_the_proof_of_somebody_elses_session_is_worth_nothing(app: Flask) -> None:
    client, thief = app.test_client(), app.test_client()
    sign_in(client, ivy())
    stolen = proof(thief, "/sign-in")
    assert client.post("/me/sign-ins/removal", data={"csrf_token": stolen}).status_code == 400
    assert client.get("/me").status_code == 200


def test_a_script_may_send_the_proof_in_a_header(app: Flask) -> None:
    client = app.test_client()
    sign_in(client, ivy())
    token = proof(client, "/me/bar")
    assert client.post("/sign-out", headers={"X-CSRFToken": token}).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
    ],
)
def test_a_form_on_another_site_is_refused_even_with_the_proof(app: Flask, headers: dict[str, str]) -> None:
    client = app.test_client()
    sign_in(client, ivy())
    token = proof(client, "/me/bar")
    assert client.post("/sign-out", data={"csrf_token": token}, headers=headers).status_code == 403
    assert client.get("/me").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}],
)
def test_our_own_pages_are_let_through(app: Flask, headers: dict[str, str]) -> None:
    client = app.test_client()
    sign_in(client, ivy())
    token = proof(client, "/me/bar")
    assert client.post("/sign-out", data={"csrf_token": token}, headers=headers).status_code == 303
