"""A mailing the whole way: from a post through the engine to a mail server, and what a person says of a letter in doubt."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns.channels import services as channels
from campaigns.channels.email import adapter
from campaigns.channels.email.line import Handed, deliver
from campaigns.channels.models import AccountRecipient
from campaigns.deliveries import services
from campaigns.deliveries.models import Delivery
from cms.core import clock
from cms.core.database import db, transaction
from tests.campaigns.deliveries.making import make_account, plan
from tests.delivery.working import work_off
from tests.factories import make_post, nadia, read_again
from tests.networks import running
from tests.networks.mail import MailServer

RECIPIENTS = ["rae@example.com", "nadia@example.com", "tom@example.com"]


@pytest.fixture
def there(app: Flask) -> Iterator[MailServer]:
    network = MailServer()
    network.has_tls = network.has_users = False
    config = app.config["PARLEY"]
    app.config["PARLEY"] = replace(config, outbound_allow=(ip_network("127.0.0.0/8"),))
    with running(network):
        yield network
    app.config["PARLEY"] = config


@pytest.fixture
def mailing(there: MailServer) -> Delivery:
    settings = {"server": there.url, "sender": "Mast and sail <news@mast.example>"}
    account = make_account("Letters", "email", settings=settings)
    with transaction():
        channels.add_recipients(account.id, "\n".join(RECIPIENTS), by=None, at=clock.now())
    return plan(make_post("Salt & copper"), account)


def sent_to(there: MailServer) -> list[str]:
    return [one.key for one in there.ledger]


def state_of(delivery: Delivery) -> tuple[str, str]:
    db.session.rollback()
    found = read_again(Delivery, delivery.id)
    return found.state, found.code


def settle(delivery: Delivery, verdict: str) -> None:
    editor = nadia()
    with transaction():
        services.settle(delivery.id, verdict, by=editor, at=clock.now())  # type: ignore[arg-type]
    work_off()


def test_everybody_gets_one_letter_with_their_own_way_to_end_it(there: MailServer, mailing: Delivery) -> None:
    work_off()
    assert state_of(mailing) == ("sent", "")
    assert sent_to(there) == RECIPIENTS
    assert len({one["List-Unsubscribe"] for one in there.letters}) == 3
    work_off()
    assert sent_to(there) == RECIPIENTS


def test_a_mailing_goes_on_after_greylisting(there: MailServer, mailing: Delivery) -> None:
    there.script("ok", "450")
    work_off()
    assert state_of(mailing) == ("scheduled", "")
    assert sent_to(there) == [RECIPIENTS[0], RECIPIENTS[2]]
    with clock.stopped(clock.now() + timedelta(minutes=6)):
        work_off()
    assert state_of(mailing) == ("sent", "")
    assert sent_to(there) == [RECIPIENTS[0], RECIPIENTS[2], RECIPIENTS[1]]


@pytest.mark.parametrize(("verdict", "again"), [("arrived", 0), ("did_not_arrive", 1)])
def test_a_person_decides_on_the_letter_in_doubt_and_on_no_other(
    there: MailServer, mailing: Delivery, verdict: str, again: int
) -> None:
    there.script("ok", "cut")
    work_off()
    assert state_of(mailing) == ("unsure", "no_answer")
    assert sent_to(there) == RECIPIENTS
    settle(mailing, verdict)
    assert state_of(mailing) == ("sent", "")
    assert sent_to(there) == RECIPIENTS + [RECIPIENTS[1]] * again


@pytest.mark.parametrize(("verdict", "again"), [("arrived", 0), ("did_not_arrive", 1)])
def test_a_worker_that_ends_within_a_call_leaves_one_letter_in_doubt(
    there: MailServer, mailing: Delivery, verdict: str, again: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ended(BaseException):
        """As when the process is killed: nothing catches it."""

    letters = iter(RECIPIENTS)

    def end_after_the_second(*arguments: Any) -> Handed:
        handed = deliver(*arguments)
        if next(letters) == RECIPIENTS[1]:
            raise Ended
        return handed

    with monkeypatch.context() as patch:
        patch.setattr(adapter, "deliver", end_after_the_second)
        with pytest.raises(Ended):
            work_off()
    assert sent_to(there) == RECIPIENTS[:2]
    with clock.stopped(clock.now() + timedelta(minutes=10)):
        work_off()
        assert state_of(mailing) == ("unsure", "crashed")
        settle(mailing, verdict)
    assert state_of(mailing) == ("sent", "")
    assert sent_to(there) == [*RECIPIENTS[:2], *[RECIPIENTS[1]] * again, RECIPIENTS[2]]


def test_who_is_nobody_gets_no_more_letters(there: MailServer, mailing: Delivery) -> None:
    there.script("550", "550 5.7.1 blocked by policy")
    work_off()
    assert state_of(mailing) == ("sent", "")
    assert sent_to(there) == [RECIPIENTS[2]]
    ended = {one.address: one.ended_because for one in db.session.scalars(select(AccountRecipient))}
    assert ended == {RECIPIENTS[0]: "550 no such luck", RECIPIENTS[1]: "", RECIPIENTS[2]: ""}
