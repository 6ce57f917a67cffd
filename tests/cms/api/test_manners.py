"""What holds for every call: who calls, in which form, how often, and how a refusal reads."""

import json
from datetime import timedelta

import pytest
from flask import Flask

from cms.api import limits
from cms.core import clock
from cms.core.database import transaction
from cms.people import services as people
from cms.people.models import APIToken
from cms.posts.models import Post
from tests.cms.api.conftest import Program, errors
from tests.conftest import NOW
from tests.factories import db, make_person, make_post, nadia, sign_in

CALLS = [
    ("GET", "/posts", "posts:read"),
    ("POST", "/posts", "posts:write"),
    ("GET", "/posts/1", "posts:read"),
    ("PATCH", "/posts/1", "posts:write"),
    ("DELETE", "/posts/1", "posts:write"),
    ("PUT", "/posts/1/publication", "posts:write"),
    ("DELETE", "/posts/1/publication", "posts:write"),
    ("PUT", "/posts/1/schedule", "posts:write"),
    ("DELETE", "/posts/1/schedule", "posts:write"),
    ("GET", "/posts/1/revisions", "posts:read"),
    ("GET", "/media", "media:read"),
    ("POST", "/media", "media:write"),
    ("GET", "/media/1", "media:read"),
    ("GET", "/sections", "topics:read"),
    ("POST", "/sections", "topics:write"),
    ("PATCH", "/sections/1", "topics:write"),
    ("DELETE", "/sections/1", "topics:write"),
    ("GET", "/tags", "topics:read"),
    ("POST", "/tags", "topics:write"),
    ("PATCH", "/tags/1", "topics:write"),
    ("DELETE", "/tags/1", "topics:write"),
    ("GET", "/people", "people:read"),
    ("GET", "/people/nadia", "people:read"),
]


# Who calls ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "path", "scope"), CALLS)
def test_a_call_needs_a_token_with_its_scope(app: Flask, method: str, path: str, scope: str) -> None:
    editor = nadia()
    without = Program(app).call(method, path)
    assert (without.status_code, without.headers["WWW-Authenticate"]) == (401, 'Bearer realm="Parley"')
    assert without.json["detail"].startswith("This needs an API token")
    other = "links:write"
    refused = Program(app, editor, other).call(method, path)
    assert refused.status_code == 403
    assert refused.json["detail"] == f"This token may not do this: it lacks the scope {scope}."
    assert Program(app, editor, scope).call(method, path).status_code not in (401, 403)


def test_who_may_write_may_read_but_not_the_other_way(app: Flask) -> None:
    editor = nadia()
    assert Program(app, editor, "posts:write").get("/posts").status_code == 200
    assert Program(app, editor, "posts:read").post("/posts", json={"title": "x"}).status_code == 403


@pytest.mark.parametrize(
    "header", ["Bearer nonsense", "Bearer ", "Basic bmFkaWE6eA==", "ply_x", "Bearer \x80\xff"]
)
def test_a_header_that_is_no_token_is_401(app: Flask, header: str) -> None:
    assert Program(app).get("/posts", headers={"Authorization": header}).status_code == 401


def test_a_revoked_expired_or_disabled_token_is_401(app: Flask) -> None:
    editor = nadia()
    program = Program(app, editor)
    assert program.get("/posts").status_code == 200
    admin = make_person("Ada", "admin")
    with transaction():
        people.disable_account(editor.id, by=admin, at=NOW)
    assert program.get("/posts").status_code == 401
    other = Program(app, make_person("Mei", "editor"))
    with transaction():
        db.session.query(APIToken).update({"expires_at": NOW + timedelta(days=1)})
    assert other.get("/posts").status_code == 200
    with clock.stopped(NOW + timedelta(days=2)):
        assert other.get("/posts").status_code == 401


@pytest.mark.parametrize(("method", "path", "scope"), [one for one in CALLS if one[0] != "GET"])
def test_a_session_cookie_authorises_nothing_here(app: Flask, method: str, path: str, scope: str) -> None:
    """This is why the API needs no CSRF token: a browser that is signed in is a stranger to it."""
    browser = app.test_client()
    sign_in(browser, make_person("Ada", "admin"))
    assert browser.get("/me").status_code == 200
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        made = browser.open(f"/api/v1{path}", method=method, json={"title": "Forged"})
        assert made.status_code == 401
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert db.session.query(Post).count() == 0


def test_a_token_needs_no_csrf_token_and_outdoes_a_cookie(app: Flask) -> None:
    browser, program = app.test_client(), Program(app, make_person("Rae", "member"))
    sign_in(browser, make_person("Ada", "admin"))
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = browser.post("/api/v1/sections", json={"name": {"en": "News"}}, headers=program.headers)
        assert answer.status_code == 404  # Rae's answer, not Ada's
        made = Program(app, nadia()).post("/posts", json={"title": "Fog"})
        assert made.status_code == 201
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_answers_set_no_cookie_and_are_kept_by_nobody_else(api: Program) -> None:
    answer = api.get("/posts")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in answer.headers["Vary"]


def test_too_many_changes_or_reads_are_429_until_time_has_passed(
    api: Program, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_CHANGES", 2)
    monkeypatch.setattr(limits, "MOST_READS", 2)
    other = Program(app, make_person("Mei", "editor"))
    for method, path, good in (("POST", "/tags", 422), ("GET", "/tags", 200)):
        limits.forget_reads()
        body = {"json": {"name": {}}} if method == "POST" else {}
        assert [other.call(method, path, **body).status_code for _ in range(2)] == [good, good]
        refused = other.call(method, path, **body)
        assert refused.status_code == 429
        assert refused.mimetype == "application/problem+json"
        wait = int(refused.headers["Retry-After"])
        with clock.stopped(NOW + timedelta(seconds=wait)):
            assert other.call(method, path, **body).status_code == good


# In which form --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        (b"", 400, "The body is empty. Please send JSON."),
        (b"{", 400, "The body is not JSON: line 1, column 2."),
        (b'{"title": "a", "title": "b"}', 400, "The body names the same field twice."),
        (b'{"title": NaN}', 400, "The body holds NaN, which is not JSON."),
        (b'{"cover": -Infinity}', 400, "The body holds -Infinity, which is not JSON."),
        (b'{"cover": 1e999}', 400, "The body holds a number that is too large."),
        (b'{"cover": ' + b"9" * 20 + b"}", 400, "The body holds a number that is too large."),
        (b'{"cover": ' + b"9" * 5000 + b"}", 400, "The body holds a number that is too large."),
        (b'{"title": "\xff"}', 400, "The body is not UTF-8."),
        (b'\xef\xbb\xbf{"title": "x"}', 400, None),
        (b'{"title": "\\ud800"}', 400, "The body holds half of a character (a lone surrogate)."),
        (b'{"\\udfff": 1}', 400, "The body holds half of a character (a lone surrogate)."),
        (b"[" * 50 + b"]" * 50, 400, "The body is nested too deeply."),
        (b"[" * 100_000, 400, "The body is nested too deeply."),
        (b'{"a":' * 100_000, 400, "The body is nested too deeply."),
        (b"[]", 422, "Please correct what is marked."),
        (b"null", 422, "Please correct what is marked."),
        (b'"title"', 422, "Please correct what is marked."),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_with_a_reason(
    api: Program, data: bytes, status: int, says: str | None
) -> None:
    refused = api.post("/posts", data=data, content_type="application/json")
    assert (refused.status_code, refused.mimetype) == (status, "application/problem+json")
    assert says is None or refused.json["detail"] == says


def test_zero_bytes_and_control_characters_harm_nothing(api: Program) -> None:
    made = api.post("/posts", json={"title": "Fog\x00\x01", "body": "Thick\x00.\r\n"})
    assert (made.status_code, made.json["title"], made.json["body"]) == (201, "Fog", "Thick.")
    for query in ("section=%00", "tag=a%00b", "person=%00", "language=%00", "cursor=%00", "kind=%00"):
        assert api.get(f"/posts?{query}").status_code == 422
    for path in ("/people/%00", "/people/a%00b", "/people/%ED%A0%80", "/people/%FF"):
        assert api.get(path).status_code == 404
    assert api.get("/tags?search=%00").status_code == 422


@pytest.mark.parametrize("number", ["0", "2147483648", "99999999999999999999", "-1", "1.0", "١", "x"])
def test_a_number_that_no_post_can_have_is_404(api: Program, number: str) -> None:
    for method in ("GET", "PATCH", "DELETE"):
        assert api.call(method, f"/posts/{number}", json={} if method == "PATCH" else None).status_code == 404


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_only_json_is_taken(api: Program, content_type: str) -> None:
    refused = api.post("/posts", data=b'{"title": "x"}', content_type=content_type)
    assert (refused.status_code, refused.json["title"]) == (415, "Unsupported Media Type")
    other = api.post("/posts", data=b'{"title": "x"}', content_type="application/json; charset=gbk")
    assert other.status_code == 415


def test_a_body_that_is_too_large_is_413(api: Program) -> None:
    refused = api.post("/posts", json={"title": "x", "body": "x" * 1_100_000})
    assert (refused.status_code, refused.mimetype) == (413, "application/problem+json")


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 200),
        ("*/*", 200),
        ("application/*", 200),
        ("text/html, */*;q=0.1", 200),
        ("text/html", 406),
        ("application/json;q=0", 406),
        ("application/xml", 406),
    ],
)
def test_what_they_accept_must_be_json(api: Program, accept: str, status: int) -> None:
    answer = api.get("/posts", headers={"Accept": accept})
    assert answer.status_code == status
    assert answer.mimetype == ("application/json" if status == 200 else "application/problem+json")


def test_an_address_without_that_method_says_which_it_has(api: Program) -> None:
    refused = api.put("/posts")
    assert (refused.status_code, refused.mimetype) == (405, "application/problem+json")
    assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    nowhere = api.get("/nowhere")
    assert (nowhere.status_code, nowhere.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?limit=0", "limit"),
        ("?limit=101", "limit"),
        ("?limit=ten", "limit"),
        ("?limit=1&limit=2", "limit"),
        ("?sort=title", "sort"),
        ("?kind=poem", "kind"),
        ("?state=hidden", "state"),
        ("?cursor=nonsense", "cursor"),
        ("?cursor=" + "A" * 401, "cursor"),
        ("?cursor=cG9zdHM6MQ==", "cursor"),
        ("?cursor=cG9zdHM6MTA0ODU3NjAwMDAwMA", "cursor"),
        ("?cursor=bWVkaWE6MQ", "cursor"),
        ("?cursor=%C3%A9", "cursor"),
        ("?cursor=", "cursor"),
    ],
)
def test_a_parameter_that_means_nothing_is_refused(api: Program, query: str, field: str) -> None:
    refused = api.get(f"/posts{query}")
    assert refused.status_code == 422
    assert list(errors(refused)) == [field]


def test_a_problem_is_told_in_the_language_of_the_request(api: Program) -> None:
    said = api.post("/posts", json={"titel": 1}, headers={"Accept-Language": "zh-CN"}).json
    assert said == {
        "type": "about:blank",
        "title": said["title"],
        "status": 422,
        "detail": said["detail"],
        "errors": [{"field": "titel", "message": "没有这个字段。"}],
    }


def test_at_most_thirty_errors_are_told(api: Program) -> None:
    refused = api.post("/posts", json={f"x{number}": 1 for number in range(1000)})
    assert len(refused.json["errors"]) == 30


# If-Match and If-None-Match -------------------------------------------------------------------------------------


def test_a_change_to_something_that_changed_meanwhile_is_412(api: Program) -> None:
    post = make_post()
    mine = api.get(f"/posts/{post.id}").headers["ETag"]
    with clock.stopped(NOW + timedelta(minutes=1)):
        theirs = api.patch(f"/posts/{post.id}", json={"title": "Theirs"}, headers={"If-Match": mine})
    assert (theirs.status_code, theirs.headers["ETag"] == mine) == (200, False)
    stale = {"If-Match": mine}
    for method, path, body in [
        ("PATCH", "", {"title": "Mine"}),
        ("DELETE", "", None),
        ("PUT", "/publication", {}),
        ("DELETE", "/publication", None),
        ("PUT", "/schedule", {"at": "2026-12-01T09:30", "zone": "UTC"}),
        ("DELETE", "/schedule", None),
    ]:
        refused = api.call(method, f"/posts/{post.id}{path}", json=body, headers=stale)
        assert (method, path, refused.status_code) == (method, path, 412)
    assert api.get(f"/posts/{post.id}").json["title"] == "Theirs"
    fresh = {"If-Match": f'"nonsense", {theirs.headers["ETag"]}'}
    assert api.patch(f"/posts/{post.id}", json={"title": "Mine"}, headers=fresh).status_code == 200
    assert api.delete(f"/posts/{post.id}", headers={"If-Match": "*"}).status_code == 204


@pytest.mark.parametrize(
    "header", ['"x"', "x", "W/", '"', ",", '"1', 'W/"1.x"', '"😀"'.encode().decode("latin-1")]
)
def test_an_if_match_that_we_did_not_write_is_412(api: Program, header: str) -> None:
    post = make_post()
    assert api.patch(f"/posts/{post.id}", json={}, headers={"If-Match": header}).status_code == 412


def test_what_they_have_already_is_not_sent_again(api: Program) -> None:
    post = make_post()
    first = api.get(f"/posts/{post.id}")
    again = api.get(f"/posts/{post.id}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    lists = api.get("/posts")
    assert api.get("/posts", headers={"If-None-Match": lists.headers["ETag"]}).status_code == 304


# Idempotency-Key ------------------------------------------------------------------------------------------------


def test_a_repeated_request_with_a_key_makes_one_thing(api: Program) -> None:
    key = {"Idempotency-Key": "one"}
    first = api.post("/posts", json={"title": "Fog"}, headers=key)
    again = api.post("/posts", json={"title": "Fog"}, headers=key)
    assert (again.status_code, again.json) == (201, first.json)
    assert (again.headers["Location"], again.headers["ETag"]) == (
        first.headers["Location"],
        first.headers["ETag"],
    )
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert len(api.get("/posts").json["items"]) == 1


def test_a_key_belongs_to_one_request_of_one_person(api: Program, app: Flask) -> None:
    key = {"Idempotency-Key": "one"}
    api.post("/posts", json={"title": "Fog"}, headers=key)
    refused = api.post("/posts", json={"title": "Rain"}, headers=key)
    assert list(errors(refused)) == ["Idempotency-Key"]
    assert api.post("/tags", json={"name": {"en": "Fog"}}, headers=key).status_code == 422
    other = Program(app, make_person("Mei", "editor"))
    assert other.post("/posts", json={"title": "Rain"}, headers=key).json["title"] == "Rain"


def test_a_refused_request_leaves_its_key_free(api: Program) -> None:
    key = {"Idempotency-Key": "one"}
    assert api.post("/posts", json={"title": ""}, headers=key).status_code == 422
    assert api.post("/posts", json={"title": "Fog"}, headers=key).status_code == 201


def test_a_key_is_forgotten_after_a_day(api: Program) -> None:
    from cms.api.jobs import forget_answers
    from cms.api.models import RememberedAnswer

    key = {"Idempotency-Key": "one"}
    api.post("/posts", json={"title": "Fog"}, headers=key)
    with clock.stopped(NOW + timedelta(hours=23)):
        assert forget_answers() == {}
        assert len({api.post("/posts", json={"title": "Fog"}, headers=key).json["id"] for _ in range(2)}) == 1
    with clock.stopped(NOW + timedelta(hours=24)):
        assert "Idempotent-Replayed" not in api.post("/posts", json={"title": "Fog"}, headers=key).headers
    with clock.stopped(NOW + timedelta(hours=48)):
        assert forget_answers() == {"forgotten": 1}
    assert db.session.query(RememberedAnswer).count() == 0


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "ключ".encode().decode("latin-1"), "a b"])
def test_a_key_that_is_none_is_refused(api: Program, key: str) -> None:
    refused = api.post("/posts", json={"title": "Fog"}, headers={"Idempotency-Key": key})
    assert list(errors(refused)) == ["Idempotency-Key"]
    assert json.loads(api.get("/posts").data)["items"] == []
