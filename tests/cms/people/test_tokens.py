import re
from datetime import timedelta

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.core import access, clock
from cms.core.database import db, transaction
from cms.people import identity, services
from cms.people.models import APIToken
from tests.conftest import NOW
from tests.factories import ivy, make_token, nadia, read_again, sign_in


def who(app: Flask, path: str, authorization: str) -> tuple[str | None, list[str]]:
    with app.test_request_context(path, headers={"Authorization": authorization}):
        vars(g._get_current_object()).clear()  # tests share one app context, and so `g`
        found = access.person()
        return (found.handle if found else None), sorted(identity.current_scopes())


def test_a_token_acts_for_its_owner_within_its_scopes(app: Flask) -> None:
    token = make_token(nadia(), "posts:write", "people:read")
    assert token.startswith("ply_")
    assert who(app, "/api/v1/posts", f"Bearer {token}") == (
        "nadia",
        ["people:read", "posts:read", "posts:write"],
    )
    assert who(app, "/api/v1/posts", f"bearer {token}")[0] == "nadia"


@pytest.mark.parametrize("path", ["/desk/people", "/me", "/", "/apix", "/ap%69/v1/posts"])
def test_a_token_counts_only_under_api(app: Flask, path: str) -> None:
    token = make_token(nadia())
    found = who(app, path, f"Bearer {token}")[0]
    assert found == ("nadia" if path.startswith("/ap%69/") else None)  # the server decodes the address first


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Bearer ply_x", "Basic {}", "{}", "Bearer x{}"]
)
def test_anything_else_is_nobody(app: Flask, authorization: str) -> None:
    token = make_token(nadia())
    assert who(app, "/api/v1/posts", authorization.replace("{}", token)) == (None, [])


def test_a_session_does_not_count_under_api(app: Flask) -> None:
    client = app.test_client()
    sign_in(client, nadia())
    cookie = client.get_cookie("parley")
    assert cookie is not None
    with app.test_request_context("/api/v1/posts", headers={"Cookie": f"parley={cookie.value}"}):
        vars(g._get_current_object()).clear()  # tests share one app context, and so `g`
        assert access.person() is None
    with app.test_request_context("/me", headers={"Cookie": f"parley={cookie.value}"}):
        vars(g._get_current_object()).clear()  # tests share one app context, and so `g`
        assert access.person() is not None


def test_a_token_ends_when_it_expires_is_revoked_or_its_owner_is_closed(app: Flask) -> None:
    owner = nadia()
    with transaction():
        brief, revoked, orphan = (
            services.create_token(
                owner.id,
                name="x",
                scopes=["posts:read"],
                expires_at=NOW + timedelta(days=1),
                by=owner,
                at=NOW,
            )
            for _ in range(3)
        )
        ids = db.session.scalars(select(APIToken.id).order_by(APIToken.id)).all()
        services.revoke_token(ids[1], person_id=owner.id, by=owner, at=NOW)
    assert [who(app, "/api/v1/posts", f"Bearer {one}")[0] for one in (brief, revoked, orphan)] == [
        "nadia",
        None,
        "nadia",
    ]
    with clock.stopped(NOW + timedelta(days=1)):
        assert who(app, "/api/v1/posts", f"Bearer {brief}")[0] is None
    with transaction():
        services.disable_account(owner.id, by=None, at=NOW)
    assert who(app, "/api/v1/posts", f"Bearer {orphan}")[0] is None


def test_use_is_noted_but_not_at_every_request(app: Flask) -> None:
    owner = nadia()
    token = make_token(owner)
    row = db.session.scalars(select(APIToken)).one()
    for minutes, noted in ((30, 0), (61, 61), (100, 61)):
        with clock.stopped(NOW + timedelta(minutes=minutes)):
            who(app, "/api/v1/posts", f"Bearer {token}")
        assert read_again(APIToken, row.id).used_at == NOW + timedelta(minutes=noted)


def test_a_new_token_is_shown_once_and_kept_as_a_hash(app: Flask) -> None:
    client: FlaskClient = app.test_client()
    sign_in(client, nadia())
    page = client.post("/me/tokens", data={"name": "CI", "scopes": ["posts:write"], "expires": "30"})
    token = re.search(r"ply_[\w-]{43}", page.text)
    assert token is not None
    row = db.session.scalars(select(APIToken)).one()
    assert (row.name, row.scopes, row.expires_at) == ("CI", ["posts:write"], NOW + timedelta(days=30))
    assert token[0] not in row.token_hash
    assert token[0] not in client.get("/me/tokens").text


@pytest.mark.parametrize(
    "bad",
    [{"name": "", "scopes": ["posts:read"]}, {"name": "x"}, {"name": "x", "scopes": ["everything"]},
     {"name": "x", "scopes": ["posts:read"], "expires": "0"}, {"name": "x", "scopes": ["posts:read"], "expires": "soon"}],
)  # fmt: skip
def test_a_token_that_makes_no_sense_is_not_made(app: Flask, bad: dict[str, object]) -> None:
    client = app.test_client()
    sign_in(client, nadia())
    assert client.post("/me/tokens", data=bad).status_code == 422
    assert db.session.scalars(select(APIToken)).all() == []


def test_a_browser_does_not_want_every_scope_ticked(app: Flask) -> None:
    client = app.test_client()
    sign_in(client, nadia())
    boxes = re.findall(r'<input[^>]*type="checkbox"[^>]*>', client.get("/me/tokens").text)
    assert len(boxes) > 10
    assert [one for one in boxes if "required" in one] == []


def test_one_revokes_ones_own_tokens_only(app: Flask) -> None:
    owner, other = nadia(), ivy()
    make_token(owner)
    token_id = db.session.scalars(select(APIToken.id)).one()
    outsider, client = app.test_client(), app.test_client()
    sign_in(outsider, other)
    sign_in(client, owner)
    assert outsider.post(f"/me/tokens/{token_id}/revocation").status_code == 404
    assert read_again(APIToken, token_id).revoked_at is None
    assert client.post(f"/me/tokens/{token_id}/revocation").status_code == 303
    assert read_again(APIToken, token_id).revoked_at == NOW
