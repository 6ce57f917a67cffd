"""The desk's pages about accounts, and the public address that ends letters."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.channels import letters, queries, services
from campaigns.channels.catalogue import ADAPTERS
from campaigns.channels.models import Account, AccountRecipient
from campaigns.channels.seats import read_secrets
from cms.core import clock
from cms.core.database import db, transaction
from tests.campaigns.channels.connecting import connect, make_account, make_delivery, reach_loopback, telegram
from tests.factories import nadia, read_again, sign_in, tom
from tests.networks import running
from tests.networks.telegram import TOKEN, TelegramServer


@pytest.fixture
def manager(client: FlaskClient) -> FlaskClient:
    sign_in(client, tom())
    return client


@pytest.fixture
def there(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[TelegramServer]:
    reach_loopback(app, monkeypatch)
    with running(TelegramServer()) as network:
        yield network


def form(url: str, **typed: str) -> dict[str, str]:
    fields = {f"field_{name}": value for name, value in telegram(url).items()}
    return {"name": "Ours", "language": "", "zone": "Asia/Shanghai", "mode": "publish", **fields, **typed}


def text(html: str) -> str:
    """What is read on a page, without marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def only_account() -> Account:
    db.session.expire_all()
    return db.session.scalars(select(Account)).one()


def test_every_network_is_offered_with_its_guide_and_every_field(manager: FlaskClient) -> None:
    offered = manager.get("/desk/channels/new").text
    assert re.findall(r'href="/desk/channels/new/(\w+)"', offered) == [one.key for one in ADAPTERS]
    for adapter in ADAPTERS:
        page = manager.get(f"/desk/channels/new/{adapter.key}").text
        assert set(re.findall(r'name="field_(\w+)"', page)) == {one.name for one in adapter.fields}
        assert page.count("<li>", page.find('class="steps"')) >= len(adapter.guide)


def test_a_network_there_is_not_is_nowhere(manager: FlaskClient) -> None:
    assert manager.get("/desk/channels/new/myspace").status_code == 404


def test_connecting_leads_to_the_account(manager: FlaskClient, there: TelegramServer) -> None:
    answer = manager.post("/desk/channels/new/telegram", data=form(there.url))
    account = only_account()
    assert (answer.status_code, answer.location) == (303, f"/desk/channels/{account.id}")
    page = manager.get(answer.location).text
    assert "It works: the network let us in." in page
    assert "Mast and sail" in page
    assert "Texts of at most 4,096 characters" in page


def test_a_failed_test_stores_nothing_and_keeps_what_was_typed_but_secrets(
    manager: FlaskClient, there: TelegramServer
) -> None:
    wrong = "123456789:WRONG-kind-of-secret"
    answer = manager.post("/desk/channels/new/telegram", data=form(there.url, field_token=wrong))
    assert answer.status_code == 422
    assert db.session.scalars(select(Account)).all() == []
    error = re.search(r'id="field_token-error">(.*?)</p>', answer.text, re.S)
    assert error is not None
    assert text(error[1]) == "Telegram does not know this token."
    assert 'value="@mast"' in answer.text
    assert 'value="Ours"' in answer.text
    assert wrong not in answer.text


def test_what_failed_is_saved_only_when_the_person_says_so(
    manager: FlaskClient, there: TelegramServer
) -> None:
    there.script(("401", {}, {"ok": False, "description": "Unauthorized"}))
    answer = manager.post("/desk/channels/new/telegram", data=form(there.url, anyway="1"))
    assert answer.status_code == 303
    assert (only_account().state, only_account().problem_code) == ("paused", "untested")
    page = text(manager.get(answer.location).text)
    assert "Telegram does not know this token." in page
    manager.post(f"{answer.location}/test")
    assert only_account().state == "active"


def test_an_address_inside_is_refused_beside_its_field(manager: FlaskClient) -> None:
    answer = manager.post("/desk/channels/new/telegram", data=form("http://169.254.169.254"))
    assert answer.status_code == 422
    assert "This address cannot be fetched." in answer.text


def test_every_wrong_field_is_said_at_once(manager: FlaskClient) -> None:
    answer = manager.post(
        "/desk/channels/new/telegram", data=form("nowhere", zone="Mars", language="fr", field_token="")
    )
    assert answer.status_code == 422
    wrong = re.findall(r'id="(\w+)-error"', answer.text)
    assert sorted(wrong) == ["field_base", "field_token", "language", "zone"]


def test_the_same_remote_account_is_refused(manager: FlaskClient, there: TelegramServer) -> None:
    connect(there.url)
    answer = manager.post("/desk/channels/new/telegram", data=form(there.url))
    assert answer.status_code == 409
    assert "This account is connected already, as “Our channel”." in answer.text


def test_secrets_are_on_no_page_after_they_were_given(
    manager: FlaskClient, there: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    account = connect(there.url)
    for path in ("", "/connection", "/removal"):
        page = manager.get(f"/desk/channels/{account.id}{path}")
        assert page.status_code == 200
        assert account.name in page.text  # there was something to hide from
        assert TOKEN not in page.text
        assert account.secrets not in page.text
    for path in ("/desk/channels", "/desk", "/desk/notices"):
        assert TOKEN not in manager.get(path).text
    there.script(("400", {}, {"ok": False, "description": f"bad {TOKEN}"}))
    answer = manager.post(f"/desk/channels/{account.id}/test", follow_redirects=True)
    assert "It does not work: " in answer.text
    assert TOKEN not in answer.text
    assert TOKEN not in read_again(Account, account.id).problem
    assert TOKEN not in caplog.text


def test_an_empty_secret_stays_as_it_is(manager: FlaskClient, there: TelegramServer) -> None:
    account = connect(there.url)
    answer = manager.post(
        f"/desk/channels/{account.id}/connection",
        data=form(there.url, field_token="", field_chat="-1001234567890"),
    )
    assert answer.status_code == 303
    account = read_again(Account, account.id)
    assert account.settings["chat"] == "-1001234567890"
    assert read_secrets(account.secrets) == {"token": TOKEN}


def test_another_address_asks_for_the_secret_again(manager: FlaskClient, there: TelegramServer) -> None:
    account = connect(there.url)
    with running(TelegramServer()) as elsewhere:
        answer = manager.post(
            f"/desk/channels/{account.id}/connection", data=form(elsewhere.url, field_token="")
        )
        assert elsewhere.requests == []
    assert answer.status_code == 422
    assert "what is stored is never sent to another place" in answer.text


def test_two_people_editing_lose_nothing(manager: FlaskClient) -> None:
    account = make_account("First")
    old = str(account.version)
    first = {"name": "Second", "zone": "UTC", "mode": "publish", "latest_minutes": "720"}
    here = f"/desk/channels/{account.id}"
    assert manager.post(here, data={**first, "version": old}).status_code == 303
    answer = manager.post(here, data={**first, "name": "Third", "version": old})
    assert answer.status_code == 409
    assert 'value="Third"' in answer.text
    assert "Saved now: Second" in answer.text
    version = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert version is not None
    assert manager.post(here, data={**first, "name": "Third", "version": version[1]}).status_code == 303
    assert read_again(Account, account.id).name == "Third"


def test_numbers_and_choices_that_were_not_offered_get_a_sentence(manager: FlaskClient) -> None:
    account = make_account()
    data = {"name": "Ours", "zone": "UTC", "mode": "shout", "language": "tlh", "latest_minutes": "soon"}
    answer = manager.post(f"/desk/channels/{account.id}", data=data)
    assert answer.status_code == 422
    assert sorted(set(re.findall(r'id="(\w+)-error"', answer.text))) == ["language", "latest_minutes"]
    assert "This network does not offer that." in answer.text
    assert read_again(Account, account.id).latest_minutes == 720


def test_times_are_added_and_taken_out_without_script(manager: FlaskClient) -> None:
    account = make_account()
    here = f"/desk/channels/{account.id}"
    assert manager.post(f"{here}/slots", data={"days": "weekdays", "wall": "09:30"}).status_code == 303
    page = manager.get(here).text
    assert "Every weekday" in text(page)
    slots = re.search(r'name="slots" value="([\d-]+)"', page)
    assert slots is not None
    wrong = manager.post(f"{here}/slots", data={"days": "weekdays", "wall": "soon"})
    assert wrong.status_code == 422
    assert "Please give a time such as 09:30." in wrong.text
    manager.post(f"{here}/slots/removal", data={"slots": slots[1] + "-x-99999999999999999999"})
    assert queries.get_account(account.id).slots == []


def test_pausing_and_resuming(client: FlaskClient) -> None:
    sign_in(client, nadia())
    account = make_account()
    make_delivery(account)
    here = f"/desk/channels/{account.id}"
    client.post(f"{here}/pause", data={"reason": "Storm"})
    page = text(client.get(here).text)
    assert "Storm" in page
    assert "1 delivery waits." in page
    client.post(f"{here}/pause/removal")
    assert read_again(Account, account.id).state == "active"


def test_an_editor_is_told_who_can_renew_credentials(client: FlaskClient) -> None:
    sign_in(client, nadia())
    account = make_account()
    with transaction():
        services.pause_account(account.id, reason="Unauthorized", code="401", at=clock.now())
    page = client.get(f"/desk/channels/{account.id}").text
    assert "A manager can renew its credentials." in page
    assert "/connection" not in page
    assert "Unauthorized" in client.get("/desk").text


def test_what_a_person_paused_is_no_problem_on_today(client: FlaskClient) -> None:
    sign_in(client, nadia())
    account = make_account()
    with transaction():
        services.pause_account(account.id, reason="Storm", code=services.BY_HAND, at=clock.now())
    assert "Storm" in client.get(f"/desk/channels/{account.id}").text
    assert "Storm" not in client.get("/desk").text


def test_credentials_that_end_too_soon_are_said_everywhere(manager: FlaskClient) -> None:
    now = clock.now()
    account = make_account(expires_at=now + timedelta(days=30))
    assert "Its credentials end" not in manager.get("/desk/channels").text
    make_delivery(account, planned_at=now + timedelta(days=31))
    said = "Its credentials end before the last delivery that is planned. Please renew them now."
    for path in (f"/desk/channels/{account.id}", "/desk/channels", "/desk"):
        assert said in manager.get(path).text


def test_removing_says_what_waits_and_asks_for_the_name(manager: FlaskClient) -> None:
    account = make_account()
    for _ in range(2):
        make_delivery(account)
    make_delivery(account, "unsure")
    here = f"/desk/channels/{account.id}/removal"
    page = text(manager.get(here).text)
    assert "2 deliveries that have not gone out are cancelled. Their posts and texts are kept." in page
    assert "1 delivery is on its way. Whether it arrives can then only be settled by hand." in page
    assert manager.post(here, data={"name": "Wrong"}).status_code == 422
    assert read_again(Account, account.id).state == "active"
    assert manager.post(here, data={"name": "Our channel"}).status_code == 303
    assert read_again(Account, account.id).state == "removed"
    assert manager.get(f"/desk/channels/{account.id}").status_code == 404


def make_recipient() -> AccountRecipient:
    account = make_account("Letters", "email")
    with transaction():
        services.add_recipients(account.id, "ann@example.com", by=None, at=clock.now())
    return queries.recipients(account.id)[0]


def test_recipients_are_added_listed_and_ended(manager: FlaskClient) -> None:
    one = make_recipient()
    here = f"/desk/channels/{one.account_id}/recipients"
    number = one.id
    answer = manager.post(here, data={"addresses": "bo@example.com, ann@example.com"}, follow_redirects=True)
    assert "1 new, 1 were there already." in answer.text
    wrong = manager.post(here, data={"addresses": "bo@example.com\nnobody"})
    assert wrong.status_code == 422
    assert "These are no e-mail addresses: nobody" in wrong.text
    manager.post(f"{here}/{number}/removal")
    assert "ann@example.com" not in manager.get(here).text
    assert "Taken out at the desk" in manager.get(f"{here}?show=ended").text


def test_only_letters_have_recipients(manager: FlaskClient) -> None:
    assert manager.get(f"/desk/channels/{make_account().id}/recipients").status_code == 404


def test_looking_at_the_address_in_a_letter_ends_nothing(client: FlaskClient) -> None:
    one = make_recipient()
    path = letters.stop_address(one.id).removeprefix("http://localhost")
    page = client.get(path)
    assert (page.status_code, page.headers.get("Set-Cookie")) == (200, None)
    assert "You get letters from Letters." in page.text
    assert "ann@example.com" not in page.text
    assert read_again(AccountRecipient, one.id).ended_at is None


def test_one_press_ends_letters_as_mail_programs_press_it(client: FlaskClient) -> None:
    one = make_recipient()
    path = letters.stop_address(one.id).removeprefix("http://localhost")
    for _ in range(2):
        answer = client.post(
            path,
            data="List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 200
        assert "You get no more letters from Letters." in answer.text
    ended = read_again(AccountRecipient, one.id)
    assert (ended.ended_because, ended.ended_at) == ("unsubscribed", clock.now())


def test_an_address_we_did_not_write_ends_nothing(client: FlaskClient) -> None:
    one = make_recipient()
    assert client.post(f"/u/{one.id}").status_code == 404
    assert client.post("/u/MQ.wrong-signature").status_code == 404
    assert read_again(AccountRecipient, one.id).ended_at is None


@pytest.mark.parametrize("path", ["/desk/channels", "/desk"])
def test_lists_ask_the_same_number_of_questions_for_one_and_three(
    manager: FlaskClient, count_queries: list[str], path: str
) -> None:
    def ask() -> int:
        count_queries.clear()
        assert manager.get(path).status_code == 200
        return len(count_queries)

    make_delivery(make_account("One", problem="Trouble"))
    ask()  # the first request of a browser also notes that it came
    one = ask()
    for name in ("Two", "Three"):
        make_delivery(make_account(name, problem="Trouble"))
    assert ask() == one


def test_recipients_ask_the_same_number_of_questions_for_one_and_three(
    manager: FlaskClient, count_queries: list[str]
) -> None:
    here = f"/desk/channels/{make_recipient().account_id}/recipients"
    manager.get(here)  # the first request of a browser also notes that it came
    count_queries.clear()
    manager.get(here)
    one = len(count_queries)
    manager.post(here, data={"addresses": "bo@example.com, cy@example.com"})
    manager.get(here)
    count_queries.clear()
    assert "cy@example.com" in manager.get(here).text
    assert len(count_queries) == one
