"""E-mail: the contract of all networks against a real SMTP server, and what is particular to mailings."""

from dataclasses import replace
from typing import Any

import lxml.html
import pytest

from campaigns.channels.adapter import (
    CannotTell,
    Data,
    Disconnected,
    Later,
    Outcome,
    Paused,
    Pending,
    Refused,
    Seat,
    Sent,
    Unsure,
)
from campaigns.channels.email.adapter import BATCH, PAUSE, ROUNDS, Email
from campaigns.channels.letters import DECOY
from campaigns.channels.messages import Message
from tests.campaigns.channels.contract import KEY, Contract, drive, message
from tests.networks import Network, running
from tests.networks.mail import PASSWORD, USER, MailServer, certificate

RAE = (1, "rae@example.com", "https://example.com/stop/1")
NADIA = (2, "nadia@example.com", "https://example.com/stop/2")
TOM = (3, "tom@example.com", "https://example.com/stop/3")


def on(seat: Seat, message: Message, before: Data | None = None) -> Outcome:
    """One call, as the engine makes it after `before`."""
    step = Email().steps(message, seat.settings)[0]
    return Email().send(step, message, seat, {"letters": before} if before is not None else {})


class TestEmail(Contract):
    adapter = Email()
    settings = {"server": "{url}", "user": USER, "sender": "Mast and sail <news@mast.example>"}
    secrets = {"password": PASSWORD}
    token_refused = ("535", {}, None)
    answers_mean_nothing = True  # SMTP has codes, not pages

    @pytest.fixture(autouse=True)
    def trusted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate()))

    def network(self) -> Network:
        return MailServer()

    def seat_at(self, url: str, *, allow: bool = True, seconds: float = 1.0) -> Seat:
        seat = super().seat_at(url.replace("http://", "smtp://"), allow=allow, seconds=seconds)
        return replace(seat, recipients=(RAE,))

    # SMTP names no time to come back at.
    def test_a_quota_is_kept_to_the_second(self, there: MailServer, seat: Seat) -> None:
        there.script("421")
        outcome = on(seat, message())
        assert isinstance(outcome, Later)
        assert outcome.whole_account
        assert there.ledger == []

    # An answer of 4xx or 5xx to the content says that it was not taken (RFC 5321, 4.2.1): only no answer is unsure.
    def test_a_lost_answer_is_never_a_second_post(self, there: MailServer, seat: Seat) -> None:
        for behaviour in ("cut", "hang"):
            there.ledger.clear()
            there.script(behaviour)
            outcome = on(seat, message())
            assert isinstance(outcome, Unsure), behaviour
            assert len(there.ledger) == 1
            step = self.adapter.steps(message(), seat.settings)[0]
            assert isinstance(self.adapter.find(step, message(), seat, {}), CannotTell)

    def test_a_letter_is_whole(self, there: MailServer, seat: Seat) -> None:
        told = message("盐会腐蚀铜。\n.\n..dots", title="盐 & copper", language="zh-Hans")
        sent = drive(self.adapter, told, seat)
        (letter,) = there.letters
        assert letter["From"] == "Mast and sail <news@mast.example>"
        assert letter["To"] == "rae@example.com"
        assert letter["Subject"] == "盐 & copper"
        assert letter["Message-ID"] == f"<{KEY}.1@mast.example>"
        assert letter["List-Unsubscribe"] == "<https://example.com/stop/1>"
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert letter["List-Id"] == "<stories.mast.example>"
        text, html = letter.iter_parts()
        assert text.get_content().startswith("盐会腐蚀铜。\r\n.\r\n..dots\r\n\r\n")
        assert "https://example.com/stop/1" in text.get_content()
        assert "<h1>盐 &amp; copper</h1><p>Salt eats copper slowly.</p>" in html.get_content()
        assert '<a href="https://example.com/l/abc12">' in html.get_content()
        first = lxml.html.fromstring(html.get_content()).xpath("//a")[0]
        assert (first.get("href"), first.text_content()) == (f"https://example.com{DECOY}", "")
        assert ("hidden" in first.attrib, first.get("tabindex"), DECOY in text.get_content()) == (
            True,
            "-1",
            False,
        )
        assert letter.defects == []
        assert sent == Sent(f"<{KEY}@mast.example>", data={"sent": 1, "refused": []})

    def test_everybody_gets_a_letter_of_their_own(self, there: MailServer, seat: Seat) -> None:
        many = [(n, f"r{n}@example.com", f"https://example.com/stop/{n}") for n in range(1, BATCH + 3)]
        seat = replace(self.seat_at(there.url, seconds=30), recipients=many)
        first = on(seat, message())
        assert isinstance(first, Pending)
        assert (first.after, len(there.ledger)) == (0, BATCH)
        assert isinstance(on(seat, message(), first.data), Sent)
        assert [(one["To"], one["List-Unsubscribe"]) for one in there.letters] == [
            (address, f"<{stop}>") for _number, address, stop in many
        ]

    def test_a_line_that_breaks_goes_on_at_the_first_not_served(self, there: MailServer, seat: Seat) -> None:
        seat = replace(seat, recipients=(RAE, NADIA, TOM))
        there.script("ok", "cut_before")
        first = on(seat, message())
        assert isinstance(first, Pending)
        assert first.data["through"] == 1
        assert isinstance(on(seat, message(), first.data), Sent)
        assert [one.key for one in there.ledger] == [RAE[1], NADIA[1], TOM[1]]

    def test_one_lost_answer_does_not_keep_the_others_waiting(self, there: MailServer, seat: Seat) -> None:
        seat = replace(seat, recipients=(RAE, NADIA, TOM))
        there.script("ok", "cut")
        first = on(seat, message())
        assert isinstance(first, Pending)
        second = on(seat, message(), first.data)
        assert isinstance(second, Unsure)
        assert "nadia@example.com" in second.reason
        assert "rae@example.com" not in second.reason
        assert [one.key for one in there.ledger] == [RAE[1], NADIA[1], TOM[1]]

    def test_a_person_says_it_did_not_arrive_and_only_that_one_is_sent(
        self, there: MailServer, seat: Seat
    ) -> None:
        seat = replace(seat, recipients=(RAE, NADIA))
        there.script("ok", "cut")
        asked = on(seat, message())
        assert isinstance(asked, Unsure)
        sent = on(seat, message(), asked.data)
        assert isinstance(sent, Sent)
        assert [one.key for one in there.ledger] == [RAE[1], NADIA[1], NADIA[1]]
        assert there.letters[1]["Message-ID"] == there.letters[2]["Message-ID"]

    def test_a_person_says_it_arrived_and_the_mailing_is_over(self, there: MailServer, seat: Seat) -> None:
        seat = replace(seat, recipients=(RAE, NADIA))
        there.script("ok", "cut")
        asked = on(seat, message())
        assert isinstance(asked, Unsure)
        sent = on(seat, message(), {**asked.data, "arrived": True})
        assert isinstance(sent, Sent)
        assert sent.data["sent"] == 2
        assert [one.key for one in there.ledger] == [RAE[1], NADIA[1]]

    @pytest.mark.parametrize("arrived", [True, False])
    def test_a_call_that_was_killed_leaves_one_letter_in_doubt(
        self, there: MailServer, seat: Seat, arrived: bool
    ) -> None:
        """What is on disk when the second letter is about to be handed over is all that the next call knows."""
        on_disk: list[dict[str, Any]] = []
        on(replace(seat, recipients=(RAE, NADIA), so_far=lambda data: on_disk.append(dict(data))), message())
        assert [one["begun"] for one in on_disk] == [RAE[0], NADIA[0]]
        there.ledger.clear()
        told = on_disk[1] | ({"arrived": True} if arrived else {})
        sent = on(replace(seat, recipients=(RAE, NADIA)), message(), told)
        assert isinstance(sent, Sent)
        assert sent.data["sent"] == 2
        assert [one.key for one in there.ledger] == ([] if arrived else [NADIA[1]])

    def test_who_was_removed_meanwhile_gets_nothing(self, there: MailServer, seat: Seat) -> None:
        there.script("ok", "cut_before")
        first = on(replace(seat, recipients=(RAE, NADIA)), message())
        assert isinstance(first, Pending)
        assert isinstance(on(replace(seat, recipients=(RAE,)), message(), first.data), Sent)
        assert [one.key for one in there.ledger] == [RAE[1]]

    def test_an_address_that_takes_nothing_does_not_stop_the_others(
        self, there: MailServer, seat: Seat
    ) -> None:
        there.script("550")
        sent = on(replace(seat, recipients=(RAE, NADIA)), message())
        assert isinstance(sent, Sent)
        assert sent.data == {"sent": 1, "refused": [[1, "550 no such luck"]]}
        assert [one.key for one in there.ledger] == [NADIA[1]]

    def test_greylisting_is_waited_for(self, there: MailServer, seat: Seat) -> None:
        seat = replace(seat, recipients=(RAE, NADIA))
        there.script("450", "ok", "451")
        first = on(seat, message())
        assert isinstance(first, Pending)
        assert first.after == PAUSE
        second = on(seat, message(), first.data)
        assert isinstance(second, Pending)
        assert second.after == 2 * PAUSE
        assert isinstance(on(seat, message(), second.data), Sent)
        assert [one.key for one in there.ledger] == [NADIA[1], RAE[1]]

    def test_who_is_never_reached_is_said_and_can_be_tried_again(self, there: MailServer, seat: Seat) -> None:
        seat = replace(seat, recipients=(RAE, NADIA))
        there.script("ok", *["450"] * (ROUNDS + 1))
        outcome, data = on(seat, message()), {}
        while isinstance(outcome, Pending):
            data = outcome.data
            outcome = on(seat, message(), data)
        assert isinstance(outcome, Refused)
        assert outcome.code == "not_all"
        assert isinstance(on(seat, message(), data), Sent)
        assert [one.key for one in there.ledger] == [RAE[1], NADIA[1]]

    def test_a_single_recipient_who_is_busy_is_later(self, there: MailServer, seat: Seat) -> None:
        there.script("450")
        outcome = on(seat, message())
        assert isinstance(outcome, Later)
        assert outcome.after == PAUSE

    def test_content_that_is_refused_is_refused_for_all(self, there: MailServer, seat: Seat) -> None:
        there.script("data 554")
        outcome = on(replace(seat, recipients=(RAE, NADIA)), message())
        assert outcome == Refused("554 no such luck", code="content")
        assert there.ledger == []

    def test_without_recipients_nothing_is_asked(self, there: MailServer, seat: Seat) -> None:
        assert isinstance(on(replace(seat, recipients=()), message()), Refused)
        assert there.requests == []

    def test_a_password_is_not_sent_in_the_clear(self) -> None:
        network = MailServer()
        network.has_tls = network.has_users = False
        with running(network):
            outcome = on(self.seat_at(network.url), message())
            assert isinstance(outcome, Refused)
            assert outcome.code == "address"

    def test_a_certificate_nobody_vouches_for_is_not_trusted(
        self, there: MailServer, seat: Seat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
        assert isinstance(on(seat, message()), Later)
        with pytest.raises(Disconnected):
            self.adapter.connect(seat)

    @pytest.mark.parametrize("server", ["http://mail.example.com", "mail server", "smtp://", "smtp://a:b:c"])
    def test_what_is_no_mail_server_is_told_beside_its_field(self, seat: Seat, server: str) -> None:
        with pytest.raises(Disconnected) as told:
            self.adapter.connect(replace(seat, settings={**seat.settings, "server": server}))
        assert told.value.field == "server"

    def test_a_wrong_password_is_told_beside_its_field(self, there: MailServer, seat: Seat) -> None:
        with pytest.raises(Disconnected) as told:
            self.adapter.connect(replace(seat, secrets={"password": "no"}))
        assert told.value.field == "password"
        assert isinstance(on(replace(seat, secrets={"password": "no"}), message()), Paused)

    def test_a_line_feed_in_a_title_makes_no_header(self, there: MailServer, seat: Seat) -> None:
        drive(self.adapter, message(title="Salt\nBcc: ivy@example.com"), seat)
        (letter,) = there.letters
        assert letter["Bcc"] is None
        assert letter["Subject"] == "Salt Bcc: ivy@example.com"

    def test_the_sites_own_server_is_used_where_none_is_named(
        self, app: Any, seat: Seat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        network = MailServer()
        network.has_tls = network.has_users = False
        with running(network):
            config = replace(app.config["PARLEY"], smtp_url=network.url)
            monkeypatch.setitem(app.config, "PARLEY", config)
            assert isinstance(on(replace(seat, settings={}, secrets={}), message()), Sent)
        assert network.letters[0]["From"] == "Parley <noreply@localhost>"
