from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from cms.core import clock, mail
from cms.core.database import db, transaction
from cms.core.mail import forget_sent_bodies, pause_after, queue_mail, send_due_mail
from cms.core.models import OutgoingMail
from tests.conftest import NOW
from tests.factories import read_again
from tests.fakes import free_port, mail_server


@pytest.fixture
def send_through(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    def use(url: str | None) -> None:
        monkeypatch.setitem(app.config, "PARLEY", replace(app.config["PARLEY"], smtp_url=url))

    return use


def letter(to: str = "rae@example.com", **more: str) -> int:
    with transaction():
        return queue_mail(
            to, **{"subject": "Hello 你好", "text": "Words, 词语", "html": "<p>Words</p>", **more}
        ).id


def again(number: int) -> OutgoingMail:
    db.session.expire_all()
    return read_again(OutgoingMail, number)


def test_a_message_is_sent_once_in_both_forms(send_through: Callable[[str], None]) -> None:
    number = letter()
    with mail_server() as server:
        send_through(server.url)
        assert send_due_mail() == {"sent": 1}
        assert send_due_mail() == {}
    (message,) = server.received
    assert (message["To"], message["Subject"]) == ("rae@example.com", "Hello 你好")
    assert message["From"] == "Parley <noreply@localhost>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == NOW
    parts = [part.get_content().strip() for part in message.iter_parts()]
    assert parts == ["Words, 词语", "<p>Words</p>"]
    row = again(number)
    assert (row.sent_at, row.attempts, row.due_at, row.claimed_until) == (NOW, 1, None, None)


@pytest.mark.parametrize("where", ["MAIL", "RCPT", "BODY"])
def test_a_permanent_refusal_ends_it_with_its_reason(send_through: Callable[[str], None], where: str) -> None:
    number = letter()
    with mail_server(**{where: "550 no such mailbox"}) as server:
        send_through(server.url)
        assert send_due_mail() == {"refused": 1}
        assert send_due_mail() == {}
    row = again(number)
    assert (row.failed_at, row.failure, row.sent_at, row.due_at) == (NOW, "550 no such mailbox", None, None)


@pytest.mark.parametrize("where", ["CONNECT", "MAIL", "RCPT", "BODY"])
def test_a_temporary_refusal_is_tried_again_later(send_through: Callable[[str], None], where: str) -> None:
    number = letter()
    with mail_server(**{where: "451 try again later"}) as server:
        send_through(server.url)
        assert send_due_mail() == {"later": 1}
        assert send_due_mail() == {}
        row = again(number)
        assert "451 try again later" in (row.failure or "") or "451" in (row.failure or "")
        assert row.due_at
        assert timedelta(seconds=45) <= row.due_at - NOW <= timedelta(seconds=75)
        server.answers.clear()
        with clock.stopped(NOW + timedelta(minutes=2)):
            assert send_due_mail() == {"sent": 1}
    row = again(number)
    assert (row.attempts, row.failure) == (2, None)


def test_a_mail_server_that_is_away_loses_nothing(send_through: Callable[[str], None]) -> None:
    number = letter()
    send_through(f"smtp://127.0.0.1:{free_port()}")
    assert send_due_mail() == {"later": 1}
    assert "ConnectionRefusedError" in (again(number).failure or "")


def test_waiting_grows_and_ends_with_a_reason(send_through: Callable[[str], None]) -> None:
    pauses = [pause_after(n).total_seconds() for n in range(1, mail.MOST_ATTEMPTS)]
    assert all(pause <= 6 * 3600 * 1.25 for pause in pauses)
    assert pauses[-1] > 3 * 3600
    number = letter()
    with transaction():
        db.session.execute(update(OutgoingMail).values(attempts=mail.MOST_ATTEMPTS - 1))
    with mail_server(RCPT="451 greylisted") as server:
        send_through(server.url)
        assert send_due_mail() == {"given_up": 1}
    row = again(number)
    assert (row.failed_at, row.due_at) == (NOW, None)
    assert "greylisted" in (row.failure or "")


def test_one_bad_message_does_not_hold_up_the_rest(send_through: Callable[[str], None]) -> None:
    bad = letter(to="not an address")
    good = [letter(to=f"r{n}@example.com") for n in range(3)]
    with mail_server() as server:
        send_through(server.url)
        outcome = send_due_mail()
    assert outcome["sent"] >= 3
    assert [again(number).sent_at for number in good] == [NOW] * 3
    assert server.recipients[-3:] == ["r0@example.com", "r1@example.com", "r2@example.com"]
    assert again(bad).attempts == 1


def test_a_claim_left_by_a_crash_is_taken_up_again(send_through: Callable[[str], None]) -> None:
    number = letter()
    assert mail._claim() is not None
    with mail_server() as server:
        send_through(server.url)
        assert send_due_mail() == {}
        with clock.stopped(NOW + timedelta(minutes=11)):
            assert send_due_mail() == {"sent": 1}
    assert again(number).attempts == 2


def test_a_worker_that_slept_through_its_claim_records_nothing(app: Flask) -> None:
    number = letter()
    first = mail._claim()
    assert first is not None
    with clock.stopped(NOW + timedelta(minutes=11)):
        second = mail._claim()
        assert second is not None
        assert mail._record(number, first.attempts, None) == "lost_claim"
        assert mail._record(number, second.attempts, None) == "sent"


def test_without_a_mail_server_messages_wait_and_are_counted(send_through: Callable[[None], None]) -> None:
    send_through(None)
    assert send_due_mail() == {}
    letter()
    assert send_due_mail() == {"waiting": 1}
    assert db.session.scalars(select(OutgoingMail.attempts)).one() == 0


def test_a_password_is_not_sent_to_a_server_without_tls(send_through: Callable[[str], None]) -> None:
    number = letter()
    with mail_server() as server:
        send_through(server.url.replace("127.0.0.1", "user:hunter2@127.0.0.1"))
        assert send_due_mail() == {"later": 1}
    assert "no TLS" in (again(number).failure or "")
    assert "hunter2" not in (again(number).failure or "")


def test_a_subject_cannot_add_headers(send_through: Callable[[str], None]) -> None:
    letter(subject="Hello\r\nBcc: everyone@example.com")
    with mail_server() as server:
        send_through(server.url)
        send_due_mail()
    assert server.received[0]["Subject"] == "Hello Bcc: everyone@example.com"
    assert server.received[0]["Bcc"] is None


def test_what_is_not_committed_is_not_sent(send_through: Callable[[str], None]) -> None:
    def fail() -> None:
        with transaction():
            queue_mail("rae@example.com", "Hello", "Words")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with mail_server() as server:
        send_through(server.url)
        assert send_due_mail() == {}


def test_bodies_are_forgotten_a_week_after_the_end(app: Flask) -> None:
    sent, waiting = letter(), letter()
    with transaction():
        read_again(OutgoingMail, sent).sent_at = NOW
    for days, forgotten in ((7, 0), (8, 1), (9, 0)):
        with clock.stopped(NOW + timedelta(days=days)), transaction():
            assert forget_sent_bodies() == forgotten
    assert (again(sent).text, again(sent).html) == ("", None)
    assert again(waiting).text == "Words, 词语"
