"""Connecting accounts: the live test, what is kept, and what never is."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaigns.channels import services
from campaigns.channels.adapter import Adapter, Field, Identity, mark_of_address
from campaigns.channels.catalogue import adapter_for
from campaigns.channels.fields import Filled, read_fields
from campaigns.channels.models import Account
from campaigns.channels.seats import read_secrets, write_secrets
from campaigns.channels.trials import Failed, Passed, try_account, try_filled
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid
from cms.people.models import AuditEntry
from tests.campaigns.channels.connecting import (
    connect,
    make_account,
    make_delivery,
    reach_loopback,
    telegram,
    tried,
)
from tests.factories import read_again, save, tom
from tests.networks import running
from tests.networks.telegram import CHAT, TOKEN, TelegramServer


@pytest.fixture
def there(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[TelegramServer]:
    reach_loopback(app, monkeypatch)
    with running(TelegramServer()) as network:
        yield network


def count_accounts() -> int:
    return db.session.scalar(select(func.count()).select_from(Account)) or 0


def test_an_account_is_kept_with_what_its_network_told(there: TelegramServer) -> None:
    account = connect(there.url)
    assert (account.state, account.name, account.zone) == ("active", "Our channel", "Asia/Shanghai")
    assert (account.remote_name, account.remote_url) == ("Mast and sail", "https://t.me/mast")
    assert account.remote_id == str(CHAT)
    assert account.checked_at == clock.now()
    assert account.settings == {"chat": "@mast", "base": there.url}
    assert read_secrets(account.secrets) == {"token": TOKEN}
    assert TOKEN not in account.secrets
    assert (account.utm_source, account.utm_medium) == ("telegram", "social")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "account.connected")).one()
    assert entry.detail == {"channel": "telegram", "tested": True}


def test_without_a_name_it_is_called_what_the_network_calls_it(there: TelegramServer) -> None:
    assert connect(there.url, name="").name == "Mast and sail"


def test_no_transaction_is_open_while_the_network_is_asked(
    there: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = connect(there.url)
    open_ones = []
    telegram_of = adapter_for("telegram")
    ask = type(telegram_of).connect

    def watching(self: Adapter, seat: object) -> object:
        open_ones.append(db.session().in_transaction())
        return ask(self, seat)  # type: ignore[arg-type]

    monkeypatch.setattr(type(telegram_of), "connect", watching)
    db.session.get(Account, account.id)  # a read that is open
    assert isinstance(tried(there.url)[1], Passed)
    account = read_again(Account, account.id)
    assert isinstance(try_account(account, telegram_of), Passed)
    assert open_ones == [False, False]


def test_a_wrong_secret_is_told_beside_its_field(there: TelegramServer) -> None:
    _filled, found = tried(there.url, token="1:wrong-kind")
    assert found == Failed("Telegram does not know this token.", "token")


def test_an_address_inside_is_never_asked(app: Flask) -> None:
    for address in ("http://169.254.169.254", "http://10.0.0.8", "http://127.0.0.1:1"):
        _filled, found = tried(address)
        assert isinstance(found, Failed)
        assert found.sentence.startswith("This address cannot be fetched.")


def test_what_failed_is_kept_paused_when_asked(there: TelegramServer) -> None:
    filled, failed = tried(there.url, token="1:wrong")
    with transaction():
        number = services.connect_account(
            "telegram", filled, failed, name="", zone="UTC", by=None, at=clock.now()
        )
    account = read_again(Account, number)
    assert (account.state, account.problem_code) == ("paused", "untested")
    assert account.problem == "Telegram does not know this token."
    assert account.name == "Telegram"


def test_the_same_remote_account_is_connected_once(there: TelegramServer) -> None:
    first = connect(there.url)
    with pytest.raises(services.AlreadyConnected) as problem:
        connect(there.url, name="Again")
    assert problem.value.account_id == first.id
    assert str(problem.value) == "This account is connected already, as “Our channel”."
    assert count_accounts() == 1


def test_the_database_refuses_what_two_people_connect_at_once(there: TelegramServer) -> None:
    first = connect(there.url)
    other = make_account("Untested", settings={"chat": "@mast", "base": there.url})
    filled, passed = tried(there.url)
    with pytest.raises(services.AlreadyConnected), transaction():
        services.reconnect_account(other.id, filled, passed, by=None, at=clock.now())
    assert read_again(Account, other.id).remote_key is None
    assert read_again(Account, first.id).state == "active"


def test_an_account_that_comes_back_is_the_row_it_was(there: TelegramServer) -> None:
    manager, first = tom(), connect(there.url)
    with transaction():
        services.remove_account(first.id, typed_name="Our channel", by=manager, at=clock.now())
    again = connect(there.url, name="Back again")
    assert (again.id, again.state, again.removed_at, again.name) == (first.id, "active", None, "Back again")
    assert count_accounts() == 1


def test_new_secrets_replace_old_ones_and_empty_ones_never_do(there: TelegramServer) -> None:
    account = connect(there.url)
    filled = read_fields(
        adapter_for("telegram"),
        telegram(there.url, token=""),
        stored=account.settings,
        kept=("token",),
    )
    assert filled.secrets == {}
    whole = Filled(filled.settings, services.merged(account, filled))
    passed = try_filled(adapter_for("telegram"), whole)
    with transaction():
        services.reconnect_account(account.id, filled, passed, by=None, at=clock.now())
    account = read_again(Account, account.id)
    assert read_secrets(account.secrets) == {"token": TOKEN}
    assert account.secrets_version == 2


def test_a_failed_rotation_that_is_saved_anyway_keeps_the_other_secrets(app: Flask) -> None:
    account = save(Account(name="Letters", channel="email", zone="UTC", created_at=clock.now(), secrets=""))
    filled = Filled({"sender": "a@example.com"}, {"password": "new"})
    with transaction():
        services.reconnect_account(account.id, filled, Failed("No."), by=None, at=clock.now())
    account = read_again(Account, account.id)
    assert read_secrets(account.secrets) == {"password": "new"}
    assert (account.state, account.problem) == ("paused", "No.")
    with transaction():
        services.reconnect_account(
            account.id, Filled({"sender": "a@example.com"}, {}), Failed("No."), by=None, at=clock.now()
        )
    assert read_secrets(read_again(Account, account.id).secrets) == {"password": "new"}


def test_stored_secrets_are_never_sent_to_another_address(there: TelegramServer) -> None:
    account = connect(there.url)
    with pytest.raises(Invalid) as problem:
        read_fields(
            adapter_for("telegram"),
            telegram("https://elsewhere.example", token=""),
            stored=account.settings,
            kept=("token",),
        )
    assert list(problem.value.errors) == ["token"]


def test_credentials_of_another_account_are_refused(there: TelegramServer) -> None:
    account = connect(there.url)
    there.chat = {**there.chat, "id": -1009999, "title": "Somebody else"}
    filled, passed = tried(there.url)
    with pytest.raises(services.AnotherAccount), transaction():
        services.reconnect_account(account.id, filled, passed, by=None, at=clock.now())
    assert read_again(Account, account.id).remote_name == "Mast and sail"


def test_good_credentials_resume_what_was_paused_for_bad_ones(there: TelegramServer) -> None:
    account = connect(there.url)
    with transaction():
        services.pause_account(account.id, reason="Unauthorized", code="401", at=clock.now())
    filled, passed = tried(there.url)
    with transaction():
        services.reconnect_account(account.id, filled, passed, by=None, at=clock.now())
    account = read_again(Account, account.id)
    assert (account.state, account.problem, account.paused_at) == ("active", "", None)


class Asking(type(adapter_for("telegram"))):  # type: ignore[misc]
    """A network that asks for one of everything."""

    fields = (
        Field("site", "Site", kind="url"),
        Field("mail", "Mail", kind="email"),
        Field("most", "Most", kind="number", is_required=False, default="7"),
        Field("way", "Way", kind="choice", choices=(("a", "A"), ("b", "B"))),
        Field("loud", "Loud", kind="yes", is_required=False),
        Field("many", "Many", kind="lines", is_required=False),
        Field("key", "Key", kind="secret"),
    )


GOOD = {"site": "https://example.com", "mail": "A@Example.com", "way": "b", "key": "s3cret"}


def test_fields_of_every_kind_are_read() -> None:
    filled = read_fields(Asking(), {**GOOD, "loud": "y", "many": " one\r\ntwo "})
    assert filled == Filled(
        {
            "site": "https://example.com",
            "mail": "a@example.com",
            "most": "7",
            "way": "b",
            "loud": True,
            "many": "one\ntwo",
        },
        {"key": "s3cret"},
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("site", "example", "This is not an address. It begins with https:// and has no spaces."),
        ("site", "", "Please fill this in."),
        ("mail", "nobody", "This is not an e-mail address. It looks like name@example.com."),
        ("most", "-3", "Please give a whole number."),
        ("most", "1e9", "Please give a whole number."),
        ("most", "9" * 40, "Please give a whole number."),
        ("way", "c", "Please choose one of those that are offered."),
        ("key", "", "Please fill this in."),
        ("key", "two\nlines", "Please give this in one line."),
        ("site", "https://e.com/" + "x" * 3000, "Please use at most 2000 characters."),
    ],
)
def test_what_is_wrong_in_a_field_is_said_of_it(app: Flask, name: str, value: str, sentence: str) -> None:
    with app.test_request_context(), pytest.raises(Invalid) as problem:
        read_fields(Asking(), {**GOOD, name: value})
    assert {key: str(said) for key, said in problem.value.errors.items()} == {name: sentence}


def test_every_wrong_field_is_named_at_once(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(Invalid) as problem:
        read_fields(Asking(), {})
    assert list(problem.value.errors) == ["site", "mail", "way", "key"]


def test_removing_says_what_becomes_of_what_waits_and_destroys_secrets(there: TelegramServer) -> None:
    manager, account = tom(), connect(there.url)
    planned = make_delivery(account)
    unsure = make_delivery(account, "unsure")
    sent = make_delivery(account, "sent")
    with pytest.raises(services.NotThisName), transaction():
        services.remove_account(account.id, typed_name="our channel", by=manager, at=clock.now())
    assert read_again(type(planned), planned.id).state == "scheduled"
    with transaction():
        services.remove_account(account.id, typed_name="Our channel", by=manager, at=clock.now())
    gone = read_again(Account, account.id)
    assert (gone.state, gone.secrets, gone.removed_at) == ("removed", "", clock.now())
    stopped = read_again(type(planned), planned.id)
    assert (stopped.state, stopped.code) == ("cancelled", "account_removed")
    assert stopped.reason == "The account “Our channel” was removed."
    assert read_again(type(planned), unsure.id).state == "unsure"
    assert read_again(type(planned), sent.id).state == "sent"


def test_the_same_number_at_another_server_is_another_account(there: TelegramServer) -> None:
    account = connect(there.url)
    there.chat = {**there.chat, "username": ""}  # not public any more: it has no address now
    filled, passed = tried(there.url)
    with transaction():
        services.reconnect_account(account.id, filled, passed, by=None, at=clock.now())
    assert isinstance(passed, Passed)
    moved = replace(passed, identity=replace(passed.identity, server="elsewhere.example"))
    with pytest.raises(services.AnotherAccount), transaction():
        services.reconnect_account(account.id, filled, moved, by=None, at=clock.now())


def test_a_chat_that_gets_an_address_is_the_same_chat(there: TelegramServer) -> None:
    named, there.chat = there.chat, {**there.chat, "username": ""}
    first = connect(there.url)
    with transaction():  # as it was kept before its server was known
        db.session.get_one(Account, first.id).remote_key = f"{there.chat['id']}@"
    there.chat = named
    with pytest.raises(services.AlreadyConnected) as problem:
        connect(there.url, name="Again")
    assert problem.value.account_id == first.id


def test_what_has_no_name_there_is_known_by_its_address(app: Flask) -> None:
    def connect_hook(url: str, name: str) -> Account:
        mark = mark_of_address(url)
        with transaction():
            filled = Filled({"url": url}, {"secret": "whsec_" + "a" * 32})
            passed = Passed(Identity(name=url, mark=mark), dict(filled.secrets), None)
            number = services.connect_account(
                "webhook", filled, passed, name=name, zone="UTC", by=None, at=clock.now()
            )
        return read_again(Account, number)

    first, second = (
        connect_hook("https://a.example/in", "First"),
        connect_hook("https://b.example/in", "Second"),
    )
    with pytest.raises(services.AlreadyConnected, match="already, as “First”"):
        connect_hook(" https://a.example/in ", "Third")
    passed = Passed(Identity(mark=mark_of_address("https://c.example/in")), {}, None)
    with transaction():  # the same seat at another address: that is no other account
        filled = Filled({"url": "https://c.example/in"}, {})
        services.reconnect_account(second.id, filled, passed, by=None, at=clock.now())
    taken = Passed(Identity(mark=mark_of_address("https://a.example/in")), {}, None)
    with pytest.raises(services.AlreadyConnected, match="already, as “First”"), transaction():
        services.reconnect_account(second.id, filled, taken, by=None, at=clock.now())
    assert read_again(Account, first.id).state == "active"
    assert count_accounts() == 2


def test_a_test_makes_a_session_of_its_own(there: TelegramServer) -> None:
    account = connect(there.url)
    stored = {"token": TOKEN, "session": "made of it by an adapter"}
    with transaction():
        db.session.get_one(Account, account.id).secrets = write_secrets(stored)
    account = read_again(Account, account.id)
    assert read_secrets(account.secrets) == stored
    assert services.merged(account, Filled({}, {})) == {"token": TOKEN}
    assert services.merged(account, Filled({}, {"token": "new"})) == {"token": "new"}
