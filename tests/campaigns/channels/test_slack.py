"""Slack's incoming webhooks: the contract of all networks, and what is particular to them."""

from dataclasses import replace

import pytest

from campaigns.channels.adapter import Disconnected, Later, Paused, Refused, Seat, Sent, Unsure
from campaigns.channels.slack.adapter import Slack
from tests.campaigns.channels.contract import Contract, drive, message
from tests.networks import Network
from tests.networks.slack import PATH, SlackServer, shown


class TestSlack(Contract):
    adapter = Slack()
    settings = {"base": "{url}"}
    secrets = {"url": "{url}" + PATH}
    token_refused = ("403", {}, b"invalid_token")

    def network(self) -> Network:
        return SlackServer()

    def test_connecting_says_nothing_in_the_channel(self, there: SlackServer, seat: Seat) -> None:
        self.adapter.connect(seat)
        assert len(there.requests) == 1
        assert there.ledger == []

    def test_an_address_of_another_network_is_not_asked(self, there: SlackServer, seat: Seat) -> None:
        other = replace(seat, settings={}, secrets={"url": "https://hooks.example.com/services/T0/B0/x"})
        with pytest.raises(Disconnected) as told:
            self.adapter.connect(other)
        assert told.value.field == "url"
        assert isinstance(drive(self.adapter, self.message(), other), Paused)
        assert there.requests == []

    def test_people_read_what_was_written_and_nobody_is_called(self, there: SlackServer, seat: Seat) -> None:
        text = (
            "<!channel> *Salt* & copper\n\n_Paint_ <https://example.com|helps>: https://example.com/l/abc12"
        )
        assert drive(self.adapter, message(text), seat) == Sent()
        said = there.ledger[0].what
        assert shown(said) == text
        assert said["text"].startswith("&lt;!channel&gt; *Salt* &amp; copper")
        assert there.called == []

    def test_the_title_is_bold_and_the_address_can_be_pressed(self, there: SlackServer, seat: Seat) -> None:
        told = message("Salt eats copper\n\nSee https://example.com/l/abc12.", title="Salt eats copper")
        drive(self.adapter, told, seat)
        assert there.ledger[0].what["blocks"][0]["elements"][0]["elements"] == [
            {"type": "text", "text": "Salt eats copper", "style": {"bold": True}},
            {"type": "text", "text": "\n\nSee "},
            {"type": "link", "url": "https://example.com/l/abc12"},
            {"type": "text", "text": "."},
        ]

    @pytest.mark.parametrize(
        ("status", "word", "kind"),
        [
            ("400", "invalid_payload", Refused),
            ("400", "invalid_blocks", Refused),
            ("403", "action_prohibited", Paused),
            ("404", "no_service", Paused),
            ("404", "channel_not_found", Paused),
            ("410", "channel_is_archived", Paused),
            ("500", "rollup_error", Later),
            ("500", "server_error", Unsure),
        ],
    )
    def test_every_word_is_an_outcome(
        self, there: SlackServer, seat: Seat, status: str, word: str, kind: type
    ) -> None:
        there.script((status, {}, word.encode()))
        outcome = drive(self.adapter, self.message(), seat)
        assert isinstance(outcome, kind)
        assert word in outcome.reason  # type: ignore[union-attr]

    def test_a_text_at_the_limit_is_sent_and_one_more_is_not_asked(
        self, there: SlackServer, seat: Seat
    ) -> None:
        assert drive(self.adapter, message("盐" * 3000), seat) == Sent()
        assert isinstance(drive(self.adapter, message("盐" * 3001), seat), Refused)
        assert len(there.requests) == 1

    def test_a_page_that_repeats_the_address_does_not_show_it(self, there: SlackServer, seat: Seat) -> None:
        there.script(("404", {}, f"<html>No {PATH} here</html>".encode()))
        assert PATH.rpartition("/")[2] not in repr(drive(self.adapter, self.message(), seat))
