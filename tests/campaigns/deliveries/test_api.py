"""Deliveries in the API."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns.deliveries.models import Delivery, Variant
from cms.core.database import db, transaction
from tests.campaigns.deliveries.making import make_account, plan, story
from tests.cms.api.conftest import Program, errors
from tests.factories import make_campaign, make_media, make_note, make_post, nadia, read_again

AT = {"at": "2026-12-01T09:30", "zone": "Asia/Shanghai"}


@pytest.fixture
def api(app: Flask) -> Program:
    """A program that acts for Nadia."""
    return Program(app, nadia())


def put_into(delivery_id: int, state: str) -> None:
    with transaction():
        read_again(Delivery, delivery_id).state = state


def test_a_delivery_is_planned_read_listed_moved_and_cancelled(api: Program) -> None:
    post, account = make_post(), make_account()
    campaign = make_campaign(posts=[post])
    made = api.post(f"/posts/{post.id}/deliveries", json={"account": account.id, **AT})
    assert made.status_code == 201
    where = made.headers["Location"].removeprefix("/api/v1")
    row = db.session.scalars(select(Delivery)).one()
    assert where == f"/deliveries/{row.id}"
    assert made.json["link"].startswith("http://localhost/l/")
    assert made.json == {
        "id": row.id,
        "post": post.id,
        "title": "Spring notes",
        "account": account.id,
        "channel": "webhook",
        "campaign": campaign.slug,
        "state": "scheduled",
        "code": "",
        "reason": "",
        "occurrence": 1,
        "planned_at": "2026-12-01T01:30:00Z",
        "wall": "2026-12-01T09:30",
        "zone": "Asia/Shanghai",
        "sent_at": None,
        "url": "",
        "remote_id": "",
        "is_draft": False,
        "deleted_at": None,
        "link": made.json["link"],
        "attempts": 0,
        "version": 1,
    }
    assert api.get(where).json == made.json
    assert api.get(f"/posts/{post.id}/deliveries").json == {"items": [made.json], "next": None}
    moved = api.put(f"{where}/time", json={"at": "2026-12-02T09:30:00+08:00", "zone": "Europe/Berlin"})
    assert (moved.status_code, moved.json["planned_at"], moved.json["wall"], moved.json["version"]) == (
        200, "2026-12-02T01:30:00Z", "2026-12-02T02:30", 2,
    )  # fmt: skip
    stopped = api.put(f"{where}/cancellation")
    assert (stopped.status_code, stopped.json["state"]) == (200, "cancelled")
    assert api.put(f"{where}/cancellation").json == stopped.json
    assert story(row.id) == ["planned", "moved", "cancelled"]


def test_now_slot_and_publication_need_no_clock(api: Program) -> None:
    account = make_account(slots=[(0, "09:00")])
    draft, live = make_post("Draft", publish=False), make_post("Live")
    told = [
        api.post(f"/posts/{one.id}/deliveries", json={"account": account.id, "at": at}).json
        for one, at in ((live, "now"), (make_post("Third"), "slot"), (draft, "publication"))
    ]
    assert [(one["state"], one["planned_at"]) for one in told] == [
        ("scheduled", "2026-11-21T12:00:00Z"),
        ("scheduled", "2026-11-23T01:00:00Z"),
        ("waiting", None),
    ]


def test_a_text_and_pictures_of_its_own_become_the_version_of_this_account(api: Program) -> None:
    post, account, picture = make_post(), make_account("T", "telegram"), make_media(alt="A mast")
    body = {"account": account.id, **AT, "text": "Look {link}", "media": [{"id": picture.id}]}
    assert api.post(f"/posts/{post.id}/deliveries", json=body).status_code == 201
    assert db.session.scalars(select(Variant.parts)).all() == [
        [{"text": "Look {link}", "media": [[picture.id, "A mast"]]}]
    ]
    put_into(db.session.scalars(select(Delivery.id)).one(), "sent")
    same = api.post(f"/posts/{post.id}/deliveries", json={**body, "again": True})
    assert (same.status_code, same.json["occurrence"]) == (201, 2)
    put_into(same.json["id"], "sent")
    other = api.post(f"/posts/{post.id}/deliveries", json={**body, "text": "Other words", "again": True})
    assert (other.status_code, other.json["detail"]) == (
        409, "Nadia Rahimi saved this version after you opened it. Both are shown: keep what you want.",
    )  # fmt: skip
    assert len(db.session.scalars(select(Delivery.id)).all()) == 2


def test_an_idempotency_key_plans_once(api: Program) -> None:
    post, account = make_note(), make_account()
    asked = {"json": {"account": account.id, **AT}, "headers": {"Idempotency-Key": "k1"}}
    first = api.post(f"/posts/{post.id}/deliveries", **asked)
    again = api.post(f"/posts/{post.id}/deliveries", **asked)
    assert (again.status_code, again.json, again.headers["Idempotent-Replayed"]) == (201, first.json, "true")
    assert len(db.session.scalars(select(Delivery.id)).all()) == 1
    without = api.post(f"/posts/{post.id}/deliveries", json={"account": account.id, **AT})
    assert (without.status_code, without.json["title"]) == (409, "Conflict")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"account": "This is needed.", "at": "This is needed."}),
        ({"account": 999, **AT}, {"account": "There is no such account."}),
        ({"at": "2026-11-20T09:30"}, {"at": "This time has passed. Please choose another, or send it now."}),
        ({"at": "2026-13-20T09:30"}, {"at": "There is no such date or time."}),
        ({"at": "soon"}, {"at": "This is not written as it must be; the documentation says how."}),
        ({**AT, "zone": "Asia/Atlantis"}, {"zone": "Please choose a time zone from the list."}),
        (
            {"at": "2027-10-31T02:30", "zone": "Europe/Berlin"},
            {"at": "The clocks go back that night, so this time happens twice. Which one is meant?"},
        ),
        ({**AT, "text": "字" * 4100}, {"text": "This part is too long for the network, by 4."}),
        (
            {**AT, "text": "a", "media": [{"id": 9}]},
            {"media.0.id": "There is no such picture in the library."},
        ),
        ({**AT, "media_urls": []}, {"media_urls": "There is no such field."}),
    ],
)
def test_bad_input_is_refused_with_its_field_and_nothing_is_planned(
    api: Program, body: dict[str, object], expected: dict[str, str]
) -> None:
    post, account = make_post(), make_account("T", "telegram")
    sent = {"account": account.id, **body} if body and "account" not in body else body
    refused = api.post(f"/posts/{post.id}/deliveries", json=sent)
    assert (refused.status_code, errors(refused)) == (422, expected)
    assert db.session.scalars(select(Delivery.id)).all() == []
    assert db.session.scalars(select(Variant.id)).all() == []


def test_an_embargo_is_refused_like_any_other_bad_time(api: Program) -> None:
    post, account = make_post(publish=False), make_account()
    with transaction():
        db.session.get_one(type(post), post.id).embargo_until = datetime(2027, 1, 1, tzinfo=UTC)
    refused = api.post(f"/posts/{post.id}/deliveries", json={"account": account.id, **AT})
    assert refused.status_code == 422
    assert errors(refused)["post"].startswith("An embargo stands until")


def test_which_of_two_times_is_meant_is_said_by_the_offset(api: Program) -> None:
    account = make_account()
    told = [
        api.post(
            f"/posts/{make_post(offset).id}/deliveries",
            json={"account": account.id, "at": f"2027-10-31T02:30:00{offset}", "zone": "Europe/Berlin"},
        ).json["planned_at"]
        for offset in ("+02:00", "+01:00")
    ]
    assert told == ["2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"]


def test_a_change_on_an_old_version_is_refused(api: Program) -> None:
    made = plan(make_post(), make_account())
    where = f"/deliveries/{made.id}"
    etag = api.get(where).headers["ETag"]
    assert api.put(f"{where}/time", json=AT, headers={"If-Match": etag}).status_code == 200
    for path, body in ((f"{where}/time", AT), (f"{where}/cancellation", None)):
        assert api.put(path, json=body, headers={"If-Match": etag}).status_code == 412


def test_only_what_was_refused_is_sent_again(api: Program) -> None:
    made = plan(make_post(), make_account())
    refused = api.post(f"/deliveries/{made.id}/retry")
    assert (refused.status_code, refused.json["detail"]) == (
        409, "Only a delivery that was refused can be sent again.",
    )  # fmt: skip
    put_into(made.id, "refused")
    again = api.post(f"/deliveries/{made.id}/retry")
    assert (again.status_code, again.json["state"]) == (200, "scheduled")


def test_the_list_is_paged_and_of_one_post(api: Program) -> None:
    post, other = make_post(), make_post("Other")
    made = [plan(post, make_account(f"Hook {one}")).id for one in range(3)]
    plan(other, make_account("Else"))
    first = api.get(f"/posts/{post.id}/deliveries?limit=2").json
    assert [one["id"] for one in first["items"]] == [made[2], made[1]]
    second = api.get(f"/posts/{post.id}/deliveries?limit=2&cursor={first['next']}").json
    assert ([one["id"] for one in second["items"]], second["next"]) == ([made[0]], None)


def test_what_is_not_there_is_404_and_a_token_needs_the_scope(app: Flask) -> None:
    by = nadia()
    reader = Program(app, by, "deliveries:read")
    post, account = make_post(), make_account()
    assert reader.get(f"/posts/{post.id}/deliveries").status_code == 200
    refused = reader.post(f"/posts/{post.id}/deliveries", json={"account": account.id, **AT})
    assert refused.status_code == 403
    assert [reader.get(path).status_code for path in ("/deliveries/999", "/posts/999/deliveries")] == [
        404,
        404,
    ]


def test_an_account_gets_an_article_of_its_own(api: Program) -> None:
    post, account = make_post(), make_account()
    body = {"account": account.id, **AT, "body": "Copper rots.\n\nMore at {link}"}
    made = api.post(f"/posts/{post.id}/deliveries", json=body)
    assert made.status_code == 201
    kept = db.session.scalars(select(Variant)).one()
    assert (kept.body, kept.parts) == ("Copper rots.\n\nMore at {link}", None)
    assert "<p>Copper rots.</p>" in (kept.body_html or "")
    put_into(made.json["id"], "sent")
    same = api.post(f"/posts/{post.id}/deliveries", json={**body, "again": True})
    assert (same.status_code, read_again(Variant, kept.id).version) == (201, 1)
    put_into(same.json["id"], "sent")
    other = api.post(f"/posts/{post.id}/deliveries", json={**body, "body": "Other words", "again": True})
    assert other.status_code == 409
    assert read_again(Variant, kept.id).body == kept.body


def test_a_network_without_articles_takes_none(api: Program) -> None:
    post, account = make_post(), make_account("T", "telegram")
    refused = api.post(f"/posts/{post.id}/deliveries", json={"account": account.id, **AT, "body": "Words"})
    assert errors(refused) == {"body": "This network carries no whole articles."}
