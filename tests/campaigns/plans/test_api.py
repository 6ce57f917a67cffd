"""Campaigns in the API, and the campaign of a post."""

from typing import Any

import pytest
from flask import Flask

from campaigns.plans import queries
from cms.core.database import db
from cms.people.queries import audit_entries
from tests.cms.api.conftest import Program, errors
from tests.factories import make_campaign, make_person, make_post, nadia

NEW: dict[str, Any] = {
    "name": {"en": "Light for schools", "zh": "为学校点灯"},
    "kind": "csr",
    "cause": {"en": "Reading after dark."},
    "sdg_targets": ["4.1"],
    "starts_on": "2026-12-01",
    "ends_on": "2027-03-31",
    "zone": "Asia/Shanghai",
    "story": {"en": "Every **school**."},
    "audiences": [{"kind": "users", "size": 12000, "source": "Ministry, 2025"}],
    "money": [
        {"side": "budget", "amount": "12000.5", "currency": "CNY", "description": "Lamps"},
        {"side": "cost", "amount": "900", "currency": "JPY", "spent_on": "2026-12-02"},
    ],
    "targets": [{"measure": "reach", "number": 50000}],
    "partners": [
        {"resource": "partner", "name": "Sunrise", "url": "https://sunrise.example", "is_public": True}
    ],
    "pages": [{"url": "https://example.com/light"}],
}


def test_a_campaign_is_made_read_listed_and_changed(api: Program) -> None:
    made = api.post("/campaigns", json={**NEW, "owner": "nadia"})
    assert made.status_code == 201
    assert made.headers["Location"] == f"/api/v1/campaigns/{made.json['id']}"
    assert made.json == {
        "id": made.json["id"],
        "slug": "light-for-schools",
        "url": None,
        "name": NEW["name"],
        "summary": {},
        "kind": "csr",
        "state": "planned",
        "owner": "nadia",
        "starts_on": "2026-12-01",
        "ends_on": "2027-03-31",
        "zone": "Asia/Shanghai",
        "is_public": False,
        "posts": 0,
        "budget": {"CNY": "12000.50"},
        "cost": {"JPY": "900"},
        "created_at": "2026-11-21T12:00:00Z",
        "edited_at": "2026-11-21T12:00:00Z",
        "story": {"en": "Every **school**."},
        "purpose": "",
        "cause": {"en": "Reading after dark."},
        "sdg_targets": ["4.1"],
        "currency": "CNY",
        "cover": None,
        "audiences": [
            {"kind": "users", "description": "", "size": 12000, "source": "Ministry, 2025"},
        ],
        "money": [
            {
                "side": "budget",
                "amount": "12000.50",
                "currency": "CNY",
                "channel": None,
                "description": "Lamps",
                "spent_on": None,
            },
            {
                "side": "cost",
                "amount": "900",
                "currency": "JPY",
                "channel": None,
                "description": "",
                "spent_on": "2026-12-02",
            },
        ],
        "targets": [{"measure": "reach", "number": 50000, "label": "", "by_on": None}],
        "partners": [
            {
                "resource": "partner",
                "name": "Sunrise",
                "url": "https://sunrise.example",
                "description": "",
                "is_public": True,
            }
        ],
        "pages": [{"url": "https://example.com/light", "label": "", "is_public": False}],
    }
    where = made.headers["Location"].removeprefix("/api/v1")
    assert api.get(where).json == made.json
    listed = api.get("/campaigns").json["items"]
    assert listed == [{name: made.json[name] for name in listed[0]}]
    etag = made.headers["ETag"]
    changed = api.patch(where, json={"is_public": True, "money": []}, headers={"If-Match": etag})
    assert changed.json == {
        **made.json,
        "is_public": True,
        "url": "http://localhost/campaigns/light-for-schools",
        "money": [],
        "budget": {},
        "cost": {},
    }
    assert api.patch(where, json={"purpose": "x"}, headers={"If-Match": etag}).status_code == 412
    begun = api.patch(where, json={"state": "running"}, headers={"If-Match": changed.headers["ETag"]})
    assert (begun.json["state"], begun.json["starts_on"]) == ("running", "2026-11-21")
    refused = api.patch(where, json={"state": "archived"})
    assert refused.status_code == 409
    assert refused.json["detail"] == "It is running. It can be paused or finished; from there it goes on."
    acts = [one.act for one in audit_entries() if one.act.startswith("campaign")]
    assert acts == ["campaign.moved", "campaign.changed", "campaign.created"]


def test_a_repeated_request_makes_one_campaign(api: Program) -> None:
    first = api.post("/campaigns", json=NEW, headers={"Idempotency-Key": "once"})
    again = api.post("/campaigns", json=NEW, headers={"Idempotency-Key": "once"})
    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(queries.campaigns()) == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": {}}, "name"),
        ({"name": {"fr": "x"}}, "name.fr"),
        ({"starts_on": None}, "starts_on"),
        ({"ends_on": "2026-11-01"}, "ends_on"),
        ({"ends_on": "soon"}, "ends_on"),
        ({"ends_on": "2027-02-30"}, "ends_on"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"currency": "XYZ"}, "currency"),
        ({"kind": "party"}, "kind"),
        ({"sdg_targets": ["4.9"]}, "sdg_targets"),
        ({"owner": "nobody"}, "owner"),
        ({"cover": 99}, "cover"),
        ({"audiences": [{"kind": "users", "size": 5}]}, "audiences.0.source"),
        ({"audiences": [{"kind": "users", "size": -5, "source": "x"}]}, "audiences.0.size"),
        ({"money": [{"side": "budget", "amount": "-5", "currency": "CNY"}]}, "money.0.amount"),
        ({"money": [{"side": "budget", "amount": "0.5", "currency": "JPY"}]}, "money.0.amount"),
        ({"money": [{"side": "budget", "amount": "5 yuan", "currency": "CNY"}]}, "money.0.amount"),
        ({"targets": [{"measure": "reach", "number": 0}]}, "targets.0.number"),
        ({"pages": [{"url": "file:///etc/passwd"}]}, "pages.0.url"),
        ({"state": "running"}, "state"),
        ({"slug": "!!"}, "slug"),
    ],
)
def test_what_makes_no_sense_is_named_with_its_field(
    api: Program, said: dict[str, object], field: str
) -> None:
    refused = api.post("/campaigns", json={**NEW, **said})
    assert refused.status_code == 422
    assert list(errors(refused)) == [field]
    assert queries.campaigns() == []


def test_days_that_are_none_get_a_sentence_of_ours(api: Program) -> None:
    refused = api.post("/campaigns", json={**NEW, "ends_on": "soon"})
    assert errors(refused) == {"ends_on": "This must be a day, such as 2026-12-01."}


def test_the_list_is_paged_and_narrowed(api: Program) -> None:
    made = [make_campaign(f"Number {one}").id for one in range(3)]
    first = api.get("/campaigns?limit=2").json
    second = api.get(f"/campaigns?limit=2&cursor={first['next']}").json
    assert [one["id"] for one in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None
    assert [one["id"] for one in api.get("/campaigns?search=number+1").json["items"]] == [made[1]]
    assert api.get("/campaigns?state=archived").json["items"] == []
    assert api.get("/campaigns?owner=nobody").json["items"] == []
    assert api.get("/campaigns?cursor=bm9uc2Vuc2U").status_code == 422


def test_a_list_of_three_needs_as_many_queries_as_one(api: Program, count_queries: list[str]) -> None:
    counts = []
    for _ in range(3):
        make_campaign(owner_id=None)
        db.session.remove()
        count_queries.clear()
        assert api.get("/campaigns").status_code == 200
        counts.append(len(count_queries))
    assert counts[1] == counts[2]


def test_a_token_needs_the_scope(app: Flask) -> None:
    program = Program(app, nadia(), "campaigns:read")
    assert program.get("/campaigns").status_code == 200
    refused = program.post("/campaigns", json=NEW)
    assert refused.status_code == 403
    assert refused.json["detail"] == "This token may not do this: it lacks the scope campaigns:write."


# The campaign of a post -----------------------------------------------------------------------------------------


def test_a_post_says_which_campaign_it_serves_and_is_moved(api: Program) -> None:
    make_campaign("First"), make_campaign("Second")
    made = api.post("/posts", json={"title": "Fog", "body": "Thick.", "campaign": "first"})
    assert made.json["campaign"] == "first"
    where = f"/posts/{made.json['id']}"
    assert api.patch(where, json={"campaign": "second"}).json["campaign"] == "second"
    assert api.patch(where, json={"title": "Rain"}).json["campaign"] == "second"
    assert [one["campaign"] for one in api.get("/posts").json["items"]] == ["second"]
    assert api.patch(where, json={"campaign": None}).json["campaign"] is None
    assert queries.campaign_of_post(made.json["id"]) is None


def test_only_those_who_run_campaigns_choose_one_and_know_the_hidden_ones(app: Flask, api: Program) -> None:
    mei = make_person("Mei", "author")
    hidden, shown = make_campaign("Hidden"), make_campaign("Shown", is_public=True)
    first = make_post("One", by=mei, publish=False)
    second = make_post("Two", by=mei, publish=False)
    for post, campaign in ((first, hidden), (second, shown)):
        api.patch(f"/posts/{post.id}", json={"campaign": campaign.slug})
    hers = Program(app, mei)
    assert [one["campaign"] for one in hers.get("/posts").json["items"]] == ["shown", None]
    refused = hers.patch(f"/posts/{first.id}", json={"campaign": "shown"})
    assert refused.status_code == 403
    assert hers.patch(f"/posts/{second.id}", json={"campaign": None}).status_code == 403
    assert hers.post("/posts", json={"title": "Fog", "body": "x", "campaign": "shown"}).status_code == 403
    assert queries.campaign_ids_of_posts([first.id, second.id]) == {first.id: hidden.id, second.id: shown.id}
