"""Links in the API."""

from typing import Any

import pytest
from flask import Flask

from campaigns.links.models import Link
from cms.core.database import db
from cms.people.queries import audit_entries
from tests.campaigns.links.making import make_account, make_campaign, make_link
from tests.cms.api.conftest import Program, errors
from tests.factories import make_post, nadia

NEW: dict[str, Any] = {
    "target": "https://partner.example.com/shop?id=12",
    "label": "Poster",
    "campaign": "clean-rivers",
    "utm": {"source": "Hall-Poster", "medium": "print"},
    "expires_at": "2026-12-24T18:00:30+08:00",
    "replacement": "/sections",
}


def test_a_link_is_made_read_listed_changed_and_ended(api: Program) -> None:
    make_campaign("clean-rivers")
    post = make_post()
    made = api.post("/links", json={**NEW, "post": post.id})
    assert made.status_code == 201
    where = made.headers["Location"].removeprefix("/api/v1")
    code = made.json["code"]
    assert made.json == {
        "id": made.json["id"],
        "code": code,
        "url": f"http://localhost/l/{code}",
        "target": "https://partner.example.com/shop?id=12",
        "label": "Poster",
        "campaign": "clean-rivers",
        "account": None,
        "post": post.id,
        "utm": {"source": "hall-poster", "medium": "print", "campaign": "clean-rivers"},
        "is_locked": False,
        "expires_at": "2026-12-24T10:00:30Z",
        "replacement": "http://localhost/sections",
        "ended_at": None,
        "created_at": "2026-11-21T12:00:00Z",
        "clicks": None,
        "verified_clicks": None,
    }
    assert api.get(where).json == made.json
    assert api.get("/links").json == {"items": [made.json], "next": None}
    etag = made.headers["ETag"]
    changed = api.patch(
        where, json={"target": "/posts/x", "utm": {}, "campaign": None}, headers={"If-Match": etag}
    )
    assert changed.json == {
        **made.json,
        "target": "http://localhost/posts/x",
        "utm": {},
        "campaign": None,
    }
    assert api.patch(where, json={"label": "x"}, headers={"If-Match": etag}).status_code == 412
    assert api.put(f"{where}/end").json["ended_at"] == "2026-11-21T12:00:00Z"
    assert api.get("/links?state=open").json["items"] == []
    assert api.delete(f"{where}/end").json["ended_at"] is None
    acts = [one.act for one in audit_entries() if one.act.startswith("link")]
    assert acts == ["link.resumed", "link.ended", "link.changed", "link.created"]


def test_a_repeated_request_makes_one_link(api: Program) -> None:
    first = api.post("/links", json={"target": "/"}, headers={"Idempotency-Key": "once"})
    again = api.post("/links", json={"target": "/"}, headers={"Idempotency-Key": "once"})
    assert (again.json, again.headers["Idempotent-Replayed"]) == (first.json, "true")
    assert db.session.query(Link).count() == 1


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"target": "javascript:alert(1)"}, "target", "Only addresses that begin with http:// or https:// can be given."),
        ({"utm": {"source": "a b"}}, "utm.source", "A value has no spaces: please write a hyphen instead."),
        ({"campaign": "nothing"}, "campaign", "There is no such campaign."),
        ({"expires_at": "2026-11-21T12:00:00Z"}, "expires_at", "This time is over. To end the link now, press “End it”."),
        ({"expires_at": "2026-02-30T12:00:00Z"}, "expires_at", "There is no such date or time."),
        ({"replacement": "/l/2345678"}, "replacement", "This is a short link itself. Please give the address it leads to."),
        ({"post": 404}, "post", "There is no such post."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_field_by_field(
    api: Program, said: dict[str, Any], field: str, sentence: str
) -> None:
    refused = api.post("/links", json={"target": "/", **said})
    assert (refused.status_code, errors(refused)) == (422, {field: sentence})


def test_utm_campaign_is_not_typed(api: Program) -> None:
    refused = api.post("/links", json={"target": "/", "utm": {"campaign": "free text"}})
    assert (refused.status_code, list(errors(refused))) == (422, ["utm.campaign"])


def test_what_a_delivery_measured_stays(api: Program) -> None:
    link = make_link()
    refused = api.patch(f"/links/{link.id}", json={"target": "/posts/other"})
    assert (refused.status_code, refused.json["detail"][:41]) == (
        409,
        "This link was made for a delivery: its ta",
    )
    assert api.patch(f"/links/{link.id}", json={"label": "Known"}).json["label"] == "Known"


def test_the_list_is_narrowed_and_goes_on(api: Program) -> None:
    campaign, account, post = make_campaign("clean-rivers"), make_account(), make_post()
    first = make_link(campaign_id=campaign.id)
    second = make_link(account_id=account.id)
    third = make_link(post_id=post.id)

    def found(asked: str) -> list[int]:
        return [one["id"] for one in api.get(f"/links{asked}").json["items"]]

    assert found("?campaign=clean-rivers") == [first.id]
    assert found(f"?account={account.id}") == [second.id]
    assert found(f"?post={post.id}") == [third.id]
    assert found("?campaign=nothing") == []
    assert found(f"?search={third.code}") == [third.id]
    page = api.get("/links?limit=2").json
    assert [one["id"] for one in page["items"]] == [third.id, second.id]
    assert found(f"?limit=2&cursor={page['next']}") == [first.id]
    assert api.get("/links?cursor=bGlua3M6eA").status_code == 422


def test_a_token_needs_the_scope(app: Flask) -> None:
    reads = Program(app, nadia(), "links:read")
    assert reads.get("/links").status_code == 200
    assert reads.post("/links", json={"target": "/"}).status_code == 403


def test_the_list_makes_as_many_queries_for_three_as_for_one(api: Program, count_queries: list[str]) -> None:
    make_link(campaign_id=make_campaign("one").id)
    api.get("/links")
    count_queries.clear()
    api.get("/links")
    for_one = len(count_queries)
    for name in ("two", "three"):
        make_link(campaign_id=make_campaign(name).id)
    count_queries.clear()
    assert len(api.get("/links").json["items"]) == 3
    assert len(count_queries) == for_one
