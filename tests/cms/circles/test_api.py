"""Circles over the API: the gate, the policy and versions hold there too."""

import pytest
from flask.testing import FlaskClient

from tests.cms.circles.making import make_circle, make_topic
from tests.factories import ivy, make_person, rae, token_headers

pytestmark = pytest.mark.usefixtures("app")
NEW = {"name": "Night photographers", "purpose": "Long exposures.", "join_policy": "request"}


def test_a_circle_is_made_once_and_read_back(client: FlaskClient) -> None:
    headers = {**token_headers(rae()), "Idempotency-Key": "one"}
    made = client.post("/api/v1/circles", json=NEW, headers=headers)
    assert made.status_code == 201
    assert client.post("/api/v1/circles", json=NEW, headers=headers).json == made.json
    read = client.get(made.headers["Location"], headers=headers).json
    assert (read["join_policy"], read["standing"], read["members"]) == ("request", "member", 1)


def test_changing_one_setting_leaves_the_others_and_needs_the_version(client: FlaskClient) -> None:
    headers = token_headers(rae())
    made = client.post("/api/v1/circles", json={**NEW, "content_default": "members"}, headers=headers)
    address, etag = made.headers["Location"], made.headers["ETag"]
    changed = client.patch(address, json={"visibility": "members"}, headers={**headers, "If-Match": etag})
    assert (changed.json["visibility"], changed.json["join_policy"]) == ("members", "request")
    assert changed.json["content_default"] == "members"
    again = client.patch(address, json={"visibility": "public"}, headers={**headers, "If-Match": etag})
    assert again.status_code == 412
    assert (
        client.patch(address, json={"visibility": "public"}, headers=token_headers(ivy())).status_code == 404
    )


def test_list_and_detail_share_the_gate(client: FlaskClient) -> None:
    owner = make_person("Olga Petrova", "member")
    hidden, shown = make_circle("Inner", owner=owner, visibility="hidden"), make_circle("Outer", owner=ivy())
    make_topic(hidden, owner)
    reader = token_headers(rae())
    listed = client.get("/api/v1/circles", headers=reader).json
    assert [one["id"] for one in listed["items"]] == [shown.id]
    for rest in ("", "/topics"):
        assert client.get(f"/api/v1/circles/{hidden.id}{rest}", headers=reader).status_code == 404
        assert (
            client.get(f"/api/v1/circles/{hidden.id}{rest}", headers=token_headers(owner)).status_code == 200
        )
    assert client.put(f"/api/v1/circles/{hidden.id}/membership", headers=reader).status_code == 404


def test_joining_asks_the_policy(client: FlaskClient) -> None:
    circle, reader = make_circle(join_policy="request"), token_headers(rae())
    address = f"/api/v1/circles/{circle.id}/membership"
    assert client.put(address, headers=reader).json == {"standing": "requested"}
    topics = f"/api/v1/circles/{circle.id}/topics"
    assert client.post(topics, json={"title": "A", "body": "B"}, headers=reader).status_code == 403
    assert client.delete(address, headers=reader).status_code == 204


def test_pages_of_topics_follow_each_other(client: FlaskClient) -> None:
    owner = make_person("Olga Petrova", "member")
    circle = make_circle(owner=owner)
    for number in range(3):
        make_topic(circle, owner, f"Topic {number}")
    headers, address = token_headers(owner), f"/api/v1/circles/{circle.id}/topics?limit=2"
    first = client.get(address, headers=headers).json
    second = client.get(f"{address}&cursor={first['next']}", headers=headers).json
    titles = [one["title"] for one in [*first["items"], *second["items"]]]
    assert titles == ["Topic 2", "Topic 1", "Topic 0"]
    assert second["next"] is None
