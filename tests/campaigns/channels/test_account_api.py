"""Accounts in the API: connected with a test, changed, and never telling a secret."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns.channels.models import Account
from campaigns.channels.seats import read_secrets
from cms.api.models import RememberedAnswer
from cms.core.database import db
from tests.campaigns.channels.connecting import make_account, make_delivery, reach_loopback
from tests.cms.api.conftest import Program, errors
from tests.factories import nadia, read_again, tom
from tests.networks import running
from tests.networks.telegram import CHAT, TOKEN, TelegramServer


@pytest.fixture
def there(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[TelegramServer]:
    reach_loopback(app, monkeypatch)
    with running(TelegramServer()) as network:
        yield network


@pytest.fixture
def api(app: Flask) -> Program:
    """Tom's program: he manages, and it may do everything."""
    return Program(app, tom())


def new(url: str, **rest: Any) -> dict[str, Any]:
    return {
        "channel": "telegram",
        "zone": "Asia/Shanghai",
        "settings": {"chat": "@mast", "base": url},
        "secrets": {"token": TOKEN},
        **rest,
    }


def test_an_account_is_connected_and_read_without_its_secret(api: Program, there: TelegramServer) -> None:
    made = api.post("/accounts", json=new(there.url))
    assert made.status_code == 201
    number = made.json["id"]
    assert made.headers["Location"] == f"/api/v1/accounts/{number}"
    assert made.json == {
        "id": number,
        "channel": "telegram",
        "name": "Mast and sail",
        "state": "active",
        "problem": "",
        "problem_code": "",
        "remote_id": str(CHAT),
        "remote_name": "Mast and sail",
        "remote_url": "https://t.me/mast",
        "zone": "Asia/Shanghai",
        "language": "",
        "mode": "publish",
        "quiet_from": "",
        "quiet_until": "",
        "latest_minutes": 720,
        "prefix": "",
        "signature": "",
        "utm_source": "telegram",
        "utm_medium": "social",
        "settings": {"chat": "@mast", "base": there.url},
        "secrets": ["token"],
        "slots": [],
        "waiting": 0,
        "expires_at": None,
        "checked_at": "2026-11-21T12:00:00Z",
        "limited_until": None,
        "created_at": "2026-11-21T12:00:00Z",
    }
    assert api.get(f"/accounts/{number}").json == made.json
    assert api.get("/accounts").json == {"items": [made.json], "next": None}
    assert read_secrets(read_again(Account, number).secrets) == {"token": TOKEN}
    for answer in (made, api.get("/accounts"), api.get(f"/accounts/{number}")):
        assert TOKEN not in answer.text


def test_a_repeated_request_connects_once_and_remembers_no_secret(
    api: Program, there: TelegramServer
) -> None:
    first, second = (
        api.post("/accounts", json=new(there.url), headers={"Idempotency-Key": "once"}) for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json == first.json
    kept = db.session.scalars(select(RememberedAnswer)).one()
    assert TOKEN not in kept.body
    assert api.post("/accounts", json=new(there.url)).status_code == 409


def test_what_is_wrong_is_named_by_its_path_and_stores_nothing(api: Program, there: TelegramServer) -> None:
    wrong = new(there.url, secrets={"token": "1:no"})
    assert errors(api.post("/accounts", json=wrong)) == {
        "secrets.token": "Telegram does not know this token."
    }
    assert errors(api.post("/accounts", json=new("http://10.0.0.1"))) == {
        "settings.base": "This address cannot be fetched. Please give the public http or https address of a website."
    }
    assert errors(api.post("/accounts", json=new("nowhere", secrets={}))) == {
        "settings.base": "This is not an address. It begins with https:// and has no spaces.",
        "secrets.token": "Please fill this in.",
    }
    unknown = new(there.url, settings={"chat": "@mast", "colour": "red"})
    assert errors(api.post("/accounts", json=unknown)) == {"settings.colour": "There is no such field."}
    assert list(errors(api.post("/accounts", json=new(there.url, channel="myspace")))) == ["channel"]
    assert errors(api.post("/accounts", json=new(there.url, zone="Mars/Olympus"))) == {
        "zone": "Please choose a time zone from the list."
    }
    assert db.session.scalars(select(Account)).all() == []


def test_what_does_not_work_is_saved_paused_when_asked_for(api: Program, there: TelegramServer) -> None:
    made = api.post("/accounts", json=new(there.url, secrets={"token": "1:no"}, save_untested=True))
    assert (made.status_code, made.json["state"], made.json["problem_code"]) == (201, "paused", "untested")


def test_only_what_is_named_changes(api: Program) -> None:
    account = make_account("First", signature="Yours")
    make_delivery(account)
    changed = api.patch(
        f"/accounts/{account.id}",
        json={"name": "Second", "slots": [{"weekday": 0, "time": "9:30"}, {"weekday": 4, "time": "17:00"}]},
    )
    assert changed.status_code == 200
    assert (changed.json["name"], changed.json["signature"], changed.json["waiting"]) == (
        "Second",
        "Yours",
        1,
    )
    assert changed.json["slots"] == [{"weekday": 0, "time": "09:30"}, {"weekday": 4, "time": "17:00"}]
    again = api.patch(f"/accounts/{account.id}", json={"slots": [{"weekday": 4, "time": "17:00"}]})
    assert again.json["slots"] == [{"weekday": 4, "time": "17:00"}]
    assert errors(api.patch(f"/accounts/{account.id}", json={"quiet_from": "22:00"})) == {
        "quiet_until": "Quiet hours have a beginning and an end."
    }
    assert errors(api.patch(f"/accounts/{account.id}", json={"latest_minutes": "soon"})) == {
        "latest_minutes": "This must be a whole number."
    }


def test_an_account_is_paused_and_resumed(api: Program) -> None:
    account = make_account()
    paused = api.patch(f"/accounts/{account.id}", json={"state": "paused", "reason": "Storm"}).json
    assert (paused["state"], paused["problem"], paused["problem_code"]) == ("paused", "Storm", "person")
    assert api.get("/accounts?state=active").json["items"] == []
    assert api.patch(f"/accounts/{account.id}", json={"state": "active"}).json["state"] == "active"


def test_a_stale_change_is_refused(api: Program) -> None:
    account = make_account()
    here = f"/accounts/{account.id}"
    etag = api.get(here).headers["ETag"]
    assert api.patch(here, json={"name": "Second"}, headers={"If-Match": etag}).status_code == 200
    assert api.patch(here, json={"name": "Third"}, headers={"If-Match": etag}).status_code == 412


def test_secrets_are_rotated_after_a_test_and_never_sent_elsewhere(
    api: Program, there: TelegramServer
) -> None:
    here = f"/accounts/{api.post('/accounts', json=new(there.url)).json['id']}"
    assert errors(api.patch(here, json={"secrets": {"token": "1:no"}})) == {
        "secrets.token": "Telegram does not know this token."
    }
    assert api.patch(here, json={"secrets": {"token": TOKEN}}).status_code == 200
    with running(TelegramServer()) as elsewhere:
        moved = api.patch(here, json={"settings": {"base": elsewhere.url}})
        assert elsewhere.requests == []
    assert list(errors(moved)) == ["secrets.token"]


def test_an_editor_runs_accounts_but_gives_no_credentials(app: Flask) -> None:
    account, editor = make_account(), Program(app, nadia())
    here = f"/accounts/{account.id}"
    assert editor.patch(here, json={"name": "Second"}).status_code == 200
    assert editor.patch(here, json={"secrets": {"token": "x"}}).status_code == 403
    assert editor.post("/accounts", json=new("https://example.com")).status_code == 403


def test_a_token_needs_the_scope_of_accounts(app: Flask) -> None:
    reading = Program(app, tom(), "accounts:read")
    account = make_account()
    assert reading.get(f"/accounts/{account.id}").status_code == 200
    assert reading.patch(f"/accounts/{account.id}", json={"name": "x"}).status_code == 403


def test_the_list_goes_on(api: Program) -> None:
    numbers = [make_account(f"Number {one}").id for one in range(3)]
    first = api.get("/accounts?limit=2").json
    rest = api.get(f"/accounts?limit=2&cursor={first['next']}").json
    assert [one["id"] for one in first["items"] + rest["items"]] == numbers
    assert rest["next"] is None


def test_one_account_and_three_ask_the_same_number_of_questions(
    api: Program, count_queries: list[str]
) -> None:
    def ask() -> int:
        count_queries.clear()
        assert api.get("/accounts").status_code == 200
        return len(count_queries)

    make_delivery(make_account("One"))
    ask()
    one = ask()
    for name in ("Two", "Three"):
        make_delivery(make_account(name))
    assert ask() == one
